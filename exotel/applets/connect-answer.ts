/**
 * Writes the answer to a Connect applet, version 1.0 or 1.1 from the same input (facts 7.2, 7.5; seed 002 and 003).
 * Every broken rule is reported at once, and so is anything the requested version has no key for: nothing is silently
 * left out.
 */
import type { Account } from '../account';
import { inputError, type Violation } from '../errors';
import type { RawInput, Values } from '../fields/field';
import { MOST_LISTED, splitList } from '../fields/split-list';
import { checkInput, type CheckContext, oneOf } from '../operations/operation';
import { asPayload } from '../payload';
import { isSipAddress } from '../phone';
import { type AppletAnswer, type ConnectVersion, jsonAnswer } from './answer';
import { unknownNames } from './answer-checks';
import { checkAnswer } from './check-answer';
import { connectAnswerFields, onlyInVersion, type ConnectAnswerFields } from './connect-answer-fields';

/** The input of a Connect answer: known names, unchecked values. A destination may be `{ contact }`. */
export type ConnectAnswerInput = RawInput<ConnectAnswerFields>;

type ConnectValues = Values<ConnectAnswerFields>;
type Name = keyof ConnectAnswerFields & string;

function notInVersion(field: string, label: string, version: ConnectVersion): Violation {
	const other = version === '1.0' ? '1.1' : '1.0';
	const only = `${label} only exists in Connect ${other}`;
	const message = `${only}; this request is from Connect ${version}. Leave it empty.`;
	return { field, rule: 'version', message };
}

/** A web address belongs to the own sound and to nothing else. */
function musicOnHold({ values, isFaulty }: CheckContext<Name>): Violation[] {
	const { musicOnHold: music, musicOnHoldUrl: address } = values;
	const field = 'musicOnHoldUrl';
	if (music === 'custom_tone' && address === undefined && !isFaulty(field)) {
		const message =
			'Own sound is missing: "Caller hears" is set to it. Example: https://example.com/please-wait.wav';
		return [{ field, rule: 'required', message }];
	}
	if (music === undefined || music === 'custom_tone' || address === undefined) return [];
	const message = 'Own sound is only used when "Caller hears" is set to it. Choose that, or leave the address empty.';
	return [{ field, rule: 'depends-on', message }];
}

/** Removes what the version has no key for; a violation unless it is the default anyway. */
function dropOtherVersion(values: ConnectValues, version: ConnectVersion): Violation[] {
	const violations: Violation[] = [];
	for (const name of ['playbackTo', 'stateManagement', 'stickyAgent'] as const) {
		const value = values[name];
		if (value === undefined || onlyInVersion[name] === version) continue;
		const { label, default: usual } = connectAnswerFields[name];
		if (value !== usual) violations.push(notInVersion(name, label, version));
		delete values[name];
	}
	return violations;
}

/** SIP addresses have no form in version 1.0. They are looked for in the input, so that other mistakes hide none. */
function sipViolations(destinations: unknown, version: ConnectVersion): Violation[] {
	if (version === '1.1') return [];
	return splitList(destinations).flatMap((contact, index) =>
		typeof contact === 'string' && isSipAddress(contact)
			? [notInVersion(`destinations[${index}]`, `Connect to (value ${index + 1}), a SIP address,`, version)]
			: [],
	);
}

function contactOf(item: unknown): unknown {
	const object = asPayload(item);
	return object === null ? item : object.contact;
}

const versions: readonly string[] = ['1.0', '1.1'];
const checks = [musicOnHold, oneOf<Name>('playbackText', 'playbackUrl')];

/** The keys both versions share, in the order of the samples; undefined ones vanish when written. */
function commonKeys(v: ConnectValues): Record<string, unknown> {
	const { musicOnHold: type, musicOnHoldUrl: value, parallelRinging: activate } = v;
	return {
		max_ringing_duration: v.ringTimeSeconds,
		max_conversation_duration: v.conversationTimeSeconds,
		music_on_hold: type === undefined ? undefined : { type, value },
		parallel_ringing: activate === undefined ? undefined : { activate, max_parallel_attempts: v.parallelAttempts },
	};
}

function playbackOf(v: ConnectValues): { type: string; value: string } | undefined {
	if (v.playbackUrl !== undefined) return { type: 'audio_url', value: v.playbackUrl };
	return v.playbackText === undefined ? undefined : { type: 'text', value: v.playbackText };
}

function write10(v: ConnectValues): Record<string, unknown> {
	const announcement = playbackOf(v);
	return {
		fetch_after_attempt: v.fetchAfterAttempt,
		destination: { numbers: v.destinations },
		outgoing_phone_number: v.outgoingExoPhone,
		record: v.record,
		recording_channels: v.recordingChannels,
		...commonKeys(v),
		dial_passthru_event_url: v.eventUrl,
		start_call_playback: announcement && { playback_to: v.playbackTo ?? 'both', ...announcement },
	};
}

function write11(v: ConnectValues): Record<string, unknown> {
	return {
		fetch_after_attempt: v.fetchAfterAttempt,
		destination: v.destinations.map((contact) => ({ contact_uri: contact })),
		state_management: v.stateManagement,
		outgoing_phone_number: v.outgoingExoPhone,
		sticky_agent: v.stickyAgent,
		recording: v.record === undefined ? undefined : { record: v.record, channels: v.recordingChannels },
		...commonKeys(v),
		call_event_passthru_url: v.eventUrl,
		start_call_playback: playbackOf(v),
	};
}

/**
 * Builds the answer to a Connect applet of the requested version.
 * @throws ExotelError of kind `input` whose `violations` name every field that is wrong or that the version cannot
 * express (rule `version`); nothing is built then.
 */
export function connectAnswer(
	version: ConnectVersion,
	input: ConnectAnswerInput,
	account: Pick<Account, 'defaultCountry'>,
): AppletAnswer {
	if (!versions.includes(version)) {
		const message = `There is no version "${version}" of Connect; there are ${versions.join(' and ')}.`;
		throw inputError([{ field: 'version', rule: 'choice', message }]);
	}
	const written = asPayload(input) ?? {};
	const { destinations } = written;
	// One more than a list may have is enough to refuse it.
	const contacts = Array.isArray(destinations) ? destinations.slice(0, MOST_LISTED + 1).map(contactOf) : destinations;
	const given = { ...written, destinations: contacts };
	const rules = { defaultCountry: account.defaultCountry, timeZone: 'UTC' };
	const { values, violations } = checkInput(connectAnswerFields, given, { rules, checks });
	violations.push(
		...unknownNames('Connect', connectAnswerFields, given),
		...dropOtherVersion(values, version),
		...sipViolations(contacts, version),
	);
	if (violations.length > 0) throw inputError(violations);
	// Without an announcement it has no effect; forms hand it over all the same.
	if (playbackOf(values) === undefined) delete values.playbackTo;
	const answer = version === '1.0' ? write10(values) : write11(values);
	// The schema has the last word: what it refuses would make Exotel drop the answer and the caller with it.
	const refused = checkAnswer(version, answer);
	if (refused.length > 0) throw inputError(refused);
	return jsonAnswer(answer);
}

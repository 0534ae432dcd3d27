/**
 * Writes the answer to a Connect question, version 1.0 or 1.1 from the same input (facts 7.2, 7.5; seed 002 and 003).
 * Every broken rule is reported at once, and so is anything the asked version has no words for: nothing is silently
 * left out.
 */
import { inputError, type Violation } from '../errors';
import { connectAnswerFields } from '../fields/connect-answer';
import type { FieldDescription } from '../fields/description';
import { readFields } from '../fields/reading';
import { parsePhone } from '../phone';
import { type AppletAnswer, type ConnectVersion, jsonAnswer } from './answer';
import { checkAnswer } from './check-answer';

/** What to tell a Connect applet. Times in seconds; numbers in any form of `parsePhone`. */
export interface ConnectAnswerInput {
	/** Whom to ring, in this order; empty rings nobody. Texts may hold several, separated by commas. */
	destinations: (string | { contact: string })[];
	outgoingExoPhone?: string;
	record?: boolean;
	recordingChannels?: 'single' | 'dual';
	/** 1 to 60. */
	ringTimeSeconds?: number;
	/** 1 to 4500. */
	conversationTimeSeconds?: number;
	/** `url` for `custom_tone` and for nothing else. */
	musicOnHold?: { type: 'default_tone' | 'operator_tone' | 'custom_tone'; url?: string };
	parallelRinging?: boolean;
	/** 1 to 10, with `parallelRinging`. */
	parallelAttempts?: number;
	fetchAfterAttempt?: boolean;
	/** `to` only exists in version 1.0. */
	playback?: { to?: 'both' | 'callee'; kind: 'audio' | 'text'; value: string };
	eventUrl?: string;
	/** Version 1.1 only. */
	stateManagement?: boolean;
	/** Version 1.1 only. */
	stickyAgent?: boolean;
}

type Values = Record<string, unknown>;

const MOST_DESTINATIONS = 100;
const WEB_ADDRESS = /^https?:\/\/[^\s]+$/i;
const GROUPS: readonly string[] = ['musicOnHold', 'playback'];
/** What only one version has words for (seed 002, seed 003). */
const ONLY_IN: Readonly<Record<string, ConnectVersion>> = {
	'playback.to': '1.0',
	stateManagement: '1.1',
	stickyAgent: '1.1',
};
/** Destinations are read one by one, so that a violation names the one that is wrong. */
const plainFields: FieldDescription[] = connectAnswerFields.filter((field) => field.name !== 'destinations');
const knownNames: readonly string[] = connectAnswerFields.map((field) => field.name);

function isGroup(value: unknown): value is Values {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

function notInVersion(field: string, label: string, version: ConnectVersion): Violation {
	const other = version === '1.0' ? '1.1' : '1.0';
	return {
		field,
		rule: 'version',
		message: `${label}: a Connect ${version} answer has no words for this, only ${other} has. Leave it blank.`,
	};
}

/** The input with its groups flattened to the names of the field descriptions, e.g. `musicOnHold.type`. */
function flatten(input: Values, violations: Violation[]): Values {
	// Without a prototype, so that no field name can reach one.
	const flat = Object.create(null) as Values;
	for (const [name, value] of Object.entries(input)) {
		if (isAbsent(value)) continue;
		if (!GROUPS.includes(name)) flat[name] = value;
		else if (isGroup(value)) for (const [inner, part] of Object.entries(value)) flat[`${name}.${inner}`] = part;
		else
			violations.push({
				field: name,
				rule: 'object',
				message: `${name} must be an object with fields of its own, not a single value.`,
			});
	}
	for (const [name, value] of Object.entries(flat)) {
		if (knownNames.includes(name) || isAbsent(value)) continue;
		violations.push({
			field: name,
			rule: 'unknown',
			message: `A Connect answer has no field “${name}”. Its fields are: ${knownNames.join(', ')}.`,
		});
	}
	return flat;
}

/** Rules that the field descriptions cannot say, because they look at two fields. */
function pairViolations(values: Values, flat: Values): Violation[] {
	const violations: Violation[] = [];
	const music = values['musicOnHold.type'];
	const musicUrl = values['musicOnHold.url'];
	if (music === 'custom_tone' && isAbsent(flat['musicOnHold.url'])) {
		violations.push({
			field: 'musicOnHold.url',
			rule: 'required',
			message: 'Your own sound for the waiting caller needs its web address.',
		});
	}
	if (music !== undefined && music !== 'custom_tone' && musicUrl !== undefined) {
		violations.push({
			field: 'musicOnHold.url',
			rule: 'only-with',
			message:
				'A web address for the waiting caller’s sound is only used with custom_tone. Choose that, or ' +
				'leave the address blank.',
		});
	}
	const { 'playback.kind': kind, 'playback.value': value } = values;
	if (value !== undefined && isAbsent(flat['playback.kind'])) {
		violations.push({
			field: 'playback.kind',
			rule: 'required',
			message: 'Say whether the opening announcement is a sound file (audio) or a text.',
		});
	}
	if (kind === 'audio' && value !== undefined && !WEB_ADDRESS.test(String(value))) {
		violations.push({
			field: 'playback.value',
			rule: 'url',
			message:
				'The opening announcement’s sound file must be a web address that starts with http:// or https://.',
		});
	}
	return violations;
}

/**
 * Reads everything but the destinations. What the version has no words for is a violation, unless it is the default
 * anyway.
 */
function readPlain(flat: Values, version: ConnectVersion, country: string, violations: Violation[]): Values {
	const reading = readFields(plainFields, flat, { defaultCountry: country, timeZone: 'UTC' });
	const { values } = reading;
	violations.push(...reading.violations, ...pairViolations(values, flat));
	for (const field of plainFields) {
		const only = ONLY_IN[field.name];
		if (only === undefined || only === version || values[field.name] === undefined) continue;
		if (values[field.name] !== field.default) violations.push(notInVersion(field.name, field.label, version));
		delete values[field.name];
	}
	return values;
}

/** The items as written: a text may hold several, separated by commas or lines. */
function destinationItems(written: unknown): unknown[] | null {
	if (typeof written === 'string') return written.split(/[,\n]/).filter((part) => part.trim() !== '');
	if (typeof written === 'number') return [written];
	return Array.isArray(written) ? written : null;
}

function readDestinations(
	written: unknown,
	version: ConnectVersion,
	country: string,
	violations: Violation[],
): string[] {
	const items = destinationItems(written);
	if (items === null) {
		const rule = isAbsent(written) ? 'required' : 'list';
		violations.push({
			field: 'destinations',
			rule,
			message:
				'Destinations must be a list of phone numbers, for example +919876543210. An empty list rings nobody.',
		});
		return [];
	}
	if (items.length > MOST_DESTINATIONS) {
		violations.push({
			field: 'destinations',
			rule: 'max-items',
			message: `Destinations takes at most ${MOST_DESTINATIONS} values; you gave ${items.length}.`,
		});
		return [];
	}
	const destinations: string[] = [];
	items.forEach((item, index) => {
		const field = `destinations[${index}]`;
		const phone = parsePhone(isGroup(item) ? item['contact'] : item, country);
		if (phone.kind === 'number') destinations.push(phone.e164);
		else if (phone.kind === 'sip' && version === '1.1') destinations.push(phone.uri);
		else if (phone.kind === 'sip')
			violations.push(notInVersion(field, `Destination ${index + 1} (a SIP address)`, version));
		else if (phone.kind === 'nothing')
			violations.push({ field, rule: 'required', message: `Destination ${index + 1} is blank.` });
		else
			violations.push({
				field,
				rule: 'phone',
				message:
					`Destination ${index + 1} is not a phone number. Write it with country code, for example ` +
					'+919876543210.',
			});
	});
	return destinations;
}

function musicOf(values: Values): Values | undefined {
	const type = values['musicOnHold.type'];
	return type === undefined ? undefined : { type, value: values['musicOnHold.url'] };
}

function playbackOf(values: Values): Values | undefined {
	const value = values['playback.value'];
	return value === undefined
		? undefined
		: { type: values['playback.kind'] === 'audio' ? 'audio_url' : 'text', value };
}

/** The keys both versions share, in the order of the samples; undefined ones vanish when written. */
function commonKeys(values: Values): Values {
	return {
		max_ringing_duration: values['ringTimeSeconds'],
		max_conversation_duration: values['conversationTimeSeconds'],
		music_on_hold: musicOf(values),
		parallel_ringing:
			values['parallelRinging'] === undefined
				? undefined
				: { activate: values['parallelRinging'], max_parallel_attempts: values['parallelAttempts'] },
	};
}

function write10(destinations: string[], values: Values): Values {
	const playback = playbackOf(values);
	return {
		fetch_after_attempt: values['fetchAfterAttempt'],
		destination: { numbers: destinations },
		outgoing_phone_number: values['outgoingExoPhone'],
		record: values['record'],
		recording_channels: values['recordingChannels'],
		...commonKeys(values),
		dial_passthru_event_url: values['eventUrl'],
		start_call_playback: playback && { playback_to: values['playback.to'] ?? 'both', ...playback },
	};
}

function write11(destinations: string[], values: Values): Values {
	return {
		fetch_after_attempt: values['fetchAfterAttempt'],
		destination: destinations.map((contact) => ({ contact_uri: contact })),
		state_management: values['stateManagement'],
		outgoing_phone_number: values['outgoingExoPhone'],
		sticky_agent: values['stickyAgent'],
		recording:
			values['record'] === undefined
				? undefined
				: { record: values['record'], channels: values['recordingChannels'] },
		...commonKeys(values),
		call_event_passthru_url: values['eventUrl'],
		start_call_playback: playbackOf(values),
	};
}

/**
 * Builds the answer to a Connect question of the asked version. Throws `ExotelError` of kind `input` whose `violations`
 * name every field that is wrong or that the version cannot express (rule `version`); nothing is built then.
 */
export function connectAnswer(
	version: ConnectVersion,
	input: ConnectAnswerInput,
	account: { defaultCountry: string },
): AppletAnswer {
	const violations: Violation[] = [];
	if (version !== '1.0' && version !== '1.1') {
		throw inputError([
			{ field: 'version', rule: 'choice', message: 'The version of a Connect answer is 1.0 or 1.1.' },
		]);
	}
	const country = account.defaultCountry;
	const flat = flatten(isGroup(input) ? { ...input } : {}, violations);
	const destinations = readDestinations(flat['destinations'], version, country, violations);
	const values = readPlain(flat, version, country, violations);
	if (violations.length > 0) throw inputError(violations);
	const answer = jsonAnswer((version === '1.0' ? write10 : write11)(destinations, values));
	// The schema has the last word: what it refuses would make Exotel drop the answer and the caller with it.
	const refused = checkAnswer(version, answer.body);
	if (refused.length > 0) throw inputError(refused);
	return answer;
}

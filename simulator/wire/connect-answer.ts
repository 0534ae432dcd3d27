/**
 * Would Exotel accept this answer to a Connect request? Status, content type, mandatory and optional fields as seeds
 * 002 (version 1.0) and 003 (version 1.1) describe them – and what such an answer makes happen.
 */
import { AnswerFields, MAX_TEXT_LENGTH } from './answer-fields';
import { isDiallable } from '../model/phone-numbers';
import { isObject } from '../model/json';
import { jsonAnswer, type RawAnswer } from './json-answer';
import type { ConnectPlan } from '../model/connect-plan';

/** Reasons that name single entries of a list. */
const MAX_REASONS = 50;

/** The judgement of an answer. */
export interface CheckedAnswer {
	/** Null = Exotel would refuse the answer. */
	plan: ConnectPlan | null;
	/** Why it would refuse, one line each. */
	reasons: string[];
	/** Accepted, but not as meant. */
	notes: string[];
}

/**
 * Checks an answer against the rules of a version; collects every reason, not only the first.
 * @param lenient rings national numbers as well, although the documents want E.164
 */
export function checkConnectAnswer(version: '1.0' | '1.1', answer: RawAnswer, lenient = false): CheckedAnswer {
	const { body, reasons } = jsonAnswer(answer);
	if (!body) return { plan: null, reasons, notes: [] };
	const fields = new AnswerFields(body, '', reasons);
	const plan = version === '1.0' ? readVersion10(fields, lenient) : readVersion11(fields, lenient);
	return { plan: reasons.length > 0 ? null : plan, reasons, notes: fields.notes };
}

function readVersion10(fields: AnswerFields, lenient: boolean): ConnectPlan {
	const destination = fields.value('destination');
	const numbers = isObject(destination) ? destination.numbers : undefined;
	if (!Array.isArray(numbers))
		fields.reasons.push('destination.numbers is mandatory and must be an array of phone numbers');
	const playback = fields.block('start_call_playback');
	return {
		...readCommon(fields),
		rings: fields.dialled(Array.isArray(numbers) ? numbers : [], { version: '1.0', lenient }),
		record: fields.flag('record'),
		recordingChannels: fields.choice('recording_channels', ['single', 'dual'], 'single'),
		playback: playback && readPlayback(playback, playback.choice('playback_to', ['both', 'callee'], 'callee')),
		eventUrl: fields.url('dial_passthru_event_url'),
		stateManagement: false,
		stickyAgent: false,
	};
}

function readVersion11(fields: AnswerFields, lenient: boolean): ConnectPlan {
	const destination = fields.value('destination');
	if (!Array.isArray(destination))
		fields.reasons.push('destination is mandatory and must be an array of { "contact_uri": "…" }');
	const entries: unknown[] = Array.isArray(destination) ? destination : [];
	const recording = fields.block('recording') ?? new AnswerFields({});
	const playback = fields.block('start_call_playback');
	const rings = fields.dialled(contactsOf(entries, fields.reasons), { version: '1.1', lenient });
	return {
		...readCommon(fields),
		rings,
		record: recording.flag('record'),
		recordingChannels: recording.choice('channels', ['single', 'dual'], 'single'),
		playback: playback && readPlayback(playback, 'callee'),
		eventUrl: fields.url('call_event_passthru_url'),
		stickyAgent: fields.flag('sticky_agent'),
		// a SIP address makes state management unconditional (seed 003)
		stateManagement: fields.flag('state_management') || rings.some((contact) => /^sip/i.test(contact)),
	};
}

/** "Array of JSON block" (seed 003): an entry of another type, or without contact_uri, makes the answer unusable. */
function contactsOf(entries: unknown[], reasons: string[]): string[] {
	return entries.flatMap((entry, index) => {
		const contact = isObject(entry) ? entry.contact_uri : undefined;
		if (typeof contact === 'string') return [contact];
		// one reason is enough for a long list of the same mistake
		if (reasons.length < MAX_REASONS) reasons.push(`destination[${index}] must be { "contact_uri": "…" }`);
		return [];
	});
}

type CommonFields = Pick<
	ConnectPlan,
	'fetchAfterAttempt' | 'ringSeconds' | 'conversationSeconds' | 'atOnce' | 'musicOnHold' | 'outgoingNumber'
>;

function readCommon(fields: AnswerFields): CommonFields {
	const musicOnHold = readMusic(fields.block('music_on_hold'));
	const outgoingNumber = readOutgoingNumber(fields);
	return {
		fetchAfterAttempt: fields.flag('fetch_after_attempt'),
		ringSeconds: fields.whole('max_ringing_duration', { fallback: 30, max: 60 }),
		conversationSeconds: fields.whole('max_conversation_duration', { fallback: 900, max: 4500 }),
		atOnce: readParallel(fields.block('parallel_ringing')),
		musicOnHold,
		outgoingNumber,
	};
}

function readParallel(parallel: AnswerFields | null): number {
	if (!parallel?.flag('activate')) return 1;
	return parallel.whole('max_parallel_attempts', { fallback: 5, max: 10 });
}

function readMusic(music: AnswerFields | null): ConnectPlan['musicOnHold'] {
	if (!music) return { type: 'default_tone', value: null };
	const type = music.choice('type', ['default_tone', 'operator_tone', 'custom_tone'], 'default_tone');
	if (type !== 'custom_tone') return { type, value: null };
	if (!music.value('value')) music.reasons.push('music_on_hold.value is needed for custom_tone');
	return { type, value: music.url('value') };
}

function readOutgoingNumber(fields: AnswerFields): string | null {
	const outgoing = fields.value('outgoing_phone_number');
	if (outgoing === undefined) return null;
	if (typeof outgoing === 'string' && isDiallable(outgoing)) return outgoing;
	fields.notes.push('outgoing_phone_number is not a phone number; the incoming ExoPhone is used');
	return null;
}

function readPlayback(playback: AnswerFields, to: 'both' | 'callee'): ConnectPlan['playback'] {
	const type = playback.choice('type', ['audio_url', 'text'], 'text');
	if (playback.value('type') === undefined)
		playback.reasons.push('start_call_playback.type is needed: audio_url or text');
	const value = playback.value('value');
	if (typeof value !== 'string' || value === '') playback.reasons.push('start_call_playback.value is needed');
	else if (type === 'audio_url') playback.url('value');
	return { to, type, value: typeof value === 'string' ? playback.cut('value', value, MAX_TEXT_LENGTH) : '' };
}

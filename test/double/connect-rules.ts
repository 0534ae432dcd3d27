/** What Exotel makes of the JSON a Connect applet gets: seeds 002 (1.0) and 003 (1.1), "Response", "Explanation". */
import { ownedExoPhone, type Account } from './account';
import { isE164, sameNumber } from './numbers';

type Json = Record<string, unknown>;

/** What follows from one answer. */
export interface Verdict {
	/** Numbers or SIP addresses Exotel dials, in order. */
	dialled: string[];
	/** Why a number, or all, are not dialled. */
	reasons: string[];
	/** Whether the answer breaks a rule that sends Exotel to the fallback address. */
	invalid: boolean;
	/** ExoPhone used for dialling, E.164; null for that of the incoming call. */
	callerId: string | null;
	/** Audio that has to answer 200. */
	audio: string[];
	/** Whether Exotel asks again after each failed attempt. */
	fetchAfterAttempt: boolean;
}

/**
 * Judges a parsed body. That a wrong type or a number over its limit makes the whole payload invalid is our reading
 * of "Primary URL returns invalid response"; the documents name only the mandatory parameters and the audio. Unknown
 * keys are ignored.
 */
export function judge(account: Account, version: '1.0' | '1.1', value: unknown): Verdict {
	const verdict: Verdict = {
		dialled: [],
		reasons: [],
		invalid: false,
		callerId: null,
		audio: [],
		fetchAfterAttempt: false,
	};
	const broken = (reason: string): void => {
		verdict.reasons.push(reason);
		verdict.invalid = true;
	};
	const answer = object(value);
	if (answer === null) {
		broken('the body is no JSON object');
		return verdict;
	}
	if (answer.destination === undefined) broken('destination is mandatory');
	else if (version === '1.0') numbers(answer.destination, verdict, broken);
	else contacts(account, answer.destination, verdict, broken);
	for (const rule of version === '1.0' ? rules10 : rules11) {
		const reason = rule(answer);
		if (reason !== null) broken(reason);
	}
	verdict.fetchAfterAttempt = answer.fetch_after_attempt === true;
	verdict.audio = [answer.music_on_hold, answer.start_call_playback]
		.map(object)
		.filter((one) => one?.type === 'custom_tone' || one?.type === 'audio_url')
		.map((one) => String(one?.value));
	// "If ExoPhone is not present in your account … dial-ed out using the same ExoPhone as the first leg."
	if (typeof answer.outgoing_phone_number === 'string')
		verdict.callerId = ownedExoPhone(account, answer.outgoing_phone_number);
	if (verdict.invalid) verdict.dialled = [];
	return verdict;
}

/** 1.0: "An array of numbers to be dialed out in E.164 format." */
function numbers(destination: unknown, verdict: Verdict, broken: (reason: string) => void): void {
	const list = object(destination)?.numbers;
	if (!Array.isArray(list)) return broken('destination.numbers must be an array');
	// An empty destination is no reason for the fallback: it is listed under "We didn't dial anyone".
	if (list.length === 0) verdict.reasons.push('the destination is empty');
	for (const number of list as unknown[]) {
		if (typeof number === 'string' && isE164(number)) verdict.dialled.push(number);
		else verdict.reasons.push(`${JSON.stringify(number)} is no number in E.164`);
	}
}

/** 1.1: "Array of JSON block", each a contact_uri with a number or a SIP address; unfit agents are not dialled. */
function contacts(account: Account, destination: unknown, verdict: Verdict, broken: (reason: string) => void): void {
	if (!Array.isArray(destination)) return broken('destination must be an array');
	if (destination.length === 0) verdict.reasons.push('the destination is empty');
	for (const item of destination as unknown[]) {
		const uri = object(item)?.contact_uri;
		const sip = typeof uri === 'string' && /^sip:[^\s@]+/.test(uri);
		if (typeof uri !== 'string' || !(sip || isE164(uri))) {
			verdict.reasons.push(`${JSON.stringify(item)} has no contact_uri in E.164 or sip:`);
			continue;
		}
		const agent = account.agents.find((one) => sameNumber(one.contactUri, uri));
		if (agent === undefined || agent.device === 'free') verdict.dialled.push(uri);
		else verdict.reasons.push(`${uri} belongs to an agent whose device is ${agent.device}`);
	}
}

type Rule = (answer: Json) => string | null;

const flag =
	(name: string): Rule =>
	(answer) =>
		answer[name] === undefined || typeof answer[name] === 'boolean' ? null : `${name} must be true or false`;

const within =
	(name: string, most: number): Rule =>
	(answer) =>
		answer[name] === undefined || isWhole(answer[name], 1, most)
			? null
			: `${name} must be from 1 to ${most} seconds`;

const one =
	(name: string, words: readonly string[], read: (answer: Json) => unknown = (answer) => answer[name]): Rule =>
	(answer) => {
		const value = read(answer);
		return value === undefined || words.includes(String(value)) ? null : `${name} must be ${words.join(' or ')}`;
	};

/** "custom_tone: Audio URL as provided in the response." */
const music: Rule = (answer) => {
	if (answer.music_on_hold === undefined) return null;
	const block = object(answer.music_on_hold);
	if (block === null || !['default_tone', 'operator_tone', 'custom_tone'].includes(String(block.type)))
		return 'music_on_hold has no known type';
	return block.type === 'custom_tone' && !isUrl(block.value) ? 'music_on_hold needs an http address as value' : null;
};

/** "max_parallel_attempts value can be between 1-10. Default: 5" (seed 002; seed 003 prints 10 in an example). */
const parallel: Rule = (answer) => {
	if (answer.parallel_ringing === undefined) return null;
	const block = object(answer.parallel_ringing);
	if (typeof block?.activate !== 'boolean') return 'parallel_ringing.activate must be true or false';
	const most = block.max_parallel_attempts;
	return most === undefined || isWhole(most, 1, 10) ? null : 'max_parallel_attempts must be from 1 to 10';
};

/** "audio_url / text should be HTTP/HTTPS": that can only be meant of the audio. */
const playback =
	(withParty: boolean): Rule =>
	(answer) => {
		if (answer.start_call_playback === undefined) return null;
		const block = object(answer.start_call_playback);
		if (block === null || !['audio_url', 'text'].includes(String(block.type)))
			return 'start_call_playback has no known type';
		if (withParty && !['both', 'callee'].includes(String(block.playback_to)))
			return 'playback_to must be both or callee';
		if (typeof block.value !== 'string' || block.value === '') return 'start_call_playback has no value';
		return block.type === 'audio_url' && !isUrl(block.value)
			? 'start_call_playback needs an http address as value'
			: null;
	};

const address =
	(name: string): Rule =>
	(answer) =>
		answer[name] === undefined || isUrl(answer[name]) ? null : `${name} must be an http address`;

const both: Rule[] = [
	flag('fetch_after_attempt'),
	within('max_ringing_duration', 60),
	within('max_conversation_duration', 4500),
	music,
	parallel,
	(answer) =>
		answer.outgoing_phone_number === undefined || typeof answer.outgoing_phone_number === 'string'
			? null
			: 'outgoing_phone_number must be a text',
];

const rules10: Rule[] = [
	...both,
	flag('record'),
	one('recording_channels', ['single', 'dual']),
	playback(true),
	address('dial_passthru_event_url'),
];

const rules11: Rule[] = [
	...both,
	flag('state_management'),
	flag('sticky_agent'),
	playback(false),
	address('call_event_passthru_url'),
	(answer) =>
		answer.recording === undefined || object(answer.recording) !== null ? null : 'recording must be a block',
	(answer) => flag('record')(object(answer.recording) ?? {}),
	// The values were lost from seed 003: (facts, not documented); `single` is in its sample.
	one('recording.channels', ['single', 'dual'], (answer) => object(answer.recording)?.channels),
];

function isWhole(value: unknown, least: number, most: number): boolean {
	return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function isUrl(value: unknown): boolean {
	return typeof value === 'string' && /^https?:\/\/[^\s/]+/.test(value);
}

function object(value: unknown): Json | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

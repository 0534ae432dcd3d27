/**
 * Would Exotel accept this answer to a Connect question? Status, content type, mandatory and optional fields as seeds
 * 002 (version 1.0) and 003 (version 1.1) describe them – and what such an answer makes the exchange do.
 */
import { isDiallable } from '../model/phone-numbers';

/** What a Connect answer asks for, with the documented defaults filled in. */
export interface ConnectPlan {
	/** who is rung, in order; numbers that cannot be dialled are left out */
	rings: string[];
	fetchAfterAttempt: boolean;
	record: boolean;
	recordingChannels: 'single' | 'dual';
	ringSeconds: number;
	conversationSeconds: number;
	/** how many are rung at the same time; 1 = one after the other */
	atOnce: number;
	musicOnHold: { type: string; value: string | null };
	playback: { to: 'both' | 'callee'; type: 'audio_url' | 'text'; value: string } | null;
	outgoingNumber: string | null;
	/** `dial_passthru_event_url` (1.0) or `call_event_passthru_url` (1.1) */
	eventUrl: string | null;
	stateManagement: boolean;
}

/** What is to be thought of an answer. */
export interface CheckedAnswer {
	/** null = Exotel would refuse the answer */
	plan: ConnectPlan | null;
	/** why it would refuse, one line each */
	reasons: string[];
	/** accepted, but not as meant */
	notes: string[];
}

/** An answer as it came over the wire; `status` null = none came. */
export interface RawAnswer {
	status: number | null;
	contentType: string | null;
	body: string;
	error: string | null;
}

/** Checks an answer against the rules of a version; collects every reason, not only the first. */
export function checkConnectAnswer(version: '1.0' | '1.1', answer: RawAnswer): CheckedAnswer {
	const reasons: string[] = [];
	if (answer.status === null)
		return { plan: null, reasons: [`no answer: ${answer.error ?? 'unknown reason'}`], notes: [] };
	if (answer.status !== 200) reasons.push(`the status is ${answer.status}; it must be 200`);
	if (!/^application\/json\s*(;|$)/i.test(answer.contentType ?? ''))
		reasons.push(`the Content-Type is ${answer.contentType ?? 'missing'}; it must be application/json`);
	let body: unknown = null;
	try {
		body = JSON.parse(answer.body);
	} catch (error) {
		reasons.push(`the body is not valid JSON: ${(error as Error).message.slice(0, 160)}`);
	}
	if (body !== null && !isObject(body)) reasons.push('the body must be a JSON object');
	if (!isObject(body)) return { plan: null, reasons, notes: [] };
	const reader = new AnswerReader(body);
	const plan = version === '1.0' ? readVersion10(reader) : readVersion11(reader);
	reasons.push(...reader.reasons);
	return { plan: reasons.length > 0 ? null : plan, reasons, notes: reader.notes };
}

/** Texts and addresses are remembered with their call; longer ones are cut or refused. */
const LONGEST_TEXT = 4096;

/** Notes about one answer; a list of nonsense does not fill the page. */
const NOTE_LIMIT = 50;

/** Reads typed fields of the answer and collects what is wrong with them. */
class AnswerReader {
	readonly reasons: string[] = [];
	readonly notes: string[] = [];

	constructor(readonly body: Record<string, unknown>) {}

	flag(name: string, from: Record<string, unknown> = this.body, where = name): boolean {
		const value = from[name];
		if (value !== undefined && value !== null && typeof value !== 'boolean')
			this.reasons.push(`${where} must be true or false`);
		return value === true;
	}

	whole(
		name: string,
		otherwise: number,
		most: number,
		from: Record<string, unknown> = this.body,
		where = name,
	): number {
		const value = from[name];
		if (value === undefined || value === null) return otherwise;
		if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
			this.reasons.push(`${where} must be a whole number from 1 to ${most}`);
			return otherwise;
		}
		if (value > most) this.notes.push(`${where} is ${value}; at most ${most} is possible, so ${most} is used`);
		return Math.min(value, most);
	}

	choice<T extends string>(value: unknown, where: string, values: readonly T[], otherwise: T): T {
		if (value === undefined || value === null) return otherwise;
		if (!values.includes(value as T)) {
			this.reasons.push(`${where} must be ${values.join(' or ')}`);
			return otherwise;
		}
		return value as T;
	}

	url(value: unknown, where: string): string | null {
		if (value === undefined || value === null || value === '') return null;
		if (
			typeof value !== 'string' ||
			value.length > LONGEST_TEXT ||
			!/^https?:\/\//i.test(value) ||
			!URL.canParse(value)
		) {
			this.reasons.push(`${where} must be an http or https URL`);
			return null;
		}
		return value;
	}

	block(name: string): Record<string, unknown> | null {
		const value = this.body[name];
		if (value === undefined || value === null) return null;
		if (!isObject(value)) {
			this.reasons.push(`${name} must be an object`);
			return null;
		}
		return value;
	}

	/** version 1.0 knows phone numbers only, 1.1 SIP addresses too (seeds 002, 003) */
	dialled(numbers: unknown[], version: '1.0' | '1.1'): string[] {
		return numbers.filter((number): number is string => {
			const sip = typeof number === 'string' && /^sips?:/i.test(number);
			if (typeof number === 'string' && isDiallable(number) && !(sip && version === '1.0')) return true;
			const shown = typeof number === 'object' ? 'an entry' : JSON.stringify(number)?.slice(0, 60);
			if (this.notes.length < NOTE_LIMIT)
				this.notes.push(
					sip && version === '1.0'
						? `${shown} is a SIP address, which version 1.0 does not ring`
						: `${shown} is not a number in E.164 format and is not rung`,
				);
			return false;
		});
	}
}

function readVersion10(reader: AnswerReader): ConnectPlan {
	const { body } = reader;
	const destination = isObject(body.destination) ? body.destination.numbers : undefined;
	if (!Array.isArray(destination))
		reader.reasons.push('destination.numbers is mandatory and must be an array of phone numbers');
	const playback = reader.block('start_call_playback');
	return {
		...common(reader),
		rings: reader.dialled(Array.isArray(destination) ? destination : [], '1.0'),
		record: reader.flag('record'),
		recordingChannels: reader.choice(
			body.recording_channels,
			'recording_channels',
			['single', 'dual'] as const,
			'single',
		),
		playback:
			playback &&
			readPlayback(
				reader,
				playback,
				reader.choice(
					playback.playback_to,
					'start_call_playback.playback_to',
					['both', 'callee'] as const,
					'callee',
				),
			),
		eventUrl: reader.url(body.dial_passthru_event_url, 'dial_passthru_event_url'),
		stateManagement: false,
	};
}

function readVersion11(reader: AnswerReader): ConnectPlan {
	const { body } = reader;
	const destination = body.destination;
	if (!Array.isArray(destination))
		reader.reasons.push('destination is mandatory and must be an array of { "contact_uri": "…" }');
	const contacts = (Array.isArray(destination) ? destination : []).map((entry: unknown) =>
		isObject(entry) ? entry.contact_uri : entry,
	);
	const recording = reader.block('recording') ?? {};
	const playback = reader.block('start_call_playback');
	reader.flag('sticky_agent');
	const rings = reader.dialled(contacts, '1.1');
	return {
		...common(reader),
		rings,
		record: reader.flag('record', recording, 'recording.record'),
		recordingChannels: reader.choice(
			recording.channels,
			'recording.channels',
			['single', 'dual'] as const,
			'single',
		),
		playback: playback && readPlayback(reader, playback, 'callee'),
		eventUrl: reader.url(body.call_event_passthru_url, 'call_event_passthru_url'),
		// a SIP address makes state management unconditional (seed 003)
		stateManagement: reader.flag('state_management') || rings.some((contact) => /^sip/i.test(contact)),
	};
}

type CommonFields = Pick<
	ConnectPlan,
	'fetchAfterAttempt' | 'ringSeconds' | 'conversationSeconds' | 'atOnce' | 'musicOnHold' | 'outgoingNumber'
>;

function common(reader: AnswerReader): CommonFields {
	const { body } = reader;
	const parallel = reader.block('parallel_ringing');
	const music = reader.block('music_on_hold') ?? {};
	const type = reader.choice(
		music.type,
		'music_on_hold.type',
		['default_tone', 'operator_tone', 'custom_tone'] as const,
		'default_tone',
	);
	const value = type === 'custom_tone' ? reader.url(music.value, 'music_on_hold.value') : null;
	if (type === 'custom_tone' && value === null && !music.value)
		reader.reasons.push('music_on_hold.value is needed for custom_tone');
	const outgoing = body.outgoing_phone_number;
	if (outgoing !== undefined && outgoing !== null && (typeof outgoing !== 'string' || !isDiallable(outgoing)))
		reader.notes.push('outgoing_phone_number is not a phone number; the incoming ExoPhone is used');
	return {
		fetchAfterAttempt: reader.flag('fetch_after_attempt'),
		ringSeconds: reader.whole('max_ringing_duration', 30, 60),
		conversationSeconds: reader.whole('max_conversation_duration', 900, 4500),
		atOnce:
			parallel && reader.flag('activate', parallel, 'parallel_ringing.activate')
				? reader.whole('max_parallel_attempts', 5, 10, parallel, 'parallel_ringing.max_parallel_attempts')
				: 1,
		musicOnHold: { type, value },
		outgoingNumber: typeof outgoing === 'string' && isDiallable(outgoing) ? outgoing : null,
	};
}

function readPlayback(
	reader: AnswerReader,
	playback: Record<string, unknown>,
	to: 'both' | 'callee',
): ConnectPlan['playback'] {
	const type = reader.choice(playback.type, 'start_call_playback.type', ['audio_url', 'text'] as const, 'text');
	if (playback.type === undefined) reader.reasons.push('start_call_playback.type is needed: audio_url or text');
	if (typeof playback.value !== 'string' || playback.value === '')
		reader.reasons.push('start_call_playback.value is needed');
	else if (type === 'audio_url') reader.url(playback.value, 'start_call_playback.value');
	return { to, type, value: typeof playback.value === 'string' ? playback.value.slice(0, LONGEST_TEXT) : '' };
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

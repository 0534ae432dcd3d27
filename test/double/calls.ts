/** The calls of the double: what a test writes down for one, and what follows from it second by second. */
import { randomBytes } from 'node:crypto';
import type { Pair } from './form';
import type { Reply } from './http';

/** What a callback tells of. */
export type CallbackEvent = 'ringing' | 'answered' | 'terminal';

/** How a leg ended. Seed 001, "call_status" of a leg; `canceled` is in seed 002, "DialCallStatus". */
export type LegStatus = 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';

/** What happens to one leg. */
export interface LegScript {
	/** Null: the leg is never dialled. */
	status: LegStatus | null;
	/** Seconds it rings; 4 for the first leg and 3 for the second unless said otherwise (seed 000, "RingingDuration"). */
	ring?: number;
}

/** How a call ends. */
export interface TerminalScript {
	/** The status of the call; follows from the legs unless said. */
	status?: string;
	/** Seconds both were talking; 10 unless said, 0 when somebody did not answer. */
	conversation?: number;
	/** Whether a recording exists; unless said, when it was asked for and somebody talked. */
	recording?: boolean;
	/** v2: how many recordings there are; 1 unless said. Seed 001: "all recordings associated with the call". */
	recordings?: number;
	/** As Exotel prints it, a text such as `1.500`; no unit is documented but the account's currency. */
	price?: string;
	/** How often a finished call is read without EndTime, Duration and Price (seed 004: "updated asynchronously"). */
	lateReads?: number;
}

/** How the POST that makes the call is answered. */
export type AnswerScript = 'normal' | 'reset-before-write' | 'reset-after-write' | 'timeout' | 'html' | Reply;

/** What a test wants of the next call. Everything has a default: both answer and talk for 10 s. */
export interface CallScript {
	/** Only for a call to this number, as it is sent; for a flow the number that is called. Any call unless said. */
	for?: string;
	legs?: LegScript[];
	terminal?: TerminalScript;
	answer?: AnswerScript;
	/**
	 * Whether the phones ring. By default they do unless the answer is a reset before the write, the HTML page or a status
	 * of 400 and more.
	 */
	dialled?: boolean;
	/** Reports sent, one after the other, before the POST is answered; those nobody asked for are left out. */
	reportsFirst?: CallbackEvent[];
	/** How many reads find the call still running: 0 unless said; `until-told` waits for `end` or the terminal report. */
	liveReads?: number | 'until-told';
}

/** The address and kind of one callback. */
export interface Subscription {
	event: string;
	url: string;
}

/** A call of the double. */
export interface DoubleCall {
	sid: string;
	api: 'v1' | 'v2';
	/** `two-numbers`, `flow` (v1 Url) or `inbound`. */
	kind: 'two-numbers' | 'flow' | 'inbound';
	/** As it was sent. */
	from: string;
	/** As it was sent; null for a flow. */
	to: string | null;
	/** As it was sent. */
	exoPhone: string;
	/** v1 word: `outbound-api`, `outbound-dial` or `inbound`. */
	direction: string;
	/** Milliseconds since 1970. */
	createdMs: number;
	legs: LegScript[];
	terminal: TerminalScript;
	/** Whether phones rang. A call that never rang has no record: reading it gives 404. */
	dialled: boolean;
	record: boolean;
	customField: string | null;
	/** v1: one address for all events. v2: one per event. */
	subscriptions: Subscription[];
	/** v1 StatusCallback without events: the default four fields, once. */
	defaultCallback: string | null;
	/** v1 StatusCallbackContentType. */
	contentType: string;
	/** v2: the UUID of the agent. */
	userId: string | null;
	/** v1: parameters as they came. v2: empty. */
	parameters: Pair[];
	/** Names of parameters no document knows, or that do not apply to a flow. */
	unknownParameters: string[];
	/** Whether the call is over. */
	ended: boolean;
	/** Reads left that find it running, or told otherwise. */
	liveReads: number | 'until-told';
	/** Reads left that find it over but incomplete. */
	lateReads: number;
	/** Callbacks sent, in their order. */
	reported: SentReport[];
}

/** A callback that was sent. */
export interface SentReport {
	event: CallbackEvent;
	/** HTTP status of the receiver's answer; 0 when there was none. */
	status: number;
	/** When the answer came, milliseconds since 1970. */
	at: number;
}

/** The seconds of a call, all milliseconds since 1970 unless said. */
export interface Timeline {
	created: number;
	start: number;
	/** The first leg rings, is answered; the second rings, is answered. Null when that never happened. */
	ringing: [number | null, number | null];
	answered: [number | null, number | null];
	end: number;
	/** Seconds each leg rang, was on call. */
	ringSeconds: [number, number];
	onCallSeconds: [number, number];
	/** Seconds both talked. */
	conversation: number;
	/** Whole seconds from start to end. */
	duration: number;
}

/** Works out a call's timeline; nothing waits, so the end may lie in the future. */
export function timeline(call: DoubleCall): Timeline {
	const [first, second] = [call.legs[0] ?? { status: null }, call.legs[1] ?? { status: null }];
	const rings: [number, number] = [
		first.status === null ? 0 : (first.ring ?? 4),
		first.status !== 'completed' || second.status === null ? 0 : (second.ring ?? 3),
	];
	const picked = first.status === 'completed';
	const talked = picked && (second.status === 'completed' || call.kind !== 'two-numbers');
	const conversation = call.terminal.conversation ?? (talked ? 10 : 0);
	const at = (seconds: number): number => call.createdMs + seconds * 1000;
	const duration = rings[0] + rings[1] + conversation;
	const secondRings = picked && second.status !== null;
	return {
		created: call.createdMs,
		start: call.createdMs,
		ringing: [first.status === null ? null : at(1), secondRings ? at(rings[0]) : null],
		answered: [
			picked ? at(rings[0]) : null,
			secondRings && second.status === 'completed' ? at(rings[0] + rings[1]) : null,
		],
		end: at(duration),
		ringSeconds: rings,
		onCallSeconds: [picked ? rings[1] + conversation : 0, second.status === 'completed' ? conversation : 0],
		conversation,
		duration,
	};
}

/**
 * The status of a finished call: the first leg's when that did not answer, else the second's; a second leg that was
 * canceled makes the call `failed` (facts, not documented). A flow is as its one leg.
 */
export function finalStatus(call: DoubleCall): string {
	if (call.terminal.status !== undefined) return call.terminal.status;
	const [first, second] = [call.legs[0]?.status ?? null, call.legs[1]?.status ?? null];
	if (first !== 'completed') return first === 'canceled' ? 'failed' : (first ?? 'failed');
	if (call.kind !== 'two-numbers') return 'completed';
	return second === 'canceled' || second === null ? 'failed' : second;
}

/**
 * Whether the finished call has a recording. Seed 004, "Record": "if set to true and the call conversation happens".
 */
export function isRecorded(call: DoubleCall): boolean {
	return call.terminal.recording ?? (call.record && timeline(call).conversation > 0);
}

/**
 * A call id: 32 characters. The last four encode the day and may hold any letter (facts, not documented): year less
 * 2006, then month and day as one character each.
 */
export function newSid(createdMs: number): string {
	const day = new Date(createdMs + 5.5 * 3600 * 1000);
	const year = String(day.getUTCFullYear() - 2006).padStart(2, '0');
	const [month, date] = [day.getUTCMonth() + 1, day.getUTCDate()].map((number) => number.toString(36));
	return `${randomBytes(14).toString('hex')}${year}${month}${date}`;
}

/** A call of its own with every blank filled in. */
export function newCall(
	given: Partial<DoubleCall> & Pick<DoubleCall, 'from' | 'exoPhone'>,
	script: CallScript,
): DoubleCall {
	const createdMs = Math.floor((given.createdMs ?? Date.now()) / 1000) * 1000;
	const kind = given.kind ?? 'two-numbers';
	const legs =
		script.legs ??
		(kind === 'flow' ? ['completed' as const] : ['completed' as const, 'completed' as const]).map((status) => ({
			status,
		}));
	const liveReads = script.liveReads ?? 0;
	return {
		sid: newSid(createdMs),
		api: 'v1',
		to: null,
		direction: kind === 'inbound' ? 'inbound' : 'outbound-api',
		dialled: true,
		record: false,
		customField: null,
		subscriptions: [],
		defaultCallback: null,
		contentType: 'multipart/form-data',
		userId: null,
		parameters: [],
		unknownParameters: [],
		reported: [],
		...given,
		kind,
		createdMs,
		legs,
		terminal: script.terminal ?? {},
		liveReads,
		ended: liveReads === 0,
		lateReads: script.terminal?.lateReads ?? 0,
	};
}

/** Notes one read and says what it finds. */
export function readOnce(call: DoubleCall): 'running' | 'late' | 'complete' {
	if (!call.ended) {
		if (call.liveReads !== 'until-told') {
			call.liveReads -= 1;
			call.ended = call.liveReads <= 0;
		}
		return 'running';
	}
	if (call.lateReads <= 0) return 'complete';
	call.lateReads -= 1;
	return 'late';
}

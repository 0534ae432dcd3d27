/** What survives a restart: flows, agents and calls, as they are written to the data file. */
import { isObject, parseJson, TooDeepError } from './json';
import { readAgents } from './agent-settings';
import { readFlow } from './flow-reading';
import type { AgentSettings } from './options';
import type { Call } from './call';
import type { Flow } from './flow';

/** Raised whenever an older file can no longer be read. */
const SNAPSHOT_VERSION = 1;

/** Calls that are kept in the file: the newest. */
export const MAX_SAVED_CALLS = 1000;

/** The content of a data file. */
export interface Snapshot {
	/** Simulated time at which it was taken, epoch milliseconds. */
	now: number;
	flows: Flow[];
	/** By account SID; only accounts whose agents were set. */
	agents: Record<string, AgentSettings[]>;
	/** Oldest first. */
	calls: Call[];
}

/** Characters of all calls in the file; the oldest ones that do not fit are left out. */
const MAX_SAVED_CHARACTERS = 64 * 1024 * 1024;

/** What writing a snapshot depends on. */
export interface SnapshotWriting {
	/** The text of one call, `JSON.stringify` unless it is known already. */
	textOf?(call: Call): string;
	/** Characters of all calls, default 64 million. */
	maxCharacters?: number;
}

/**
 * The snapshot as pieces of text, each about one call, so that whoever writes them can do other things in between. The
 * file is to be read whole: calls beyond the limit are left out, the oldest first.
 */
export function* snapshotPieces(
	{ now, flows, agents, calls }: Snapshot,
	{ textOf = (call) => JSON.stringify(call), maxCharacters = MAX_SAVED_CHARACTERS }: SnapshotWriting = {},
): Generator<string> {
	const texts: string[] = [];
	let left = maxCharacters;
	for (const call of [...calls].reverse()) {
		const text = textOf(call);
		left -= text.length;
		if (left < 0) break;
		texts.push(text);
		// nothing is to be written yet: the oldest comes first in the file
		yield '';
	}
	const head = JSON.stringify({ version: SNAPSHOT_VERSION, now, flows, agents });
	yield `${head.slice(0, -1)},"calls":[`;
	for (const [index, text] of texts.reverse().entries()) yield index === 0 ? text : `,${text}`;
	yield ']}';
}

/**
 * Reads the text of a data file.
 * @throws RangeError naming what is wrong
 */
export function readSnapshot(text: string): Snapshot {
	let value: unknown;
	try {
		value = parseJson(text);
	} catch (cause) {
		throw cause instanceof TooDeepError ? cause : new RangeError('it is not JSON', { cause });
	}
	if (!isObject(value) || value.version !== SNAPSHOT_VERSION)
		throw new RangeError(`it is no data file of version ${SNAPSHOT_VERSION}`);
	return {
		now: typeof value.now === 'number' ? value.now : 0,
		flows: listOf(value.flows).map(readSavedFlow),
		agents: readSavedAgents(value.agents),
		calls: listOf(value.calls).map(readSavedCall),
	};
}

function readSavedFlow(value: unknown): Flow {
	if (!isObject(value) || typeof value.id !== 'string') throw new RangeError('a flow has no id');
	const { account, applets } = readFlow(value);
	return { id: value.id, account, applets };
}

function readSavedAgents(value: unknown): Record<string, AgentSettings[]> {
	if (!isObject(value)) return {};
	return Object.fromEntries(Object.entries(value).map(([sid, agents]) => [sid, readAgents(agents)]));
}

/** What files of earlier versions say nothing about. */
type AddedLater = 'outbox' | 'heldBack' | 'voicemailSeconds';
type SavedCall = Omit<Call, AddedLater> & Partial<Pick<Call, AddedLater>>;

function readSavedCall(value: unknown): Call {
	if (!isSavedCall(value)) throw new RangeError('a call is not complete');
	const { outbox = [], heldBack = [], voicemailSeconds = 0 } = value;
	return { ...value, outbox, heldBack, voicemailSeconds };
}

/** The file is the simulator's own: looked at just closely enough that another file is not taken for one. */
function isSavedCall(value: unknown): value is SavedCall {
	return (
		isObject(value) &&
		typeof value.sid === 'string' &&
		typeof value.accountSid === 'string' &&
		typeof value.time === 'number' &&
		[value.legs, value.timeline, value.deliveries, value.appletRequests, value.heard].every(Array.isArray)
	);
}

function listOf(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

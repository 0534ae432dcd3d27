/**
 * All calls of a range of up to six months as a stream of pages. Exotel takes ranges of at most a month (seed 004), so
 * the range is walked in windows of 30 days that touch without overlapping, each with cursor paging. One page is
 * fetched ahead while the last one is being worked on; memory holds two pages, and no more than 10 000
 * SIDs and as many cursors, however long the range.
 */
import type { Account } from '../account';
import type { Call } from '../call/call';
import { callFromV1 } from '../call/record-v1';
import { inputError, type Violation } from '../errors';
import type { FieldName, RawInput } from '../fields/field';
import type { SendOptions } from '../http/send';
import type { Clock } from '../http/transport';
import { earliestCall, filterChecks, listCalls, readPage, sidOf, type RecordPage } from './list-calls';
import { trackProgress } from './calls-between-progress';
import { callFilterFields, CURSOR, type ListCallsFields } from './list-calls-fields';
import { checkInput, perform, type Check, type CheckRules } from './operation';

/** Filters of a stream: those of `listCalls` (but `cursor`), and where to go on. */
export type CallsBetweenFilters = RawInput<typeof callFilterFields> & {
	/** `position` of the last page that was worked on; the other filters must be the same as then. */
	position?: unknown;
};

/** One page of the stream; never empty. */
export interface CallsBetweenPage {
	calls: Call[];
	/** The same calls as Exotel sent them. */
	raw: unknown[];
	/** Hand this in to go on after this page, also in another process. */
	position: string;
}

/** Where the stream is. Times in whole seconds since the epoch, both ends included. */
interface Position {
	from: number;
	to: number;
	newestFirst: boolean;
	/**
	 * Edge of the current window: its start when oldest first, its end when newest first. Past the range when all is
	 * read.
	 */
	edge: number;
	cursor: string | null;
}

const WINDOW_SECONDS = 30 * 86_400;
/** How far into the future a range may reach; a later end is cut off there. Covers clocks that differ. */
const MAX_FUTURE_SECONDS = 86_400;
const DEFAULT_RANGE_SECONDS = 31 * 86_400;

/**
 * Streams the calls of a range, oldest first unless `sortBy` says otherwise. Without `createdAfter` it begins 31 days
 * before the end, as Exotel does; without `createdBefore` it ends now. Every request goes through `perform`: paced,
 * retried, its errors explained. A list that leads in circles or has more than 10 000 pages for 30 days ends with an
 * error of kind `exotel`, after the pages that were read.
 * @throws ExotelError of kind `input`, at once, for a bad filter or position.
 */
export function callsBetween(
	account: Account,
	{ position, ...filters }: CallsBetweenFilters,
	options: SendOptions,
): AsyncIterable<CallsBetweenPage> {
	const start = startOf(account, { ...filters, position }, options.clock.now());
	const { signal } = options;
	return {
		async *[Symbol.asyncIterator]() {
			const stop = new AbortController();
			const onAbort = (): void => stop.abort(signal?.reason);
			if (signal?.aborted === true) onAbort();
			signal?.addEventListener('abort', onAbort, { once: true });
			try {
				const fetch = (at: Position): Promise<RecordPage> =>
					fetchPage(account, pageInput(filters, at), { ...options, signal: stop.signal });
				yield* pages(fetch, start, account, options.clock);
			} finally {
				signal?.removeEventListener('abort', onAbort);
				stop.abort();
			}
		},
	};
}

/** A page fetched ahead may fail before anybody waits for it; whoever does wait still gets the error. */
function fetchPage(account: Account, input: RawInput<ListCallsFields>, options: SendOptions): Promise<RecordPage> {
	const page = perform({ ...listCalls, read: readPage }, account, input, options).then(({ result }) => result);
	page.catch(() => undefined);
	return page;
}

/** The next page is asked for before anything is done with one. */
async function* pages(
	fetch: (at: Position) => Promise<RecordPage>,
	start: Position,
	account: Account,
	clock: Clock,
): AsyncGenerator<CallsBetweenPage, void, undefined> {
	let at = start;
	const progress = trackProgress(at.cursor);
	let ahead = isDone(at) ? undefined : fetch(at);
	while (ahead !== undefined) {
		const page: RecordPage = await ahead;
		const isNew = progress.newOnes(page.records.map(sidOf));
		const broughtNew = isNew.includes(true);
		at = positionAfter(at, page, broughtNew);
		const stop = progress.stop(at.cursor, broughtNew);
		ahead = isDone(at) || stop !== null ? undefined : fetch(at);
		// Whoever works on this page without a break would hold the request up.
		if (ahead !== undefined) await clock.giveWay?.();
		const raw = page.records.filter((_, index) => isNew[index]);
		const calls = raw.map((record) => callFromV1(record, account));
		if (calls.length > 0) yield { calls, raw, position: writePosition(at) };
		if (stop !== null) throw stop;
	}
}

/** The window of a position, both ends included. */
function windowOf(at: Position): { from: number; to: number } {
	return at.newestFirst
		? { from: Math.max(at.from, at.edge - WINDOW_SECONDS + 1), to: at.edge }
		: { from: at.edge, to: Math.min(at.to, at.edge + WINDOW_SECONDS - 1) };
}

function isDone(at: Position): boolean {
	return at.newestFirst ? at.edge < at.from : at.edge > at.to;
}

/**
 * The next page of the window, or the first of the next window. A cursor that leads back to itself ends the window if
 * its page brought nothing new.
 */
function positionAfter(at: Position, page: RecordPage, broughtNew: boolean): Position {
	if (page.next !== null && (broughtNew || page.next !== at.cursor)) return { ...at, cursor: page.next };
	return { ...at, cursor: null, edge: at.newestFirst ? at.edge - WINDOW_SECONDS : at.edge + WINDOW_SECONDS };
}

function pageInput(filters: RawInput<typeof callFilterFields>, at: Position): RawInput<ListCallsFields> {
	const { from, to } = windowOf(at);
	return {
		...filters,
		createdAfter: new Date(from * 1000),
		createdBefore: new Date(Math.max(from, to) * 1000),
		sortBy: at.newestFirst ? 'newest' : 'oldest',
		cursor: at.cursor ?? undefined,
	};
}

/** All filters are parsed, so that all invalid ones are reported at once. */
function startOf(account: Account, { position = '', ...filters }: CallsBetweenFilters, now: number): Position {
	const resumed = position === '' || position === null ? undefined : parsePosition(position);
	const checks = resumed ? filterChecks : checksAt(now);
	const { values, violations } = checkInput(callFilterFields, filters, { rules: account, checks });
	if (resumed === null) violations.push(badPosition);
	if (violations.length > 0) throw inputError(violations);
	if (resumed) return resumed;
	const { from, to } = rangeOf(values, now);
	const newestFirst = values.sortBy === 'newest';
	return { from, to, newestFirst, edge: newestFirst ? to : from, cursor: null };
}

/** The range that is read, in whole seconds, both ends included; empty when it begins after its end. */
function rangeOf(
	times: { createdAfter?: unknown; createdBefore?: unknown },
	now: number,
): Pick<Position, 'from' | 'to'> {
	const { createdAfter, createdBefore } = times;
	const end = Math.floor((typeof createdBefore === 'number' ? createdBefore : now) / 1000);
	const to = Math.min(end, Math.floor(now / 1000) + MAX_FUTURE_SECONDS);
	const from =
		typeof createdAfter === 'number'
			? Math.ceil(createdAfter / 1000)
			: Math.max(to - DEFAULT_RANGE_SECONDS, Math.ceil(earliestCall(now) / 1000));
	return { from, to };
}

/** The rules about several filters, and about the range as seen from `now`. */
function checksAt(now: number): readonly Check<FieldName<typeof callFilterFields>>[] {
	return [
		...filterChecks,
		({ values, isFaulty }) => {
			const { createdAfter } = values;
			if (typeof createdAfter === 'number' && createdAfter < earliestCall(now)) return [tooOld];
			const { from, to } = rangeOf(values, now);
			return from > to && !isFaulty('createdAfter') && !isFaulty('createdBefore') ? [emptyRange] : [];
		},
	];
}

/**
 * What `callsBetween` refuses of a new list, by the names of the filters.
 * @param now ms since 1970
 */
export function filterViolations(
	filters: RawInput<typeof callFilterFields>,
	rules: CheckRules,
	now: number,
): Violation[] {
	return checkInput(callFilterFields, filters, { rules, checks: checksAt(now) }).violations;
}

const tooOld: Violation = {
	field: 'createdAfter',
	rule: 'six-months',
	message: 'Started after is more than six months ago. Exotel keeps calls for six months.',
};

const badPosition: Violation = {
	field: 'position',
	rule: 'pattern',
	message: 'Position was not issued by this list of calls. Leave it empty to begin at the start.',
};

const emptyRange: Violation = {
	field: 'createdAfter',
	rule: 'range',
	message: 'Started after is later than Started before, or in the future.',
	other: 'createdBefore',
};

const POSITION = /^1\|(\d{1,11})\|(\d{1,11})\|(newest|oldest)\|(\d{1,11})\|(.*)$/s;

/** A position as text: version, range, order, edge and cursor. It contains no secret. */
function writePosition(at: Position): string {
	return ['1', at.from, at.to, at.newestFirst ? 'newest' : 'oldest', at.edge, at.cursor ?? ''].join('|');
}

function parsePosition(text: unknown): Position | null {
	const match = typeof text === 'string' ? POSITION.exec(text) : null;
	if (match === null) return null;
	const [, from, to, order, edge, cursor = ''] = match;
	if (cursor !== '' && !CURSOR.test(cursor)) return null;
	return {
		from: Number(from),
		to: Number(to),
		newestFirst: order === 'newest',
		edge: Number(edge),
		cursor: cursor === '' ? null : cursor,
	};
}

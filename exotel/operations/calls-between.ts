/**
 * All calls of a range of up to six months as a stream of pages. Exotel takes ranges of at most a month (seed 004), so
 * the range is walked in windows of 30 days that touch without overlapping, each with cursor paging. One page is
 * fetched ahead while the last one is being worked on; memory holds two pages, however long the range.
 */

import type { Account } from '../account';
import { earliestCall, listCalls, tooOld, type CallPage, type ListCallsInput } from './list-calls';
import type { Call } from '../call/call';
import { inputError } from '../errors';
import { listCallsFields } from '../fields/reading-calls';
import { readFields } from '../fields/reading';
import { perform, type SendOptions } from '../http/send';

/** Filters of a stream: those of `listCalls` (but `cursor`), and where to go on. */
export interface CallsBetweenFilters extends Omit<ListCallsInput, 'cursor' | 'now'> {
	/** `position` of the last page that was worked on; the other filters must be the same as then. */
	position?: string;
}

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

const windowSeconds = 30 * 86_400;
/** How far into the future a range may reach; a later end is cut off there. Covers clocks that differ. */
const futureSeconds = 86_400;
const defaultRangeSeconds = 31 * 86_400;

/**
 * Streams the calls of a range, oldest first unless `sortBy` says otherwise. Without `createdAfter` it begins 31 days
 * before the end, as Exotel does; without `createdBefore` it ends now. Every request goes through `perform`: paced,
 * retried, mapped.
 * @throws ExotelError of kind `input`, at once, for a bad filter or position.
 */
export function callsBetween(
	account: Account,
	filters: CallsBetweenFilters,
	options: SendOptions,
): AsyncIterable<CallsBetweenPage> {
	const start = startOf(account, filters, options.clock.now());
	// Every page's request has the same filters, so the first one shows whether they are right.
	listCalls.request(account, pageInput(filters, start));
	return { [Symbol.asyncIterator]: () => stream(account, filters, options, start) };
}

async function* stream(
	account: Account,
	filters: CallsBetweenFilters,
	options: SendOptions,
	start: Position,
): AsyncGenerator<CallsBetweenPage, void, undefined> {
	const stop = new AbortController();
	const stopAll = () => stop.abort(options.signal?.reason);
	if (options.signal?.aborted === true) stopAll();
	options.signal?.addEventListener('abort', stopAll, { once: true });
	const fetchPage = (at: Position) => {
		const page = perform(listCalls, account, pageInput(filters, at), { ...options, signal: stop.signal });
		// A page fetched ahead may fail before anybody waits for it; whoever does wait still gets the error.
		page.catch(() => undefined);
		return page;
	};
	try {
		let at = start;
		let before = new Set<string>();
		let ahead = isDone(at) ? undefined : fetchPage(at);
		while (ahead !== undefined) {
			const { result } = await ahead;
			at = positionAfter(at, result);
			ahead = isDone(at) ? undefined : fetchPage(at);
			const fresh = result.calls.map((call) => !before.has(call.sid));
			before = new Set(result.calls.map((call) => call.sid));
			const calls = result.calls.filter((_, index) => fresh[index]);
			if (calls.length > 0)
				yield { calls, raw: result.rawCalls.filter((_, index) => fresh[index]), position: writePosition(at) };
		}
	} finally {
		options.signal?.removeEventListener('abort', stopAll);
		stop.abort();
	}
}

/** The window of a position, both ends included. */
function windowOf(at: Position): { from: number; to: number } {
	return at.newestFirst
		? { from: Math.max(at.from, at.edge - windowSeconds + 1), to: at.edge }
		: { from: at.edge, to: Math.min(at.to, at.edge + windowSeconds - 1) };
}

function isDone(at: Position): boolean {
	return at.newestFirst ? at.edge < at.from : at.edge > at.to;
}

/** The next page of the window, or the first of the next window. A cursor that leads back to itself ends the window. */
function positionAfter(at: Position, page: CallPage): Position {
	if (page.next !== null && page.next !== at.cursor) return { ...at, cursor: page.next };
	return { ...at, cursor: null, edge: at.newestFirst ? at.edge - windowSeconds : at.edge + windowSeconds };
}

function pageInput(filters: CallsBetweenFilters, at: Position): ListCallsInput {
	const { from, to } = windowOf(at);
	const input = { ...filters };
	delete input.position;
	return {
		...input,
		createdAfter: new Date(from * 1000),
		createdBefore: new Date(Math.max(from, to) * 1000),
		sortBy: at.newestFirst ? 'newest' : 'oldest',
		cursor: at.cursor ?? undefined,
	};
}

function startOf(account: Account, filters: CallsBetweenFilters, now: number): Position {
	// All filters, so that whoever got several wrong hears of them together.
	const { values, violations } = readFields(
		listCallsFields.filter(({ name }) => name !== 'cursor'),
		filters,
		account,
	);
	const { createdAfter, createdBefore, sortBy } = values as {
		createdAfter?: number;
		createdBefore?: number;
		sortBy?: string;
	};
	if (filters.position !== undefined && filters.position !== null && filters.position !== '') {
		const position = readPosition(filters.position);
		if (position !== null) return position;
		violations.push({
			field: 'position',
			rule: 'pattern',
			message: 'Position is not one that this list of calls gave out. Leave it empty to begin at the start.',
		});
	}
	const old = tooOld(createdAfter, now);
	if (old !== null) violations.push(old);
	const to = Math.min(Math.floor((createdBefore ?? now) / 1000), Math.floor(now / 1000) + futureSeconds);
	const from =
		createdAfter === undefined
			? Math.max(to - defaultRangeSeconds, Math.ceil(earliestCall(now) / 1000))
			: Math.ceil(createdAfter / 1000);
	if (from > to && violations.length === 0)
		violations.push({
			field: 'createdAfter',
			rule: 'range',
			message: 'Started after is later than Started before, or in the future.',
		});
	if (violations.length > 0) throw inputError(violations);
	const newestFirst = sortBy === 'newest';
	return { from, to, newestFirst, edge: newestFirst ? to : from, cursor: null };
}

/** A position as text: version, range, order, edge and cursor. No secret is in it. */
function writePosition(at: Position): string {
	return ['1', at.from, at.to, at.newestFirst ? 'newest' : 'oldest', at.edge, at.cursor ?? ''].join('|');
}

function readPosition(text: unknown): Position | null {
	const match =
		typeof text === 'string'
			? /^1\|(\d{1,11})\|(\d{1,11})\|(newest|oldest)\|(\d{1,11})\|((?:After|Before)=[\w+/=-]{1,512})?$/.exec(text)
			: null;
	if (match === null) return null;
	const [, from, to, order, edge, cursor] = match;
	return {
		from: Number(from),
		to: Number(to),
		newestFirst: order === 'newest',
		edge: Number(edge),
		cursor: cursor ?? null,
	};
}

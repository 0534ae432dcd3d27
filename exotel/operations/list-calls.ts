/**
 * Read many calls (v1, bulk call details), one page: `GET /v1/Accounts/<sid>/Calls.json`; seed 004 with all its
 * filters, operators and limits, Exotel fact sheet 3.3. Running calls are never in it. Longer ranges than a month:
 * `callsBetween`.
 */

import type { Account } from '../account';
import type { Call } from '../call/call';
import { callFromV1 } from '../call/record-v1';
import { amount, asPayload, items, text } from '../payload';
import { inputError, type Violation } from '../errors';
import { listCallsFields } from '../fields/reading-calls';
import { readFields } from '../fields/reading';
import { toExotelError } from '../http/error-response';
import { writeTime } from '../time';
import type { Operation } from './operation';
import { decodeBody, unreadableAnswer } from '../http/response-body';
import { query, v1Url } from '../http/encoding';
import { readingRequest } from '../http/request';

/**
 * What `listCalls` takes; every filter is optional. Times: a `Date`, ISO 8601, or `YYYY-MM-DD HH:mm:ss` in the
 * account's zone.
 */
export interface ListCallsInput {
	from?: string | string[];
	to?: string | string[];
	exoPhone?: string | string[];
	sids?: string | string[];
	/** v1 status words, e.g. `completed`, `no-answer`. */
	status?: string[];
	/** `inbound`, `outbound-api`, `outbound-dial`. */
	direction?: string;
	createdAfter?: Date | string;
	createdBefore?: Date | string;
	durationMinSeconds?: number;
	durationMaxSeconds?: number;
	durationEqualsSeconds?: number;
	priceMin?: number;
	priceMax?: number;
	priceEquals?: number;
	/** 1 to 100; Exotel's default is 50. */
	pageSize?: number;
	sortBy?: 'newest' | 'oldest';
	/** Also read both legs of each call. */
	details?: boolean;
	/** `next` or `previous` of a page read before; the other filters must be the same as then. */
	cursor?: string | undefined;
	/** The current moment; when given, it is also checked that the range is not older than Exotel keeps calls. */
	now?: Date | number;
}

/** One page of calls. */
export interface CallPage {
	calls: Call[];
	/** The same calls as Exotel sent them. */
	rawCalls: unknown[];
	/** How many calls match in all, where Exotel says so. */
	total: number | null;
	/** Cursor of the next page; null on the last. */
	next: string | null;
	/** Cursor of the page before; null on the first. */
	previous: string | null;
}

/** The filters once they have been read. */
interface ReadFilters extends Omit<
	ListCallsInput,
	'createdAfter' | 'createdBefore' | 'from' | 'to' | 'exoPhone' | 'sids'
> {
	/** Milliseconds since the epoch. */
	createdAfter?: number;
	createdBefore?: number;
	from?: string[];
	to?: string[];
	exoPhone?: string[];
	sids?: string[];
}

/** Longest range of one request: Exotel's "one month" (seed 004), in milliseconds. */
export const longestRangeMs = 31 * 86_400_000;

/** The earliest moment of which Exotel still knows calls: six months before `now` (seed 004), both in milliseconds. */
export function earliestCall(now: number): number {
	const then = new Date(now);
	const day = then.getUTCDate();
	then.setUTCDate(1);
	then.setUTCMonth(then.getUTCMonth() - 6);
	const daysInMonth = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
	then.setUTCDate(Math.min(day, daysInMonth));
	return then.getTime();
}

/** The rule that a range may not begin before Exotel's memory does; null when it is kept. */
export function tooOld(createdAfter: number | undefined, now: number): Violation | null {
	if (createdAfter === undefined || createdAfter >= earliestCall(now)) return null;
	return {
		field: 'createdAfter',
		rule: 'six-months',
		message: 'Started after is more than six months ago. Exotel keeps calls for six months.',
	};
}

/** Read one page of the calls of an account. */
export const listCalls: Operation<ListCallsInput, CallPage> = {
	name: 'listCalls',
	request(account, input) {
		const { values, violations } = readFields(listCallsFields, input, account);
		const v = values as ReadFilters;
		violations.push(...rangeViolations(v, asPayload(input)?.now));
		if (violations.length > 0) throw inputError(violations);
		const [cursorName, cursor] = v.cursor === undefined ? [] : (v.cursor.split(/=(.*)/s) as [string, string]);
		const filters = query([
			['Sid', v.sids?.join(',')],
			['DateCreated', between(stamp(v.createdAfter, account), stamp(v.createdBefore, account))],
			['To', v.to?.join(',')],
			['From', v.from?.join(',')],
			['Status', v.status?.join(',')],
			[
				'Duration',
				between(seconds(v.durationMinSeconds), seconds(v.durationMaxSeconds), seconds(v.durationEqualsSeconds)),
			],
			['Price', between(v.priceMin, v.priceMax, v.priceEquals)],
			['Direction', v.direction],
			['PhoneNumber', v.exoPhone?.join(',')],
			['details', v.details === true ? true : undefined],
			['PageSize', v.pageSize],
			[
				'SortBy',
				v.sortBy === undefined ? undefined : v.sortBy === 'oldest' ? 'DateCreated:asc' : 'DateCreated:desc',
			],
			...(cursorName === undefined ? [] : [[cursorName, cursor] as [string, string]]),
		]);
		return readingRequest(v1Url(account, `/Calls.json${filters}`));
	},
	read(response, account) {
		const refusal = toExotelError(response, account);
		if (refusal !== null) throw refusal;
		const body = asPayload(decodeBody(response).value);
		const metadata = asPayload(body?.Metadata);
		if (body === null || (metadata === null && body.Calls === undefined && body.Call === undefined))
			throw unreadableAnswer(response, 'a list of calls');
		// XML repeats <Call> without a <Calls> around it (seed 004). A record without a SID is no call and is left out.
		const written = body.Calls ?? body.Call;
		const rawCalls = (asPayload(written)?.Sid === undefined ? items(written) : [written]).filter((record) =>
			hasSid(record),
		);
		return {
			calls: rawCalls.map((record) => callFromV1(record, account)),
			rawCalls,
			total: amount(metadata?.Total),
			next: rawCalls.length === 0 ? null : cursorIn(metadata?.NextPageUri, 'After'),
			previous: rawCalls.length === 0 ? null : cursorIn(metadata?.PrevPageUri, 'Before'),
		};
	},
};

function hasSid(record: unknown): boolean {
	const outer = asPayload(record);
	return text((asPayload(outer?.Call) ?? outer)?.Sid) !== null;
}

function stamp(instant: number | undefined, account: Account): string | undefined {
	return instant === undefined ? undefined : writeTime(new Date(instant), account.timeZone);
}

function seconds(value: number | undefined): string | undefined {
	return value === undefined ? undefined : `${value}s`;
}

/** `gte:a;lte:b`, `eq:c`, or nothing (filter operators of seed 004). */
function between(least?: string | number, most?: string | number, exactly?: string | number): string | undefined {
	if (exactly !== undefined) return `eq:${exactly}`;
	const parts = [...(least === undefined ? [] : [`gte:${least}`]), ...(most === undefined ? [] : [`lte:${most}`])];
	return parts.length === 0 ? undefined : parts.join(';');
}

function rangeViolations(v: ReadFilters, now: unknown): Violation[] {
	const found: Violation[] = [];
	const ordered = (
		least: number | undefined,
		most: number | undefined,
		exactly: number | undefined,
		field: string,
		what: string,
	) => {
		if (exactly !== undefined && (least !== undefined || most !== undefined))
			found.push({
				field: `${field}Equals${what}`,
				rule: 'one-of',
				message: 'Give either an exact value or a range, not both.',
			});
		else if (least !== undefined && most !== undefined && least > most)
			found.push({
				field: `${field}Min${what}`,
				rule: 'range',
				message: 'The smallest value is larger than the largest one.',
			});
	};
	ordered(v.durationMinSeconds, v.durationMaxSeconds, v.durationEqualsSeconds, 'duration', 'Seconds');
	ordered(v.priceMin, v.priceMax, v.priceEquals, 'price', '');
	if (v.createdAfter !== undefined && v.createdBefore !== undefined) {
		if (v.createdAfter > v.createdBefore)
			found.push({
				field: 'createdAfter',
				rule: 'range',
				message: 'Started after is later than Started before.',
			});
		else if (v.createdBefore - v.createdAfter > longestRangeMs)
			found.push({
				field: 'createdBefore',
				rule: 'one-month',
				message:
					'The time between Started after and Started before is longer than the 31 days Exotel allows ' +
					'at a time.',
			});
	}
	const moment = now instanceof Date ? now.getTime() : now;
	const old = typeof moment === 'number' ? tooOld(v.createdAfter, moment) : null;
	return old === null ? found : [...found, old];
}

/**
 * The cursor in a page's URI, with its name; null when there is none. Only percent signs are decoded: `+` is a base64
 * digit.
 */
function cursorIn(uri: unknown, name: 'After' | 'Before'): string | null {
	const written = new RegExp(`[?&]${name}=([^&#]+)`).exec(text(uri) ?? '')?.[1];
	if (written === undefined) return null;
	const cursor = written.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
		String.fromCharCode(Number.parseInt(hex, 16)),
	);
	return /^[\w+/=-]{1,512}$/.test(cursor) ? `${name}=${cursor}` : null;
}

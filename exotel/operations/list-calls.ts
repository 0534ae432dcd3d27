/**
 * Read many calls (v1, bulk call details), one page: `GET /v1/Accounts/<sid>/Calls.json`; seed 004 with all its
 * filters, operators and limits, facts 3.3. Running calls are never in it. Longer ranges than a month: `callsBetween`.
 */
import type { Account } from '../account';
import type { Call } from '../call/call';
import { callFromV1 } from '../call/record-v1';
import { ExotelError, type Violation } from '../errors';
import type { FieldName, Values } from '../fields/field';
import { query, readingRequest, v1Url, type Parameter } from '../http/request';
import { decodeBody, unreadableResponse } from '../http/response-body';
import type { HttpResponse } from '../http/transport';
import { asPayload, items, text } from '../payload';
import { writeTime } from '../time';
import { type callFilterFields, CURSOR, listCallsFields, type ListCallsFields } from './list-calls-fields';
import { defineOperation, type Check, type CheckContext } from './operation';

/** One page of calls. */
export interface CallPage {
	calls: Call[];
	/** The same calls as Exotel sent them. */
	rawCalls: unknown[];
	/** Cursor of the next page; null on the last. */
	next: string | null;
}

/** The same page, its calls not read yet. */
export interface RecordPage {
	records: unknown[];
	next: string | null;
}

/** A page of Exotel's has at most 100 calls (seed 004). */
const MOST_CALLS_OF_A_PAGE = 1_000;

/** Longest range of one request: Exotel's "one month" (seed 004), in milliseconds. */
export const MAX_RANGE_MS = 31 * 86_400_000;

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

/** The names of the filters. */
type Filter = FieldName<typeof callFilterFields>;

/** An exact value excludes a range, and a range runs from the smaller to the larger value. */
function range(least: Filter, most: Filter, exactly: Filter): Check<Filter> {
	return ({ values, fields }) => {
		const other = [least, most].find((name) => values[name] !== undefined);
		if (values[exactly] !== undefined && other !== undefined) {
			const message = `Fill in either ${fields[other].label} or ${fields[exactly].label}, not both.`;
			return [{ field: exactly, rule: 'one-of', message, other }];
		}
		if (isOrdered(values[least], values[most])) return [];
		const message = `${fields[least].label} is larger than ${fields[most].label}.`;
		return [{ field: least, rule: 'range', message, other: most }];
	};
}

/** The rules about several filters, whatever the time. */
export const filterChecks: readonly Check<Filter>[] = [
	range('durationMinSeconds', 'durationMaxSeconds', 'durationEqualsSeconds'),
	range('priceMin', 'priceMax', 'priceEquals'),
];

function isOrdered(least: unknown, most: unknown): boolean {
	return typeof least !== 'number' || typeof most !== 'number' || least <= most;
}

function timeRange({ values }: CheckContext<Filter>): Violation[] {
	const { createdAfter, createdBefore } = values;
	if (typeof createdAfter !== 'number' || typeof createdBefore !== 'number') return [];
	if (createdAfter > createdBefore) {
		const message = 'Started after is later than Started before.';
		return [{ field: 'createdAfter', rule: 'range', message, other: 'createdBefore' }];
	}
	if (createdBefore - createdAfter <= MAX_RANGE_MS) return [];
	const message =
		'The time between Started after and Started before is longer than the 31 days Exotel allows at a time.';
	return [{ field: 'createdBefore', rule: 'one-month', message }];
}

/** Read one page of the calls of an account. */
export const listCalls = defineOperation({
	name: 'listCalls',
	fields: listCallsFields,
	checks: [...filterChecks, timeRange],
	request: (account, values) => readingRequest(v1Url(account, `/Calls.json${query(filters(account, values))}`)),
	read(response, account): CallPage {
		const { records, next } = readPage(response);
		return { calls: records.map((record) => callFromV1(record, account)), rawCalls: records, next };
	},
});

/** Reads a page for those who ask for the next one before they read its calls; each record has a SID. */
export function readPage(response: HttpResponse): RecordPage {
	const body = asPayload(decodeBody(response).value);
	const metadata = asPayload(body?.Metadata);
	// XML repeats <Call> without a <Calls> around it (seed 004). A record without a SID is not a call and is left out.
	const list = body?.Calls ?? body?.Call;
	if (metadata === null && list === undefined) throw unreadableResponse(response, 'a list of calls');
	const records = (asPayload(list)?.Sid === undefined ? items(list) : [list]).filter(sidOf);
	if (records.length > MOST_CALLS_OF_A_PAGE) throw unreadableResponse(response, 'a page of calls');
	return { records, next: records.length === 0 ? null : cursorIn(metadata?.NextPageUri) };
}

/** The filters in the order of Exotel's table. */
function filters(account: Account, v: Values<ListCallsFields>): Parameter[] {
	const stamp = (ms: number | undefined): string | undefined =>
		ms === undefined ? undefined : writeTime(new Date(ms), account.timeZone);
	return [
		['Sid', v.sids?.join(',')],
		['DateCreated', between(stamp(v.createdAfter), stamp(v.createdBefore))],
		['To', v.to?.join(',')],
		['From', v.from?.join(',')],
		['Status', v.callStatus?.join(',')],
		[
			'Duration',
			between(seconds(v.durationMinSeconds), seconds(v.durationMaxSeconds), seconds(v.durationEqualsSeconds)),
		],
		['Price', between(v.priceMin, v.priceMax, v.priceEquals)],
		['Direction', v.direction],
		['PhoneNumber', v.exoPhone?.join(',')],
		['details', v.details === false ? undefined : true],
		['PageSize', v.pageSize],
		['SortBy', v.sortBy === undefined ? undefined : `DateCreated:${v.sortBy === 'oldest' ? 'asc' : 'desc'}`],
		['After', v.cursor?.replace('After=', '')],
	];
}

/** The SID of a call's record; null for what is not a call. */
export function sidOf(record: unknown): string | null {
	const outer = asPayload(record);
	return text((asPayload(outer?.Call) ?? outer)?.Sid);
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

/**
 * The cursor in a page's URI, with its name; null without one. What is in it is Exotel's: it goes back as it came. Only
 * percent signs are decoded: `+` is a base64 digit.
 * @throws ExotelError of kind `exotel` for one that cannot be sent back: the list must not look complete.
 */
function cursorIn(uri: unknown): string | null {
	const encoded = /[?&](After=[^&#]+)/.exec(text(uri) ?? '')?.[1];
	if (encoded === undefined) return null;
	const cursor = encoded.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
		String.fromCharCode(Number.parseInt(hex, 16)),
	);
	if (CURSOR.test(cursor)) return cursor;
	throw new ExotelError('exotel', "Exotel's list of calls names a next page that cannot be requested.", {
		hint: "Its After is too long or has characters that no address has. Ask Exotel's support.",
	});
}

/**
 * The filters of the bulk read: seed 004, "Description of request query parameters (filters)" and "Filter Operators".
 */
import { monthsBefore, readV1Stamp } from './clock';
import { isE164 } from './numbers';

/** Which record a page starts behind or ends before. */
export interface Cursor {
	side: 'Before' | 'After';
	/** Seconds since 1970. */
	seconds: number;
	sid: string;
}

/** Filters that were read; null stands for "any". Ranges hold both ends. */
export interface Filters {
	sids: string[] | null;
	/** Milliseconds since 1970. */
	created: [number, number];
	createdText: string | null;
	statuses: string[] | null;
	directions: string[] | null;
	from: string[] | null;
	to: string[] | null;
	phoneNumbers: string[] | null;
	/** Seconds. */
	duration: [number, number] | null;
	/** In the account's currency. */
	price: [number, number] | null;
	/** Records. */
	pageSize: number;
	ascending: boolean;
	details: boolean;
	cursor: Cursor | null;
	/** The filters that the page addresses repeat behind SortBy, as they came. */
	others: Array<[string, string]>;
}

const repeated = [
	'Sid',
	'Status',
	'Direction',
	'From',
	'To',
	'PhoneNumber',
	'Duration',
	'Price',
	'details',
	'NumbersMetadata',
];
const known = [...repeated, 'DateCreated', 'PageSize', 'SortBy', 'Before', 'After', 'RecordingUrlValidity'];

/** The values were lost from the seed: (facts, not documented), `completed` and `failed` are in its samples. */
const statuses = ['queued', 'ringing', 'in-progress', 'completed', 'failed', 'busy', 'no-answer', 'canceled'];
/** `outbound-api` and `inbound` are in the samples, `outbound-dial` is (facts, not documented). */
const directions = ['inbound', 'outbound-dial', 'outbound-api'];

/** Reads the filters, or says which rule they break. `now` is in milliseconds since 1970. */
export function readFilters(query: URLSearchParams, now: number): Filters | string {
	const unknown = [...query.keys()].find((name) => !known.includes(name));
	// What Exotel does with a filter it does not know is open; the double shows the mistake.
	if (unknown !== undefined) return `There is no filter ${unknown}`;
	const list = (name: string): string[] | null =>
		(query.get(name) ?? '') === '' ? null : (query.get(name) ?? '').split(',');
	const created = readCreated(query.get('DateCreated'), now);
	if (typeof created === 'string') return created;
	const pageSize = query.has('PageSize') ? Number(query.get('PageSize')) : 50;
	if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 100) return 'PageSize must be from 1 to 100';
	const sort = /^DateCreated:(asc|desc)$/.exec(query.get('SortBy') ?? 'DateCreated:desc');
	if (sort === null) return 'SortBy must be DateCreated:asc or DateCreated:desc';
	for (const name of ['From', 'To', 'PhoneNumber']) {
		const numbers = list(name) ?? [];
		if (numbers.length > 5) return `${name} takes at most 5 numbers`;
		if (numbers.some((number) => !isE164(number))) return `${name} takes numbers in E.164`;
	}
	// At most 100 Sids: (facts, not documented).
	if ((list('Sid') ?? []).length > 100) return 'Sid takes at most 100 values';
	for (const [name, values] of [
		['Status', statuses],
		['Direction', directions],
	] as const) {
		if ((list(name) ?? []).some((value) => !values.includes(value)))
			return `${name} must be among ${values.join(', ')}`;
	}
	const duration = readRange(query.get('Duration'), /^(\d+)s$/);
	const price = readRange(query.get('Price'), /^(\d+(?:\.\d+)?)$/);
	if (duration === 'malformed') return 'Duration is malformed';
	if (price === 'malformed') return 'Price is malformed';
	const cursor = readCursor(query);
	if (typeof cursor === 'string') return cursor;
	return {
		sids: list('Sid'),
		created,
		createdText: query.get('DateCreated'),
		statuses: list('Status'),
		directions: list('Direction'),
		from: list('From'),
		to: list('To'),
		phoneNumbers: list('PhoneNumber'),
		duration,
		price,
		pageSize,
		ascending: sort[1] === 'asc',
		details: query.get('details') === 'true',
		cursor,
		others: repeated.flatMap((name): Array<[string, string]> =>
			query.has(name) ? [[name, query.get(name) ?? '']] : [],
		),
	};
}

/**
 * "only up to 6 months old … maximum date range of 1 month … Default if not set: Last 31 days". A day of grace for
 * clocks.
 */
function readCreated(text: string | null, now: number): [number, number] | string {
	const day = 24 * 3600 * 1000;
	if (text === null) return [now - 31 * day, now + day];
	let [from, to] = [Number.NaN, now + day];
	for (const part of text.split(';')) {
		const match = /^(gte|lte):(.*)$/.exec(part);
		const ms = readV1Stamp(match?.[2] ?? '');
		if (match === null || ms === null) return 'DateCreated must be gte:YYYY-MM-DD HH:mm:ss;lte:YYYY-MM-DD HH:mm:ss';
		if (match[1] === 'gte') from = ms;
		else to = ms;
	}
	// Only one end given: the other is a month away.
	if (Number.isNaN(from)) from = to - 31 * day;
	if (to < from) return 'DateCreated ends before it begins';
	if (Math.min(to, now) - from > 31 * day) return 'DateCreated spans more than 1 month';
	if (from < monthsBefore(now, 6) - day) return 'DateCreated is more than 6 months old';
	return [from, to];
}

/** `gte:`, `lte:`, `eq:` or nothing, joined with `;`; both ends belong to the range. */
function readRange(text: string | null, value: RegExp): [number, number] | null | 'malformed' {
	if (text === null) return null;
	let range: [number, number] = [0, Number.POSITIVE_INFINITY];
	for (const part of text.split(';')) {
		const match = /^(?:(eq|gte|lte):)?(.*)$/.exec(part);
		const number = Number(value.exec(match?.[2] ?? '')?.[1] ?? Number.NaN);
		if (Number.isNaN(number)) return 'malformed';
		if (match?.[1] === 'gte') range = [Math.max(range[0], number), range[1]];
		else if (match?.[1] === 'lte') range = [range[0], Math.min(range[1], number)];
		else range = [number, number];
	}
	return range;
}

function readCursor(query: URLSearchParams): Cursor | null | string {
	const side = query.has('After') ? 'After' : query.has('Before') ? 'Before' : null;
	if (side === null) return null;
	const match = /^(\d+),([0-9a-z]+)$/.exec(Buffer.from(query.get(side) ?? '', 'base64').toString('latin1'));
	if (match?.[1] === undefined || match[2] === undefined) return `${side} is no cursor`;
	return { side, seconds: Number(match[1]), sid: match[2] };
}

/**
 * The filters of bulk call details (seed 004): operators `gte:`, `lte:`, `eq:`; `,` = or, `;` = and; limits of 5
 * numbers, 100 SIDs, pages of 100, ranges of a month, six months back. Which error the real service gives for a
 * violation is not public; here it is a 400 RestException.
 */
import { isDiallable, repaired, sameLine } from '../../model/phone-numbers';
import { readNaiveStamp } from '../../wire/stamps';
import { isValidity } from './call-details';
import { price, seconds, type Call } from '../../model/call';
import type { Strictness } from '../../model/options';

/** A list request, understood. */
export interface BulkQuery {
	matches: (call: Call) => boolean;
	/** epoch milliseconds, both included */
	createdFrom: number;
	createdTo: number;
	pageSize: number;
	ascending: boolean;
	before: string | null;
	after: string | null;
	details: boolean;
	recordingUrlValidity: number | null;
}

/** A filter that is refused; the message goes into the RestException. */
export class FilterRefusal extends Error {}

const DAY_MS = 24 * 3600 * 1000;
const MONTH_DAYS = 31;
const OLDEST_DAYS = 184;
const KNOWN = [
	'Sid',
	'DateCreated',
	'To',
	'From',
	'PhoneNumber',
	'Status',
	'Duration',
	'Price',
	'Direction',
	'PageSize',
	'SortBy',
	'Before',
	'After',
	'details',
	'RecordingUrlValidity',
	'NumbersMetadata',
];

type Test = (call: Call) => boolean;

/**
 * Understands the filters.
 * @param now epoch milliseconds of simulated time
 * @throws FilterRefusal saying what is wrong
 */
export function readBulkQuery(pairs: readonly [string, string][], now: number, strictness: Strictness): BulkQuery {
	const query = new Map(pairs);
	const limit = (broken: boolean, message: string) => {
		if (broken && strictness !== 'lenient') throw new FilterRefusal(message);
	};
	for (const name of query.keys())
		if (strictness === 'strict' && !KNOWN.includes(name))
			throw new FilterRefusal(`Unknown filter ${name.slice(0, 60)}`);
	const list = (name: string, most: number): string[] | null => {
		const written = query.get(name);
		if (!written) return null;
		const values = written
			.split(',')
			.map((value) => value.trim())
			.filter(Boolean);
		limit(values.length > most, `${name}: at most ${most} values can be given`);
		return values;
	};
	const tests: Test[] = [];
	const add = (test: Test | null) => test && tests.push(test);

	const sids = list('Sid', 100);
	add(sids && ((call) => sids.includes(call.sid)));
	add(numbersTest(list('To', 5), (call) => call.to, 'To'));
	add(numbersTest(list('From', 5), (call) => call.from, 'From'));
	add(numbersTest(list('PhoneNumber', 5), (call) => call.exoPhone, 'PhoneNumber'));
	const statuses = list('Status', 20);
	add(statuses && ((call) => statuses.includes(call.status)));
	const directions = list('Direction', 5);
	add(directions && ((call) => directions.includes(call.direction)));
	add(
		figureTest(query.get('Duration'), /^(\d{1,9})s?$/, 'Duration', (call) =>
			seconds(call.startedAt, call.endedAt as number),
		),
	);
	add(figureTest(query.get('Price'), /^(\d{1,9}(?:\.\d{1,9})?)$/, 'Price', (call) => Number(price(call))));

	const [createdFrom, createdTo] = readRange(query.get('DateCreated'), now, limit, strictness);
	const pageSize = readPageSize(query.get('PageSize'), limit);
	const sort = query.get('SortBy') ?? 'DateCreated:desc';
	if (!/^DateCreated:(asc|desc)$/.test(sort))
		throw new FilterRefusal('SortBy must be DateCreated:asc or DateCreated:desc');
	const validity = query.get('RecordingUrlValidity');
	if (validity !== undefined && !isValidity(validity)) {
		throw new FilterRefusal('RecordingUrlValidity must be a whole number of minutes from 5 to 60');
	}
	if (query.get('Before') && query.get('After')) throw new FilterRefusal('Before and After cannot be given together');
	return {
		matches: (call) => tests.every((test) => test(call)),
		createdFrom,
		createdTo,
		pageSize,
		ascending: sort.endsWith('asc'),
		before: query.get('Before') || null,
		after: query.get('After') || null,
		details: query.get('details') === 'true',
		recordingUrlValidity: validity === undefined ? null : Number(validity),
	};
}

function numbersTest(numbers: string[] | null, of: (call: Call) => string, name: string): Test | null {
	if (!numbers) return null;
	const wanted = numbers.map(repaired);
	const wrong = wanted.find((number) => !isDiallable(number));
	if (wrong !== undefined) throw new FilterRefusal(`${name} must be phone numbers in E.164 format`);
	return (call) => wanted.some((number) => sameLine(number, of(call)));
}

function figureTest(written: string | undefined, form: RegExp, name: string, of: (call: Call) => number): Test | null {
	if (!written) return null;
	const bounds = operators(written, name).map(({ operator, value }) => {
		const match = form.exec(value);
		if (!match)
			throw new FilterRefusal(
				`${name} must look like ${name === 'Duration' ? 'gte:10s;lte:45s' : 'gte:0.10;lte:1.0'}`,
			);
		return { operator, figure: Number(match[1]) };
	});
	return (call) =>
		bounds.every(({ operator, figure }) => {
			const actual = of(call);
			if (operator === 'gte') return actual >= figure;
			return operator === 'lte' ? actual <= figure : actual === figure;
		});
}

function operators(written: string, name: string): { operator: string; value: string }[] {
	return written
		.split(';')
		.filter((part) => part.trim() !== '')
		.map((part) => {
			const match = /^\s*(?:([a-z]+):)?(.*)$/s.exec(part) as RegExpExecArray;
			// a stamp without an operator has colons of its own
			const operator = match[1] ?? 'eq';
			if (!['gte', 'lte', 'eq'].includes(operator))
				throw new FilterRefusal(`${name}: the operators are gte:, lte: and eq:`);
			return { operator, value: match[2].trim() };
		});
}

function readRange(
	written: string | undefined,
	now: number,
	limit: (broken: boolean, message: string) => void,
	strictness: Strictness,
): [number, number] {
	const usual: [number, number] = [now - MONTH_DAYS * DAY_MS, now];
	if (!written) return usual;
	let from: number | null = null;
	let to: number | null = null;
	for (const { operator, value } of operators(written, 'DateCreated')) {
		const time = readNaiveStamp(value);
		if (time === null || operator === 'eq') {
			// one public report: a malformed range is treated as no filter (fact sheet 3.3, unverified)
			if (strictness === 'lenient') return usual;
			throw new FilterRefusal('DateCreated must look like gte:2019-01-01 00:00:00;lte:2019-01-31 23:59:59');
		}
		if (operator === 'gte') from = time;
		else to = time + 999;
	}
	const end = to ?? (from === null ? now : Math.max(from, now));
	const start = from ?? end - MONTH_DAYS * DAY_MS;
	limit(end - start > MONTH_DAYS * DAY_MS + 999, 'DateCreated: the date range must not be more than 1 month');
	limit(start < now - OLDEST_DAYS * DAY_MS, 'DateCreated: records older than 6 months cannot be queried');
	return [start, end];
}

function readPageSize(written: string | undefined, limit: (broken: boolean, message: string) => void): number {
	if (written === undefined || written === '') return 50;
	if (!/^\d{1,6}$/.test(written) || Number(written) < 1)
		throw new FilterRefusal('PageSize must be a whole number from 1 to 100');
	limit(Number(written) > 100, 'PageSize must not be more than 100');
	return Math.min(Number(written), 1000);
}

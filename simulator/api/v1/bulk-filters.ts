/**
 * The filters of bulk call details (seed 004): operators `gte:`, `lte:`, `eq:`; `,` = or, `;` = and; limits of 5
 * numbers, 100 SIDs, pages of 100, ranges of a month, six months back. Which error the real service gives for a
 * violation is not public; here it is a 400 RestException.
 */
import { BulkFilterError, operators, readRange, type Limit } from './bulk-range';
import { isDiallable, isE164, isSip, repaired, sameLine } from '../../model/phone-numbers';
import { isDetails, isValidity } from './call-details';
import { price, seconds, type Call } from '../../model/call';
import type { Strictness } from '../../model/options';
import { recordedTo } from '../../wire/v1-record';

export { BulkFilterError } from './bulk-range';

/** A list request, understood. */
export interface BulkQuery {
	matches: (call: Call) => boolean;
	pageSize: number;
	ascending: boolean;
	before: string | null;
	after: string | null;
	details: boolean;
	recordingUrlValidity: number | null;
}

const knownNames = [
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

/** Words of the records; an ended call of ours can also be `canceled`. */
const statusWords = ['queued', 'ringing', 'in-progress', 'completed', 'failed', 'busy', 'no-answer', 'canceled'];
const directionWords = ['inbound', 'outbound-dial', 'outbound-api'];

type Test = (call: Call) => boolean;
type Query = ReadonlyMap<string, string>;

/**
 * Understands the filters.
 * @param now epoch milliseconds of simulated time
 * @throws BulkFilterError saying what is wrong
 */
export function readBulkQuery(pairs: readonly [string, string][], now: number, strictness: Strictness): BulkQuery {
	const query = new Map(pairs);
	const limit: Limit = (broken, message) => {
		if (broken && strictness === 'strict') throw new BulkFilterError(message);
	};
	for (const name of query.keys())
		if (strictness === 'strict' && !knownNames.includes(name))
			throw new BulkFilterError(`Unknown filter ${name.slice(0, 60)}`);
	const tests = [...listTests(query, limit, strictness), ...figureTests(query, strictness)];
	const [createdFrom, createdTo] = readRange(query.get('DateCreated'), now, { limit, strictness });
	tests.push((call) => call.createdAt >= createdFrom && call.createdAt <= createdTo);
	const pageSize = readPageSize(query.get('PageSize'), limit);
	const ascending = readAscending(query.get('SortBy'));
	const recordingUrlValidity = readValidity(query.get('RecordingUrlValidity'));
	limit(!isDetails(query.get('details')), 'details must be true or false');
	const before = query.get('Before') || null;
	const after = query.get('After') || null;
	if (before && after) throw new BulkFilterError('Before and After cannot be given together');
	return {
		matches: (call) => tests.every((test) => test(call)),
		pageSize,
		ascending,
		before,
		after,
		details: query.get('details') === 'true',
		recordingUrlValidity,
	};
}

function listTests(query: Query, limit: Limit, strictness: Strictness): Test[] {
	const list = (name: string, max: number): string[] | null => {
		const value = query.get(name);
		if (!value) return null;
		const values = value.split(',').map(repaired).filter(Boolean);
		limit(values.length > max, `${name}: at most ${max} values can be given`);
		return values;
	};
	const sids = list('Sid', 100);
	const usable = strictness === 'strict' ? (number: string) => isSip(number) || isE164(number) : isDiallable;
	const numbersTest = (name: string, of: (call: Call) => string): Test | null => {
		const requested = list(name, 5);
		if (!requested) return null;
		const form = strictness === 'strict' ? ' in E.164 format' : '';
		if (!requested.every(usable)) throw new BulkFilterError(`${name} must be phone numbers${form}`);
		return (call) => requested.some((number) => sameLine(number, of(call)));
	};
	const words = (name: string, known: readonly string[]): string[] | null => {
		const requested = list(name, known.length);
		limit(
			requested?.some((word) => !known.includes(word)) === true,
			`Valid values for ${name} are ${known.join(', ')}`,
		);
		return requested;
	};
	const statuses = words('Status', statusWords);
	const directions = words('Direction', directionWords);
	const tests: (Test | null)[] = [
		sids && ((call) => sids.includes(call.sid)),
		numbersTest('To', recordedTo),
		numbersTest('From', (call) => call.from),
		numbersTest('PhoneNumber', (call) => call.exoPhone),
		statuses && ((call) => statuses.includes(call.status)),
		directions && ((call) => directions.includes(call.direction)),
	];
	return tests.filter((test) => test !== null);
}

function figureTests(query: Query, strictness: Strictness): Test[] {
	const duration = (call: Call) => seconds(call.startedAt, call.endedAt ?? call.startedAt);
	return [
		...figureTest(query.get('Duration'), strictness === 'strict' ? durationForm : bareDurationForm, duration),
		...figureTest(query.get('Price'), priceForm, (call) => Number(price(call))),
	];
}

interface FigureForm {
	name: string;
	expression: RegExp;
	example: string;
}

const durationForm: FigureForm = { name: 'Duration', expression: /^(\d{1,9})s$/, example: 'gte:10s;lte:45s' };
const bareDurationForm: FigureForm = { ...durationForm, expression: /^(\d{1,9})s?$/ };
const priceForm: FigureForm = {
	name: 'Price',
	expression: /^(\d{1,9}(?:\.\d{1,9})?)$/,
	example: 'gte:0.10;lte:1.0',
};

function figureTest(text: string | undefined, form: FigureForm, of: (call: Call) => number): Test[] {
	if (!text) return [];
	return operators(text, form.name).map(({ operator, value }): Test => {
		const match = form.expression.exec(value);
		if (!match) throw new BulkFilterError(`${form.name} must look like ${form.example}`);
		const bound = Number(match[1]);
		if (operator === 'gte') return (call) => of(call) >= bound;
		return operator === 'lte' ? (call) => of(call) <= bound : (call) => of(call) === bound;
	});
}

function readPageSize(text: string | undefined, limit: Limit): number {
	if (text === undefined || text === '') return 50;
	if (!/^\d{1,6}$/.test(text) || Number(text) < 1)
		throw new BulkFilterError('PageSize must be a whole number from 1 to 100');
	limit(Number(text) > 100, 'PageSize must not be more than 100');
	return Math.min(Number(text), 1000);
}

function readAscending(sort: string | undefined): boolean {
	if (sort === undefined) return false;
	if (!/^DateCreated:(asc|desc)$/.test(sort))
		throw new BulkFilterError('SortBy must be DateCreated:asc or DateCreated:desc');
	return sort.endsWith('asc');
}

function readValidity(text: string | undefined): number | null {
	if (text === undefined) return null;
	if (!isValidity(text))
		throw new BulkFilterError('RecordingUrlValidity must be a whole number of minutes from 5 to 60');
	return Number(text);
}

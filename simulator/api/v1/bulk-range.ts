/** The `DateCreated` range of bulk call details, and the operators that filters are written with (seed 004). */
import { readNaiveStamp } from '../../wire/stamps';
import type { Strictness } from '../../model/options';

/** A filter that is refused; the message goes into the RestException. */
export class BulkFilterError extends Error {}

/** Refuses a broken limit, unless limits may pass. */
export type Limit = (broken: boolean, message: string) => void;

const DAY_MS = 24 * 3600 * 1000;
const MAX_RANGE_MS = 31 * DAY_MS;
const MAX_AGE_MS = 184 * DAY_MS;

/** The parts of `gte:10s;lte:45s`. */
export function operators(text: string, name: string): { operator: string; value: string }[] {
	return text
		.split(';')
		.filter((part) => part.trim() !== '')
		.map((part) => {
			// a stamp without an operator has colons of its own
			const [, operator = 'eq', value = ''] = /^(?:([a-z]+):)?(.*)$/s.exec(part.trim()) ?? [];
			if (!['gte', 'lte', 'eq'].includes(operator))
				throw new BulkFilterError(`${name}: the operators are gte:, lte: and eq:`);
			return { operator, value: value.trim() };
		});
}

/**
 * @param now epoch milliseconds of simulated time
 * @returns epoch milliseconds, both included
 * @throws BulkFilterError saying what is wrong
 */
export function readRange(
	text: string | undefined,
	now: number,
	{ limit, strictness }: { limit: Limit; strictness: Strictness },
): [number, number] {
	const lastMonth: [number, number] = [now - MAX_RANGE_MS, now];
	if (!text) return lastMonth;
	let from: number | null = null;
	let to: number | null = null;
	for (const { operator, value } of operators(text, 'DateCreated')) {
		const time = readNaiveStamp(value);
		if (time === null || operator === 'eq') {
			// one public report: a malformed range is treated as no filter (facts 3.3, unverified)
			if (strictness === 'as-seen-in-the-field') return lastMonth;
			throw new BulkFilterError('DateCreated must look like gte:2019-01-01 00:00:00;lte:2019-01-31 23:59:59');
		}
		if (operator === 'gte') from = time;
		else to = time + 999;
	}
	const end = to ?? Math.max(from ?? now, now);
	const start = from ?? end - MAX_RANGE_MS;
	limit(end - start > MAX_RANGE_MS + 999, 'DateCreated: the date range must not be more than 1 month');
	limit(start < now - MAX_AGE_MS, 'DateCreated: records older than 6 months cannot be queried');
	return [start, end];
}

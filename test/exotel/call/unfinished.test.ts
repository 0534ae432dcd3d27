/** The record of a call that has ended and that Exotel has not finished (seed 004: about two minutes after the end). */
import assert from 'node:assert/strict';
import { emptyCall, type Call } from '../../../exotel/call/call';
import { isUnfinished } from '../../../exotel/index';

const minute = 60_000;
const now = Date.parse('2026-11-22T10:00:00Z');
const ago = (ms: number): string => new Date(now - ms).toISOString();
const record = (more: Partial<Call>): Call => ({
	...{ ...emptyCall('s1', 'v1'), state: 'ended', status: 'completed', updatedAt: ago(minute), createdAt: ago(9e6) },
	...more,
});

const cases: [what: string, more: Partial<Call>, expected: boolean][] = [
	['without end time and duration, a minute after its end', {}, true],
	['in another case of letters', { status: 'Completed' }, true],
	['without the time of its change, young by its beginning', { updatedAt: null, createdAt: ago(minute) }, true],
	['just under 15 minutes old', { updatedAt: ago(15 * minute - 1) }, true],
	['15 minutes old', { updatedAt: ago(15 * minute) }, false],
	['ahead of our clock by a little', { updatedAt: ago(-minute) }, true],
	['ahead of our clock by 15 minutes', { updatedAt: ago(-15 * minute) }, false],
	['without any time', { updatedAt: null, createdAt: null }, false],
	['with its end time', { endedAt: ago(minute) }, false],
	['with its duration', { durationSeconds: 0 }, false],
	['of a call that is active', { state: 'active', status: 'in-progress' }, false],
	['without a status', { status: null }, false],
	['of an agent (v2)', { api: 'v2' }, false],
	...['busy', 'no-answer', 'failed', 'canceled'].map((status): [string, Partial<Call>, boolean] => [
		...([`with the status ${status}`, { status }, false] as const),
	]),
];

describe('the record of a call', () => {
	for (const [what, more, expected] of cases)
		it(`${what} is ${expected ? 'not finished' : 'taken as it is'}`, () => {
			assert.equal(isUnfinished(record(more), now), expected);
		});
});

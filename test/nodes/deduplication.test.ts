/** The Exotel Trigger's memory: once per event, bounded, apart for each node. */
import assert from 'node:assert/strict';
import type { IDataObject } from 'n8n-workflow';
import { readAccount, readCallEvent } from '../../exotel';
import { isFirstTime } from '../../nodes/ExotelTrigger/deduplication';

const account = readAccount({ sid: 'webhook' });
const event = (sid: string, more: Record<string, unknown> = {}) =>
	readCallEvent(
		{
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ CallSid: sid, EventType: 'terminal', Status: 'completed', ...more }),
			receivedAt: 0,
		},
		account,
	);

/** As n8n stores and loads it. */
const stored = (data: IDataObject): IDataObject => JSON.parse(JSON.stringify(data)) as IDataObject;

describe('the memory of the Exotel Trigger', () => {
	it('lets an event through once, also after a restart of n8n', () => {
		const data: IDataObject = {};
		assert.equal(isFirstTime(event('once'), data, 'node a'), true);
		assert.equal(isFirstTime(event('once'), data, 'node a'), false);
		assert.equal(isFirstTime(event('once'), stored(data), 'node a after a restart'), false);
	});

	it("catches a repeat that another n8n worker's copy of the data does not know", () => {
		assert.equal(isFirstTime(event('together'), {}, 'node b'), true);
		assert.equal(isFirstTime(event('together'), {}, 'node b'), false);
		assert.equal(isFirstTime(event('together'), {}, 'another node'), true);
	});

	it('drops progress that comes after the end', () => {
		const data: IDataObject = {};
		assert.equal(isFirstTime(event('ended'), data, 'node c'), true);
		assert.equal(
			isFirstTime(event('ended', { EventType: 'answered', Legs: [{ Status: 'in-progress' }] }), data, 'node c'),
			false,
		);
	});

	it('remembers the last 200 calls in less than 100 kB', () => {
		const data: IDataObject = {};
		for (let index = 0; index < 1_000; index += 1) {
			const sid = index.toString(36).padStart(32, '0');
			isFirstTime(event(sid, { EventType: 'answered', Legs: [{ Status: 'in-progress' }] }), data, 'node d');
			isFirstTime(event(sid), data, 'node d');
		}
		assert.equal(Object.keys(data['calls'] as object).length, 200);
		assert.ok(JSON.stringify(data).length < 100_000, `${JSON.stringify(data).length}`);
	});
});

/** The Exotel Trigger's memory: once per event, bounded, apart for each node. */
import assert from 'node:assert/strict';
import type { IDataObject } from 'n8n-workflow';
import { readAccount, readCallEvent } from '../../exotel';
import { isFirstTime, markStored, rememberLeftOut } from '../../nodes/ExotelTrigger/deduplication';

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

describe('the memory of the Exotel Trigger', function () {
	this.timeout(60_000);

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

	it('forgets nothing because the clock was ahead for one event', () => {
		const data: IDataObject = {};
		const now = Date.now();
		const told = (sid: string, at: number): void => {
			isFirstTime(event(sid), data, 'node t', at);
			markStored(event(sid), data, 'node t');
		};
		told('before', now);
		told('ahead', now + 30 * 86_400_000);
		told('after', now);
		assert.deepEqual(Object.keys(data['calls'] as IDataObject).sort(), ['after', 'ahead', 'before']);
	});

	it('drops progress that comes after the end', () => {
		const data: IDataObject = {};
		assert.equal(isFirstTime(event('ended'), data, 'node c'), true);
		assert.equal(
			isFirstTime(event('ended', { EventType: 'answered', Legs: [{ Status: 'in-progress' }] }), data, 'node c'),
			false,
		);
	});

	it('knows after a restart that an end was left out: late progress is dropped, the end that passes is not', () => {
		const data: IDataObject = {};
		rememberLeftOut(event('left-out'), data, 'node g');
		const answered = event('left-out', { EventType: 'answered', Legs: [{ Status: 'in-progress' }] });
		assert.equal(isFirstTime(answered, stored(data), 'node g after a restart'), false);
		assert.equal(isFirstTime(event('left-out'), stored(data), 'node g after another'), true);
	});

	const hour = 3_600_000;
	const sidOf = (index: number) => index.toString(36).padStart(32, '0');
	const call = (data: IDataObject, sid: string, scope: string, now: number) => {
		isFirstTime(event(sid, { EventType: 'answered', Legs: [{ Status: 'in-progress' }] }), data, scope, now);
		return isFirstTime(event(sid), data, scope, now);
	};

	it('knows an ended call for 26 hours, also after 1,300 others and a restart of n8n', () => {
		const data: IDataObject = {};
		call(data, 'replayed', 'node d', 0);
		for (let index = 0; index < 1_300; index += 1) call(data, sidOf(index), 'node d', index);
		assert.equal(call(stored(data), 'replayed', 'node d after a restart', 25.9 * hour), false);
		call(data, 'another', 'node d', 26.1 * hour);
		assert.deepEqual(Object.keys(data['calls'] as object), ['another']);
	});

	it('remembers calls in less than 130 kB', () => {
		const data: IDataObject = {};
		for (let index = 0; index < 1_500; index += 1) call(data, sidOf(index), 'node e', index);
		const { length } = JSON.stringify(data);
		assert.ok(length > 100_000 && length < 130_000, `${length}`);
	});

	it('forgets what it cannot read, instead of failing', () => {
		const data: IDataObject = { calls: { broken: { position: 1 }, half: '[1', odd: '["x",1,true]' } };
		assert.equal(isFirstTime(event('readable'), data, 'node f'), true);
		assert.deepEqual(Object.keys(data['calls'] as object), ['readable']);
	});
});

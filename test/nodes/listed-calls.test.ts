/** Calls that the second double of Exotel lists: what a missed incoming call comes out as, with and without its legs. */
import assert from 'node:assert/strict';
import { ExotelCompletedCallsTrigger } from '../../nodes/ExotelCompletedCallsTrigger/ExotelCompletedCallsTrigger.node.js';
import { startDouble, type Double } from '../double';
import { pollHost } from './hosted';

type Listed = { sid: string; outcome: string; reason: string | null; unansweredBy: string | null };

describe('a missed incoming call', () => {
	let double: Double;
	beforeEach(async () => {
		double = await startDouble({ sid: 'demo1', key: 'key', token: 'token' });
		const from = '+919812345678';
		const exoPhone = '08047112233';
		const inbound = { from, exoPhone, kind: 'inbound', direction: 'inbound', to: exoPhone, ended: true } as const;
		double.addCall(
			{ ...inbound, sid: 'missed' },
			{
				legs: [{ status: 'completed' }, { status: 'no-answer' }],
				terminal: { status: 'completed', conversation: 0 },
			},
		);
		double.addCall({ ...inbound, sid: 'answered' });
	});
	afterEach(() => double.close());

	async function listed(filters: Record<string, unknown>): Promise<Listed[]> {
		const host = pollHost(double.origin, { filters: filters as never });
		const began = Date.now() - 3_600_000;
		Object.assign(host.staticData, { since: 0, readUntil: began, fullScanAt: began, emitted: {} });
		const items = ((await new ExotelCompletedCallsTrigger().poll.call(host.functions)) ?? [[]])[0] ?? [];
		return items.map(({ json }) => json['call'] as unknown as Listed);
	}

	it('is found by the filter for it, and by that alone', async () => {
		assert.deepEqual(
			(await listed({ outcomes: ['no-answer', 'busy'] })).map(({ sid, unansweredBy }) => [sid, unansweredBy]),
			[['missed', 'to']],
		);
		assert.deepEqual(
			(await listed({ outcomes: ['answered'] })).map(({ sid }) => sid),
			['answered'],
		);
	});

	it('has an unknown outcome when its legs are not read, as an answered one has', async () => {
		assert.deepEqual(
			(await listed({ details: false })).map(({ outcome, reason }) => [outcome, reason]),
			[
				['unknown', 'not-stated'],
				['unknown', 'not-stated'],
			],
		);
		assert.deepEqual(await listed({ details: false, outcomes: ['answered', 'no-answer'] }), []);
	});
});

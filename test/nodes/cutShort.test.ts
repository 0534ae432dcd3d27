/** A list of calls that Exotel does not give to its end: what was read is handed out, and the rest follows. */
import assert from 'node:assert/strict';
import type { NodeApiError } from 'n8n-workflow';
import { ExotelCompletedCallsTrigger } from '../../nodes/ExotelCompletedCallsTrigger/ExotelCompletedCallsTrigger.node.js';
import { startDouble, type Double } from '../double';
import { callHost, pollHost, type PollHost } from './hosted';

describe('a list of calls that ends early', () => {
	let double: Double;
	beforeEach(async () => {
		double = await startDouble({ sid: 'demo1', key: 'key', token: 'token' });
	});
	afterEach(() => double.close());

	/** A call that began so many minutes ago. */
	function add(minutesAgo: number): string {
		const createdMs = Date.now() - minutesAgo * 60_000;
		const parties = { from: '+919812345678', to: '+918012345602', exoPhone: '08047112233' };
		return double.addCall({ ...parties, createdMs, kind: 'two-numbers', direction: 'outbound-api', ended: true })
			.sid;
	}

	/** A trigger that began an hour ago. */
	function begun(options: Parameters<typeof pollHost>[1] = {}): PollHost {
		const host = pollHost(double.origin, options);
		const began = Date.now() - 3_600_000;
		Object.assign(host.staticData, { since: began, readUntil: began, fullScanAt: began, emitted: {} });
		return host;
	}

	const trigger = new ExotelCompletedCallsTrigger();
	const poll = async ({ functions }: PollHost) =>
		((await trigger.poll.call(functions)) ?? [[]])[0]!.map(({ json }) => json as { call: { sid: string } });

	const noNetwork = () => Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });

	/** 240 ended calls of the last half an hour, 40 of them in the same second. */
	function addMany(): Set<string> {
		for (let index = 0; index < 240; index += 1) add(30 - 5 * Math.floor(index / 40));
		return new Set(double.calls.map(({ sid }) => sid));
	}

	/** Polls until nothing is left; a poll may fail. */
	async function pollAll(host: PollHost, polls: number, before: () => void): Promise<string[]> {
		const handed: string[] = [];
		for (let count = 0; count < polls; count += 1) {
			before();
			handed.push(...(await poll(host).catch(() => [])).map(({ call }) => call.sid));
		}
		return handed;
	}

	it('hands out what was read, and goes on at the next poll without loss or repeats', async () => {
		const sids = addMany();
		const host = begun();
		host.failNext(noNetwork(), 1);
		const first = await poll(host);
		assert.equal(first.length, 100);
		assert.match(host.log.join(), /list of calls ended early/i);
		const rest = await poll(host);
		const handed = [...first, ...rest].map(({ call }) => call.sid);
		assert.equal(handed.length, sids.size);
		assert.deepEqual(new Set(handed), sids);
	});

	it('gets on although no poll reads more than one page', async () => {
		const sids = addMany();
		const host = begun();
		const handed = await pollAll(host, 5, () => host.failNext(noNetwork(), 1));
		assert.equal(handed.length, sids.size);
		assert.deepEqual(new Set(handed), sids);
	});

	it('gets on although the list leads in circles', async () => {
		const sids = addMany();
		const host = begun();
		let second: string | undefined;
		host.rewrite((body) => {
			const page = JSON.parse(body) as { Metadata: { NextPageUri: string | null } };
			second ??= page.Metadata.NextPageUri ?? undefined;
			page.Metadata.NextPageUri ??= second ?? null;
			return JSON.stringify(page);
		});
		const handed = await pollAll(host, 3, () => (second = undefined));
		assert.equal(handed.length, sids.size);
		assert.deepEqual(new Set(handed), sids);
		const later = add(1);
		assert.deepEqual(await pollAll(host, 1, () => (second = undefined)), [later]);
	});

	it('begins again at the last call that was read when Exotel no longer knows a page', async () => {
		const sids = addMany();
		const host = begun({ budgetMs: 0 });
		const first = await poll(host);
		host.failNext(noNetwork());
		await assert.rejects(poll(host));
		const rest = await pollAll(host, 5, () => {});
		const handed = [...first.map(({ call }) => call.sid), ...rest];
		assert.equal(handed.length, sids.size);
		assert.deepEqual(new Set(handed), sids);
	});

	describe('in Get Many', () => {
		const settings = { resource: 'call', operation: 'getMany', returnAll: true, filters: {} };
		/** 120 calls; the second page fails. */
		function cutShort(): void {
			for (let index = 0; index < 120; index += 1) add(30);
			double.failNext('GET', 1, { delay: 1 });
			double.failNext('GET', 1, { status: 403 });
		}

		it('gives out what was read, the error behind it and a hint, when the node is to continue', async () => {
			for (const how of [{ onError: 'continueRegularOutput' }, { isTool: true }] as const) {
				cutShort();
				const { seen, run } = callHost(double.origin, settings, how);
				const items = await run();
				assert.equal(items.filter(({ json }) => typeof json['sid'] === 'string').length, 100);
				assert.ok(items[100]!.json['error']);
				assert.equal(items.length, 101);
				assert.match(seen.hints.join(), /not complete.* after 100 calls/);
			}
		});

		it('returns all when an expression says so in another way, and asks when it says neither', async () => {
			for (let index = 0; index < 60; index += 1) add(30);
			const count = async (returnAll: unknown) =>
				(await callHost(double.origin, { ...settings, returnAll }).run()).length;
			for (const yes of ['true', 1]) assert.equal(await count(yes), 60);
			for (const no of [false, 'false', 0]) assert.equal(await count(no), 50);
			for (const odd of ['', 'all', 2, []]) {
				await assert.rejects(count(odd), /Return All must be true or false/);
			}
		});

		it('gives out the ExoPhones that were read when a later page fails', async () => {
			await double.close();
			const exoPhones = Array.from({ length: 60 }, (_, n) => `+91804711${1000 + n}`);
			double = await startDouble({ sid: 'demo1', key: 'key', token: 'token', exoPhones });
			const failSecondPage = (): void => {
				double.failNext('GET', 1, { delay: 1 });
				double.failNext('GET', 1, { status: 403 });
			};
			const list = { resource: 'exoPhone', operation: 'getMany', returnAll: true };
			failSecondPage();
			const { seen, run } = callHost(double.origin, list, { onError: 'continueRegularOutput' });
			const items = await run();
			assert.equal(items.filter(({ json }) => typeof json['number'] === 'string').length, 50);
			assert.ok(items[50]!.json['error']);
			assert.match(seen.hints.join(), /not complete.* after 50 ExoPhones/);
			failSecondPage();
			await assert.rejects(callHost(double.origin, list).run(), (error: NodeApiError) =>
				/50 ExoPhones were read before\. To get them, set On Error/.test(String(error.description)),
			);
			const all = await callHost(double.origin, list).run();
			assert.equal(all.length, 60);
		});

		it('fails with On Error: Stop, since a part must not pass for the whole, and says how to get it', async () => {
			cutShort();
			await assert.rejects(callHost(double.origin, settings).run(), (error: NodeApiError) =>
				/100 calls were read before\. To get them, set On Error/.test(String(error.description)),
			);
		});
	});
});

/** Placing calls in n8n: whatever is wrong with a node's settings is found before a phone rings. */
import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator/index';
import { startRepeatingExotel } from '../exotel/repeating-exotel';
import { callHost, FailingExpression, resumed, type Settings } from './hosted';

type Simulator = Awaited<ReturnType<typeof startSimulator>>;

describe('placing calls', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator({ port: 0, speed: 0, callsPerMinute: 0 });
	});
	after(() => simulator.close());

	const host = (parameters: Record<string, unknown>, settings: Settings = {}) =>
		callHost(simulator.url, parameters, settings);

	it('places a call and waits at most the time that was asked for', async () => {
		const { seen, run } = host({ waitForOutcome: true, waitMinutes: 30 });
		const [item] = await run();
		assert.equal(seen.placed, 1);
		assert.deepEqual([item!.json['outcome'], item!.json['reason']], ['unknown', 'wait-timeout']);
		assert.ok(seen.waitTill!.getTime() <= Date.now() + 30 * 60_000);
		assert.equal(JSON.stringify(seen.waitTill), 'null', 'what makes n8n run the node again');
	});

	it('waits also when an expression says so in another way, and calls nobody when it says neither', async () => {
		for (const waitForOutcome of ['true', 1]) {
			const { seen, run } = host({ waitForOutcome, waitMinutes: 30 });
			await run();
			assert.deepEqual([seen.placed, seen.waitTill !== null], [1, true]);
		}
		const { seen, run } = host({ waitForOutcome: 'maybe', waitMinutes: 30 });
		await assert.rejects(run(), /Wait for Outcome must be true or false/);
		assert.equal(seen.placed, 0);
	});

	it('gives out no token of a callback URL that the answer repeats, also in the raw answer', async () => {
		const exotel = await startRepeatingExotel();
		try {
			const statusCallbackUrl = 'https://n8n.example.com/webhook/1/exotel?token=WEBHOOKSECRET-0123456789';
			const [item] = await callHost(exotel.url, { options: { statusCallbackUrl }, simplify: false }).run();
			assert.match(String(exotel.forms), /WEBHOOKSECRET/);
			const told = JSON.stringify(item!.json);
			assert.match(
				told,
				/"StatusCallback":"https:\/\/n8n\.example\.com\/webhook\/1\/exotel\?token=\*\*\*&attempt=/,
			);
			assert.ok(!told.includes('WEBHOOKSECRET'), told);
		} finally {
			exotel.close();
		}
	});

	it('calls nobody again when n8n runs the node again, and gives up at the end of the time', async () => {
		const { seen, run } = host({ waitForOutcome: true, waitMinutes: 0.0001 });
		const [parked] = await run();
		await new Promise((resolve) => setTimeout(resolve, 20));
		seen.waitTill = null;
		assert.deepEqual((await run())[0]!.json, parked!.json);
		assert.deepEqual([seen.placed, seen.waitTill], [1, null]);
	});

	describe('whose response never came', () => {
		/** A wait for such a call, and the SID of a call that goes on for 60 s. */
		async function lost(confirmEnd: boolean) {
			const { run } = host({ waitForOutcome: true, waitMinutes: 30, confirmEnd }, { lost: true });
			const [[parked], [active]] = await Promise.all([run(), host({ to: '+918012345602' }).run()]);
			const sid = String(active!.json['sid']);
			const reported = (EventType: string, Status: string) =>
				resumed(simulator.url, parked!.json, { CallSid: sid, EventType, Status });
			return { run, sid, reported };
		}

		it('asks for the call that a report named, when Exotel confirms its end only later', async () => {
			const { run, sid, reported } = await lost(true);
			const { answers, workflowData } = await reported('terminal', 'completed');
			assert.deepEqual([answers, workflowData], [[503], undefined], 'Exotel may report it again');
			assert.deepEqual((await run())[0]!.json['reason'], 'no-response', 'it goes on');
			await simulator.advance(60);
			const [item] = await run();
			assert.deepEqual([item!.json['sid'], item!.json['outcome']], [sid, 'busy']);
		});

		it('asks for the call whose progress was reported', async () => {
			const { run, sid, reported } = await lost(false);
			const { answers, workflowData } = await reported('answered', 'in-progress');
			assert.deepEqual([answers, workflowData], [[], undefined]);
			await simulator.advance(60);
			const [item] = await run();
			assert.deepEqual([item!.json['sid'], item!.json['outcome']], [sid, 'busy']);
		});
	});

	const deadline = Date.now() + 3_600_000;
	for (const [what, exotelWait, outcome] of [
		['without its beginning', { deadline, step: 0, simplify: true, attemptId: 'a-1' }, 'parked'],
		['of which nothing can be read', {}, 'unknown'],
		['of another shape', 'a later format', 'unknown'],
		['that is empty', null, 'unknown'],
	] as const) {
		for (const waitForOutcome of [true, false]) {
			it(`calls nobody again for a stored wait ${what}${waitForOutcome ? '' : ', the setting gone'}`, async () => {
				const items = [{ json: { sid: null, attemptId: 'a-1' } }];
				const { seen, run } = host({ waitForOutcome }, { items, metadata: { exotelWait } });
				const [item, ...others] = await run();
				assert.deepEqual([seen.placed, others], [0, []]);
				if (outcome === 'parked') return assert.equal(seen.waitTill!.getTime() <= deadline, true);
				assert.equal(seen.waitTill, null);
				assert.deepEqual([item!.json['outcome'], item!.json['reason']], ['unknown', 'wait-timeout']);
				assert.match(String(item!.json['message']), /cannot be read/);
			});
		}
	}

	for (const waitMinutes of ['soon', 0, -5, Number.NaN, 1e9]) {
		it(`calls nobody when the longest wait is ${String(waitMinutes)}`, async () => {
			const { seen, run } = host({ waitForOutcome: true, waitMinutes });
			await assert.rejects(run(), /Wait at Most/);
			assert.deepEqual([seen.placed, seen.waitTill], [0, null]);
		});
	}

	it('goes by the settings as they were before the phone rang', async () => {
		for (const [simplify, confirmEnd] of [
			[false, true],
			[true, false],
		] as const) {
			const [parked] = await host({ waitForOutcome: true, waitMinutes: 30, simplify, confirmEnd }).run();
			const body = { CallSid: parked!.json['sid'], EventType: 'terminal', Status: 'completed' };
			// n8n stores the item and works the settings out anew, by another item.
			const stored = JSON.parse(JSON.stringify(parked!.json)) as Record<string, unknown>;
			const { workflowData } = await resumed(simulator.url, stored, body, {
				parameters: { simplify: !simplify, confirmEnd: !confirmEnd },
			});
			const item = workflowData?.[0]?.[0]?.json;
			if (confirmEnd) assert.equal(workflowData, undefined, 'the call goes on, as Exotel says');
			else assert.deepEqual([item?.['outcome'], item !== undefined && 'raw' in item], ['answered', !simplify]);
		}
	});

	it('answers 503 and waits on when a setting cannot be worked out while the phone rings', async () => {
		const [parked] = await host({ waitForOutcome: true, waitMinutes: 30 }).run();
		const body = { CallSid: parked!.json['sid'], EventType: 'terminal', Status: 'completed' };
		const { answers, noWebhookResponse } = await resumed(simulator.url, parked!.json, body, {
			parameters: { splitByOutcome: new FailingExpression() },
		});
		assert.deepEqual([answers, noWebhookResponse], [[503], true]);
		const { workflowData } = await resumed(simulator.url, parked!.json, body);
		assert.equal(workflowData?.[0]?.length, 1, 'what could not be read then counts when it is reported again');
	});

	it('calls nobody when a setting that only the output needs cannot be worked out', async () => {
		for (const setting of ['simplify', 'waitMinutes', 'confirmEnd', 'splitByOutcome']) {
			for (const retryOnFail of [false, true]) {
				const { seen, run } = host(
					{
						waitForOutcome: setting === 'waitMinutes' || setting === 'confirmEnd',
						[setting]: new FailingExpression(),
					},
					{ retryOnFail },
				);
				await assert.rejects(run(), /cannot be worked out/);
				assert.equal(seen.placed, 0);
			}
		}
	});

	for (const onError of ['continueErrorOutput', 'continueRegularOutput'] as const) {
		for (const retryOnFail of [false, true]) {
			for (const waitForOutcome of [false, true]) {
				const how = `${onError}${retryOnFail ? ', Retry On Fail' : ''}${waitForOutcome ? ', waiting' : ''}`;
				it(`says what became of a call that was refused: ${how}`, async () => {
					const [item] = await host({ waitForOutcome, to: 'the reception' }, { onError, retryOnFail }).run();
					const { outcome, reason, sid, error } = item!.json;
					assert.deepEqual([sid, outcome, reason], [null, 'not-attempted', 'refused']);
					assert.deepEqual(Object.keys(item!.json).slice(0, 3), ['outcome', 'reason', 'error']);
					assert.match(String(error), /is not a phone number/, 'n8n may repeat what rang no phone');
					assert.equal(item!.error !== undefined, onError === 'continueErrorOutput', 'the output');
				});
			}

			it(`says what became of a call that may have been placed: ${onError}, retry ${retryOnFail}`, async () => {
				const [item] = await host({}, { onError, retryOnFail, lost: true }).run();
				const { outcome, reason, sid, error, message, details } = item!.json;
				assert.deepEqual([sid, outcome, reason], [null, 'unknown', 'no-response']);
				assert.equal(error === undefined, retryOnFail, 'n8n repeats a node whose first item has an error');
				assert.ok(String(message) !== '' && String((details as { attemptId: string }).attemptId) !== '');
				assert.equal(item!.error !== undefined, onError === 'continueErrorOutput', 'the output');
				assert.equal({ ...item! }.error, undefined, 'n8n would put the message in place of all fields');
			});
		}
	}

	for (const [how, settings] of [
		['On Error: Continue', { onError: 'continueRegularOutput' }],
		['On Error: Continue, Using Error Output', { onError: 'continueErrorOutput' }],
		['a tool', { isTool: true }],
	] as const) {
		it(`hands out for each item that the credential cannot be used: ${how}`, async () => {
			const items = [{ json: {} }, { json: {} }];
			const given = await callHost('nonsense', {}, { ...settings, items }).run();
			assert.deepEqual(
				given.map(({ json, pairedItem }) => [json['outcome'], json['reason'], json['sid'], pairedItem]),
				[0, 1].map((item) => ['not-attempted', 'refused', null, { item }]),
			);
			for (const { json } of given) assert.match(String(json['error']), /^Base URL/);
			await assert.rejects(callHost('nonsense', {}, { items }).run(), /^NodeOperationError: Base URL/);
		});
	}

	it('dials nobody after an item that failed once a phone may have rung, unless errors go on', async () => {
		const items = Array.from({ length: 3 }, () => ({ json: {} }));
		for (const [settings, reasons] of [
			[{}, ['no-response', 'earlier-item-failed', 'earlier-item-failed']],
			[{ onError: 'continueRegularOutput' }, ['no-response', 'no-response', 'no-response']],
		] as const) {
			const given = await host({}, { ...settings, items, lost: true }).run();
			assert.deepEqual(
				given.map(({ json }) => json['reason']),
				reasons,
			);
		}
	});

	it("tells an agent's model what was wrong: as data, since it reads nothing of an error", async () => {
		for (const parameters of [
			{ to: 'the reception' },
			{ resource: 'number', operation: 'lookup', number: 'the reception' },
		]) {
			await assert.rejects(host(parameters).run(), /is not a phone number/);
			const { seen, run } = host(parameters, { isTool: true });
			const [item] = await run();
			assert.match(String(item!.json['error']), /is not a phone number/);
			assert.equal(seen.placed, 0);
		}
	});
});

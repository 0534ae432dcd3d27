/** Placing calls in n8n: whatever is wrong with a node's settings is found before a phone rings. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { runOperation } from '../../nodes/Exotel/operations';
import { startSimulator } from '../../simulator/index';
import { node } from './hosted';

type Simulator = Awaited<ReturnType<typeof startSimulator>>;

/** Settings of the node. */
interface Settings {
	retryOnFail?: boolean;
	onError?: 'continueErrorOutput' | 'continueRegularOutput';
	isTool?: boolean;
	/** What n8n's request function throws in place of a response. */
	lost?: boolean;
}

/** An expression of the user that fails when n8n works it out. */
class FailingExpression {}

describe('placing calls', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator({ port: 0, speed: 0, callsPerMinute: 0 });
	});
	after(() => simulator.close());

	/** Runs Connect Numbers for one item; `placed` counts the requests that make a phone ring. */
	function host(parameters: Record<string, unknown>, settings: Settings = {}) {
		const values: Record<string, unknown> = {
			resource: 'call',
			operation: 'connectNumbers',
			from: '+919812345678',
			to: '+918012345605',
			exoPhone: '08047112233',
			options: {},
			...parameters,
		};
		const seen = { placed: 0, waitTill: null as Date | null };
		const data = { main: [[{ json: {} }]] };
		let metadata: unknown;
		const functions = {
			getNode: () => ({ ...node, ...settings }),
			getInputData: () => data.main[0],
			getExecuteData: () => ({ data, metadata }),
			getExecutionId: () => '1',
			setMetadata: (stored: unknown) => void (metadata = structuredClone(stored)),
			getNodeParameter: (name: string, _item: number, otherwise?: unknown) => {
				if (values[name] instanceof FailingExpression) throw new Error('The expression cannot be worked out');
				return values[name] ?? otherwise;
			},
			evaluateExpression: () => 'http://127.0.0.1:5678/webhook-waiting/1?signature=abc',
			getCredentials: async () => ({ region: 'custom', baseUrl: simulator.url, sid: 'demo1' }),
			continueOnFail: () => settings.onError?.startsWith('continue') === true,
			isToolExecution: () => settings.isTool === true,
			addExecutionHints: () => {},
			putExecutionToWait: async (till: Date) => {
				seen.waitTill = till;
			},
			logger: { info: () => {}, warn: () => {} },
			helpers: {
				httpRequestWithAuthentication: async (_: string, request: IHttpRequestOptions) => {
					if (request.method === 'POST') {
						seen.placed += 1;
						if (settings.lost === true) throw new Error('socket hang up');
					}
					const authorization = `Basic ${Buffer.from('key:token').toString('base64')}`;
					const response = await fetch(request.url, {
						method: request.method ?? 'GET',
						headers: { ...(request.headers as Record<string, string>), authorization },
						body: request.body as string,
					});
					return {
						statusCode: response.status,
						headers: { 'content-type': response.headers.get('content-type') ?? '' },
						body: Readable.from([Buffer.from(await response.text())]),
					};
				},
			},
		};
		return { seen, run: async () => await runOperation(functions as unknown as IExecuteFunctions) };
	}

	it('places a call and waits at most the time that was asked for', async () => {
		const { seen, run } = host({ waitForOutcome: true, waitMinutes: 30 });
		const [item] = await run();
		assert.equal(seen.placed, 1);
		assert.deepEqual([item!.json['outcome'], item!.json['reason']], ['unknown', 'wait-timeout']);
		assert.ok(seen.waitTill!.getTime() <= Date.now() + 30 * 60_000);
		assert.equal(JSON.stringify(seen.waitTill), 'null', 'what makes n8n run the node again');
	});

	it('calls nobody again when n8n runs the node again, and gives up at the end of the time', async () => {
		const { seen, run } = host({ waitForOutcome: true, waitMinutes: 0.0001 });
		const [parked] = await run();
		await new Promise((resolve) => setTimeout(resolve, 20));
		seen.waitTill = null;
		assert.deepEqual((await run())[0]!.json, parked!.json);
		assert.deepEqual([seen.placed, seen.waitTill], [1, null]);
	});

	for (const waitMinutes of ['soon', 0, -5, Number.NaN, 1e9]) {
		it(`calls nobody when the longest wait is ${String(waitMinutes)}`, async () => {
			const { seen, run } = host({ waitForOutcome: true, waitMinutes });
			await assert.rejects(run(), /Wait at Most/);
			assert.deepEqual([seen.placed, seen.waitTill], [0, null]);
		});
	}

	it('calls nobody when a setting that only the output needs cannot be worked out', async () => {
		for (const setting of ['simplify', 'waitMinutes']) {
			for (const retryOnFail of [false, true]) {
				const { seen, run } = host(
					{ waitForOutcome: setting === 'waitMinutes', [setting]: new FailingExpression() },
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

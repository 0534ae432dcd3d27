/** Every operation of the Exotel node on a real n8n, against the simulator. */
import assert from 'node:assert/strict';
import { startDouble } from '../../double';
import { runExotel } from './runs';
import { accountData, SECRETS, sharedStage, type Json, type Stage } from './stage';
import { connectNumbers, exoPhone } from './workflows';

describe('the Exotel node on n8n', function () {
	this.timeout(120_000);
	let stage: Stage;
	before(async () => {
		stage = await sharedStage();
	});

	const callsTo = (to: string) =>
		stage.simulator.calls().filter((call) => String(call['to']).endsWith(to.slice(-10)));

	describe('the credential', () => {
		it('is tested against the API, and a wrong token is refused', async () => {
			const data = accountData(stage.simulator.url);
			assert.equal((await stage.client.testCredential('exotelVoiceApi', stage.account, data)).status, 'OK');
			const refused = await stage.client.testCredential('exotelVoiceApi', stage.account, {
				...data,
				apiToken: 'wrong-token',
			});
			assert.equal(refused.status, 'Error');
			assert.match(refused.message, /did not accept API Key and API Token.*Account → Check/);
		});

		it('says in a sentence what Exotel refused, and which field is missing', async () => {
			const exotel = await startDouble();
			try {
				const { sid, key, token } = exotel.account;
				const data = { ...accountData(exotel.origin), sid, apiKey: key, apiToken: token };
				const test = async (wrong: Json) =>
					await stage.client.testCredential('exotelVoiceApi', stage.account, { ...data, ...wrong });
				assert.equal((await test({})).status, 'OK');
				for (const [status, words] of [
					[402, /plan/],
					[403, /KYC/],
					[404, /does not know this Account SID/],
					[429, /too many requests/],
				] as const) {
					exotel.failNext('GET', 1, { status });
					assert.match((await test({})).message, words);
				}
				for (const [wrong, words] of [
					[{ apiKey: 'wrong' }, /did not accept API Key and API Token/],
					[{ sid: '' }, /Account SID/],
				] as const)
					assert.match((await test(wrong)).message, words);
				const atExotel = { region: 'mumbai', baseUrl: undefined };
				assert.match((await test({ ...atExotel, apiKey: '' })).message, /API key/i);
				assert.match((await test({ ...atExotel, apiToken: '' })).message, /API token/i);
			} finally {
				await exotel.close();
			}
		});

		it('sends no key without encryption across the internet, and says what to do', async () => {
			const data = { ...accountData(stage.simulator.url), baseUrl: 'http://exotel.example.com' };
			const { status, message } = await stage.client.testCredential('exotelVoiceApi', stage.account, data);
			assert.equal(status, 'Error');
			assert.match(message, /^Base URL must start with https:\/\//);
		});

		it('tests the webhook token without any request', async () => {
			assert.equal(
				(
					await stage.client.testCredential('exotelWebhookTokenApi', stage.token, {
						token: SECRETS.webhookToken,
						previousToken: '',
					})
				).status,
				'OK',
			);
			const short = await stage.client.testCredential('exotelWebhookTokenApi', stage.token, {
				token: 'short',
				previousToken: '',
			});
			assert.deepEqual(short, { status: 'Error', message: 'Token must have at least 16 characters.' });
		});
	});

	describe('placing calls', () => {
		it('connects two numbers, with every option, one call per item', async () => {
			const options = {
				record: true,
				recordingChannels: 'dual',
				timeLimitSeconds: 600,
				ringTimeSeconds: 20,
				customField: '={{ $json.order }}',
			};
			const { items, execution } = await runExotel(stage, connectNumbers('={{ $json.to }}', { options }), {
				items: [
					{ to: '+918012345610', order: 'order-1' },
					{ to: '8012345611', order: 'order-2' },
				],
			});
			assert.equal(execution.status, 'success');
			assert.deepEqual(
				items.map(({ to, from, direction, outcome }) => ({ to, from, direction, outcome })),
				[
					{ to: '+918012345610', from: '+919812345678', direction: 'outbound', outcome: null },
					{ to: '+918012345611', from: '+919812345678', direction: 'outbound', outcome: null },
				],
			);
			assert.deepEqual(
				execution.runData['Exotel']![0]!.data!.main![0]!.map(({ pairedItem }) => pairedItem),
				[{ item: 0 }, { item: 1 }],
			);
			assert.deepEqual(
				items.map(({ sid }) => stage.simulator.call(sid) !== null),
				[true, true],
			);
		});

		it('calls a number and runs a flow', async () => {
			const { items } = await runExotel(stage, {
				resource: 'call',
				operation: 'connectFlow',
				from: '+919812345678',
				flowId: '926',
				exoPhone,
			});
			assert.match(items[0]!['sid'], /^[0-9a-z]{32}$/);
		});

		it('connects an agent and a customer, by phone', async () => {
			const { items } = await runExotel(stage, {
				resource: 'call',
				operation: 'connectAgent',
				agentBy: 'agentContact',
				agentContact: '+919812345678',
				to: '+918012345610',
				exoPhone,
				simplify: false,
			});
			assert.equal(items[0]!['api'], 'v2');
			assert.ok(items[0]!['raw'], 'the full output has what Exotel sent');
		});

		it(
			'finds what is wrong with any item before the first phone rings, and names field, item and ' + 'remedy',
			async () => {
				const before = stage.simulator.calls().length;
				const { execution } = await runExotel(stage, connectNumbers('={{ $json.to }}'), {
					items: [{ to: '+918012345610' }, { to: 'nobody' }],
				});
				assert.equal(execution.status, 'error');
				assert.match(execution.error!.message, /is not a phone number/);
				assert.equal(execution.error!.context?.itemIndex, 1);
				assert.equal(stage.simulator.calls().length, before);
			},
		);

		it('quotes no number it cannot use, however it is written', async () => {
			for (const to of ['98123 45694 98123', '%2B919812345694', '९८१२३४५६९४ x']) {
				const { execution } = await runExotel(stage, connectNumbers(to));
				assert.equal(execution.status, 'error');
			}
		});

		it("names Exotel's own reason and a remedy when it refuses", async () => {
			const { execution } = await runExotel(stage, connectNumbers('+918012345694'));
			assert.match(execution.error!.message, /KYC/);
			assert.ok(execution.error!.description);
		});

		it('never dials twice when the response is lost, and says so on the item', async () => {
			for (const settings of [{}, { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 }]) {
				const to = 'retryOnFail' in settings ? '+918098765593' : '+918098765496';
				const { execution, items } = await runExotel(stage, connectNumbers(to), { settings });
				assert.equal(execution.status, 'success');
				assert.deepEqual(
					{ outcome: items[0]!['outcome'], reason: items[0]!['reason'] },
					{ outcome: 'unknown', reason: 'no-response' },
				);
				assert.match(items[0]!['message'], /not known whether the call was placed/);
				assert.match(items[0]!['details'].attemptId, /^[\w-]{22}$/);
				assert.match(execution.runData['Exotel']![0]!.hints![0]!.message, /Retry On Fail/);
				assert.equal(callsTo(to).length, 1);
			}
		});

		it('keeps Retry On Fail from ringing a phone again when an earlier item failed', async () => {
			const to = '+918098765610';
			const { items } = await runExotel(stage, connectNumbers('={{ $json.to }}'), {
				items: [{ to: '+918098765694' }, { to }],
				settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0, onError: 'continueRegularOutput' },
			});
			assert.deepEqual(
				items.map(({ outcome }) => outcome),
				['not-attempted', null],
			);
			assert.equal(callsTo(to).length, 1);
		});

		it('carries on after a failed item when told to', async () => {
			const { items } = await runExotel(stage, connectNumbers('={{ $json.to }}'), {
				items: [{ to: '+918012345694' }, { to: '+918012345610' }],
				settings: { onError: 'continueRegularOutput' },
			});
			assert.equal(items.length, 2);
			assert.match(items[0]!['error'], /KYC/);
			assert.match(items[1]!['sid'], /^[0-9a-z]{32}$/);
		});
	});

	describe('reading', () => {
		let ended: Json[];
		before(async () => {
			({ items: ended } = await runExotel(
				stage,
				connectNumbers('={{ $json.to }}', { options: { record: true } }),
				{
					items: [{ to: '+918012340005' }, { to: '+918012340001' }, { to: '+918012340002' }],
				},
			));
			await stage.simulator.advance(600);
		});

		it("reads one call, and an agent's call in its own place", async () => {
			const { items } = await runExotel(stage, { resource: 'call', operation: 'get', sid: ended[0]!['sid'] });
			assert.deepEqual(
				{ outcome: items[0]!['outcome'], to: items[0]!['to'] },
				{ outcome: 'answered', to: '+918012340005' },
			);
			const placed = await runExotel(stage, {
				resource: 'call',
				operation: 'connectAgent',
				agentContact: '+919812345678',
				to: '+918012345610',
				exoPhone,
			});
			const read = await runExotel(stage, {
				resource: 'call',
				operation: 'get',
				sid: placed.items[0]!['sid'],
				options: { api: 'v2' },
				simplify: false,
			});
			assert.deepEqual([read.items[0]!['sid'], read.items[0]!['api']], [placed.items[0]!['sid'], 'v2']);
		});

		it('says that an unknown call does not exist', async () => {
			const { execution } = await runExotel(stage, { resource: 'call', operation: 'get', sid: '0'.repeat(32) });
			assert.equal(execution.status, 'error');
			assert.ok(execution.error!.description);
		});

		it('lists calls with filters, and stops at the limit', async () => {
			// The simulator's clock runs ahead of ours.
			const between = {
				createdAfter: new Date(Date.now() - 86_400_000).toISOString(),
				createdBefore: new Date(stage.simulator.now() + 60_000).toISOString(),
			};
			const missed = await runExotel(stage, {
				resource: 'call',
				operation: 'getMany',
				returnAll: true,
				filters: { ...between, status: ['no-answer', 'busy'], to: '+918012340001, +918012340002' },
			});
			assert.deepEqual(missed.items.map(({ outcome }) => outcome).sort(), ['busy', 'no-answer']);
			const one = await runExotel(stage, {
				resource: 'call',
				operation: 'getMany',
				returnAll: false,
				limit: 1,
				filters: { ...between, exoPhone: { ...exoPhone, mode: 'list' } },
			});
			assert.equal(one.items.length, 1);
		});

		it('downloads a recording as a file', async () => {
			const { execution, items } = await runExotel(stage, {
				resource: 'call',
				operation: 'getRecording',
				recordingBy: 'sid',
				sid: ended[0]!['sid'],
				binaryProperty: 'audio',
			});
			assert.equal(execution.status, 'success', execution.error?.message);
			assert.ok(items[0]!['bytes'] > 0);
			const file = execution.runData['Exotel']![0]!.data!.main![0]![0]!.binary!['audio']!;
			assert.match(file.mimeType, /^audio\//);
		});

		it('says what to do when there is no recording', async () => {
			const { execution } = await runExotel(stage, {
				resource: 'call',
				operation: 'getRecording',
				recordingBy: 'sid',
				sid: ended[1]!['sid'],
			});
			assert.match(execution.error!.message, /no recording/);
			assert.match(execution.error!.description!, /Wait longer|Only calls that were answered/);
		});

		it('looks a number up', async () => {
			const { items } = await runExotel(stage, {
				resource: 'number',
				operation: 'lookup',
				number: '+919812345678',
			});
			assert.equal(items[0]!['number'], '+919812345678');
			assert.ok('dnd' in items[0]!);
		});

		it('lists the ExoPhones, and offers them in the field', async () => {
			const { items } = await runExotel(stage, { resource: 'exoPhone', operation: 'getMany', returnAll: true });
			assert.ok(items.length > 0);
			const listed = await stage.client.request(
				'POST',
				'/rest/dynamic-node-parameters/resource-locator-results',
				{
					nodeTypeAndVersion: { name: '@exonodes/n8n-nodes-exotel.exotel', version: 1 },
					path: 'parameters.exoPhone',
					methodName: 'searchExoPhones',
					currentNodeParameters: { resource: 'call', operation: 'connectNumbers' },
					credentials: { exotelVoiceApi: stage.account },
				},
			);
			assert.deepEqual(
				listed['results'].map(({ value }: Json) => value).sort(),
				items.map(({ number }) => number).sort(),
			);
		});
	});

	describe('after all of that', () => {
		it("lets no key, token or phone number into n8n's log", async () => {
			const { numberIn, secretsIn } = await import('../../../tools/test/leaks.mjs');
			assert.deepEqual(secretsIn(stage.n8n.log()), []);
			assert.equal(numberIn(stage.n8n.log()), null);
		});
	});
});

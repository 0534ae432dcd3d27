/** An account whose key is worth something, in a Node-RED whose editor asks nobody for a password. */
import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from './running-node-red';

const TOLD = 'exotel-account:finding.no-password';

describe('an editor without a password', () => {
	let nodeRed: RunningNodeRed;
	afterEach(async () => {
		await nodeRed.stop();
	});

	async function start(account: object, settings: Record<string, unknown> = {}): Promise<void> {
		const flow: FlowNode[] = ['account', 'other'].map((id) => ({
			...{ id, type: 'exotel-account', region: 'singapore', sid: 'acme1' },
			...account,
		}));
		const none = { adminAuth: undefined, httpAdminAuth: undefined, httpAdminMiddleware: undefined };
		nodeRed = await startNodeRed(await reservePort(), flow, {
			settings: { ...none, httpAdminRoot: '/', ...settings },
			credentials: { account: { apiKey: 'k', apiToken: 't', webhookToken: 'webhook-token-of-letters' } },
		});
	}
	const warnings = (): number => nodeRed.log().split(TOLD).length - 1;

	it('is told of in the log, once, and in the form when the account is tested', async () => {
		await start({});
		assert.equal(warnings(), 1);
		const { body } = (await helper
			.request()
			.post('/exotel-account/account/test')
			.set('content-type', 'application/json')
			// What is missing is said before Exotel would be asked.
			.send({ region: 'singapore', sid: 'acme1', apiKey: '', apiToken: '' })) as {
			body: { findings: { key: string; level: string }[] };
		};
		assert.deepEqual(
			body.findings.filter(({ key }) => key === 'no-password').map(({ level }) => level),
			['note'],
		);
	});

	for (const [when, account, settings] of [
		['there is a password', {}, { adminAuth: { type: 'credentials', users: [] } }],
		['there is a password of the kind Node-RED had before', {}, { httpAdminAuth: { user: 'u', pass: 'p' } }],
		['a check of the administrator stands in front', {}, { httpAdminMiddleware: () => undefined }],
		['there is no editor', {}, { httpAdminRoot: false }],
		['the account is that of the simulator', { region: 'custom', baseUrl: 'http://127.0.0.1:1' }, {}],
	] as const)
		it(`is not told of when ${when}`, async () => {
			await start(account, settings);
			assert.equal(warnings(), 0);
		});
});

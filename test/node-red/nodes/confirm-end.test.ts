/** *Confirm the end by asking Exotel* of the account: what a report says is believed when Exotel's record says it. */
import assert from 'node:assert/strict';
import type { CallEvent } from '../../../exotel/index';
import { EndConfirmation, pathToken } from '../../../exotel/index';
import { startDouble, type Double } from '../../double/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const WEBHOOK_TOKEN = 'present-webhook-token';
const numbers = { from: '+919812345678', to: '+919812345679', exoPhone: '+918047112233' };

describe('an account that confirms ends by asking Exotel', function () {
	this.timeout(20_000);
	let exotel: Double;
	let port: Awaited<ReturnType<typeof reservePort>>;
	let running: RunningNodeRed;

	const flow = (confirmEnds: unknown): FlowNode[] => [
		{ id: 'tab', type: 'tab' },
		{
			...{ id: 'account', type: 'exotel-account', region: 'custom', baseUrl: exotel.origin },
			...{ sid: exotel.account.sid, publicUrl: port.url, confirmEnds },
		},
		{ id: 'a', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [['a-out']] },
		{ id: 'a-out', z: 'tab', type: 'helper' },
	];
	const start = async (confirmEnds: unknown): Promise<void> => {
		const { key: apiKey, token: apiToken } = exotel.account;
		const credentials = { account: { apiKey, apiToken, webhookToken: WEBHOOK_TOKEN } };
		running = await startNodeRed(port, flow(confirmEnds), { credentials });
	};
	const post = (sid: string, more: object = {}): Promise<Response> =>
		fetch(`${port.url}/exotel/calls?token=${pathToken(WEBHOOK_TOKEN, '/exotel/calls')}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				...{ CallSid: sid, EventType: 'terminal', Status: 'completed', Direction: 'outbound-api' },
				...{ DateUpdated: '2019-04-08 03:18:35', ...more },
			}),
		});
	const events = (): CallEvent[] => running.received('a-out').map(({ payload }) => payload as CallEvent);

	const reads = (): number => exotel.requests.filter(({ method }) => method === 'GET').length;

	beforeEach(async () => {
		exotel = await startDouble();
		port = await reservePort();
	});
	afterEach(async () => {
		await running.stop();
		await exotel.close();
	});

	it('passes on a reported end with what the record says, and a made-up one not at all', async () => {
		await start(true);
		const ended = exotel.addCall({ ...numbers, ended: true });
		const active = exotel.addCall(numbers, { liveReads: 'until-told' });
		assert.equal((await post(active.sid)).status, 200);
		assert.equal((await post(ended.sid, { From: '+911111111111' })).status, 200);
		await running.until('a-out', (all) => all.length === 1);
		while (reads() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
		assert.deepEqual(
			events().map(({ source, call }) => [source, call.sid, call.from]),
			[['sweep', ended.sid, numbers.from]],
		);
	});

	it('answers 200 at once while Exotel cannot be asked, and passes nothing on', async () => {
		await start(true);
		const call = exotel.addCall({ ...numbers, ended: true });
		const other = exotel.addCall(numbers);
		exotel.failNext('GET', 20, { status: 503 });
		assert.equal((await post(call.sid)).status, 200);
		// The first try has failed when there is a second one.
		while (reads() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
		assert.equal((await post(other.sid, { EventType: 'answered', Status: 'in-progress' })).status, 200);
		const [first] = await running.until('a-out', (all) => all.length > 0);
		assert.equal((first?.payload as CallEvent).call.sid, other.sid);
	});

	it('answers 503 while too many ends are being confirmed, so that none is taken and forgotten', async () => {
		await start(true);
		const { takes } = EndConfirmation.prototype;
		EndConfirmation.prototype.takes = () => false;
		const { sid } = exotel.addCall({ ...numbers, ended: true });
		const { status } = await post(sid).finally(() => (EndConfirmation.prototype.takes = takes));
		assert.deepEqual([status, exotel.requests.length], [503, 0]);
		assert.equal((await post(sid)).status, 200);
		await running.until('a-out', (all) => all.length === 1);
	});

	it('asks also when an environment variable that sets the option is empty, not set or the word true', async () => {
		for (const [value, set] of [
			['${EXOTEL_TEST_CONFIRM}', undefined],
			['${EXOTEL_TEST_CONFIRM}', ''],
			['${EXOTEL_TEST_CONFIRM}', 'true'],
		] as const) {
			if (set !== undefined) process.env['EXOTEL_TEST_CONFIRM'] = set;
			await start(value);
			delete process.env['EXOTEL_TEST_CONFIRM'];
			const { sid } = exotel.addCall({ ...numbers, ended: true });
			assert.equal((await post(sid)).status, 200);
			await running.until('a-out', (all) => all.length === 1);
			assert.equal(events()[0]?.source, 'sweep', String(set));
			if (set === 'true') return;
			await running.stop();
			port = await reservePort();
		}
	});

	it('without that option believes the report', async () => {
		await start(false);
		assert.equal((await post('b6cfaf5f5cef3ca0fc937749ef960e25')).status, 200);
		await running.until('a-out', (all) => all.length === 1);
		assert.equal(events()[0]?.source, 'v1-callback');
		assert.equal(exotel.requests.length, 0);
	});
});

/** Calls as the second double of Exotel prints them: each documented field arrives. */
import assert from 'node:assert/strict';
import { connectAgent, findCall, perform, readAccount, type Account, type Transport } from '../../../exotel';
import { startDouble, type Double } from '../../double';
import { HandClock } from '../hand-clock';

describe('a call of the second double', () => {
	let double: Double;
	let account: Account;
	beforeEach(async () => {
		double = await startDouble();
		account = readAccount({ baseUrl: double.origin, sid: double.account.sid });
	});
	afterEach(() => double.close());

	const transport: Transport = async ({ url, method, headers, body }) => {
		const { key, token } = double.account;
		const authorization = `Basic ${Buffer.from(`${key}:${token}`).toString('base64')}`;
		const response = await fetch(url, { method, headers: { ...headers, authorization }, body: body ?? null });
		return { status: response.status, headers: {}, body: await response.text() };
	};
	const options = () => ({ transport, clock: new HandClock(), account });

	it('of an agent has all recordings, names and the ID of the request', async () => {
		const to = '+919953100002';
		double.account.addressBook.set(to, 'Asha');
		double.nextCall({ terminal: { recording: true, recordings: 3 } });
		const [exoPhone = ''] = double.account.exoPhones;
		const agentContact = double.account.agents[0]?.contactUri;
		const input = { agentContact, to, exoPhone, record: true, timeLimitSeconds: 20_000 };
		const placed = (await perform(connectAgent, account, input, options())).result;
		const { result: call } = await findCall(account, { sid: placed.sid }, { api: 'v2' }, options());
		assert.equal(call.recordingUrls.length, 3);
		assert.equal(new Set(call.recordingUrls).size, 3);
		assert.equal(call.recordingUrl, call.recordingUrls[0]);
		assert.deepEqual([call.customerName, call.directionWord], ['Asha', 'outbound']);
		assert.match(call.requestId ?? '', /\w/);
		assert.notEqual(call.requestId, placed.requestId);
	});

	it('that nobody knows is an error with the ID of the request', async () => {
		await assert.rejects(
			findCall(account, { sid: 'Nobody-1' }, { api: 'v2' }, options()),
			({ kind, requestId }: { kind: string; requestId: string | null }) =>
				kind === 'not-found' && requestId !== null,
		);
	});

	it('keeps the word that tells a call of the dashboard from one of the API', async () => {
		const { sid } = double.addCall({
			sid: 'Dash-1',
			from: '+919953100001',
			to: '+919953100002',
			exoPhone: double.account.exoPhones[0] ?? '',
			direction: 'outbound-dial',
			ended: true,
		});
		const { result: call } = await findCall(account, { sid }, { api: 'v1' }, options());
		assert.deepEqual([call.direction, call.directionWord, call.answeredBy], ['outbound', 'outbound-dial', 'human']);
	});
});

/** What a test can make the double do: answers that get lost, phones that ring or not, failing reads. */
import assert from 'node:assert/strict';
import { startDouble, type Double } from './index';
import { api, connect, connected, makeCall, people, startReceiver } from './client';

describe('double: scripts', () => {
	let double: Double;
	beforeEach(async () => {
		double = await startDouble();
	});
	afterEach(() => double.close());

	it('counts how often each number rang', async () => {
		await connected(double);
		await connected(double, { To: '09812300003' });
		assert.deepEqual(
			[...double.rings],
			[
				[people.agent, 2],
				[people.customer, 2],
			],
		);
		double.nextCall({ legs: [{ status: 'no-answer' }] });
		await makeCall(double);
		assert.equal(double.rings.get('+919953100001'), 1);
		assert.equal(double.rings.get(people.customer), 2);
	});

	it('keeps a script for the number that it names', async () => {
		double.nextCall({ for: '+919812300009', legs: [{ status: 'no-answer' }] });
		await connected(double);
		assert.equal(double.rings.get(people.customer), 1);
		await connected(double, { To: '09812300009' });
		assert.equal(double.rings.get('+919812300009'), undefined);
		assert.equal(double.rings.get(people.agent), 2);
	});

	it('reports what the script says before it answers, and only what was asked for', async () => {
		const receiver = await startReceiver();
		double.nextCall({ reportsFirst: ['ringing', 'terminal'] });
		const subscribed = { StatusCallback: `${receiver.origin}/x`, 'StatusCallbackEvents[0]': 'terminal' };
		const sid = await connected(double, subscribed);
		assert.deepEqual(receiver.got.length, 1);
		assert.ok(receiver.got[0]?.text.includes(sid));
		assert.deepEqual(
			double.calls[0]?.reported.map(({ event, status }) => [event, status]),
			[['terminal', 200]],
		);
		await receiver.close();
	});

	const lost = [
		['reset-before-write', 0],
		['reset-after-write', 1],
		['html', 0],
		[{ status: 503, body: '{}' }, 0],
		[{ status: 202, body: '{}' }, 1],
	] as const;
	for (const [answer, rings] of lost) {
		it(`answers ${JSON.stringify(answer)}; the phone rings ${rings} times unless the script says otherwise`, async () => {
			double.nextCall({ answer });
			double.nextCall({ answer, dialled: rings === 0 });
			const response = await connect(double);
			if (typeof answer === 'object') assert.equal(response.status, answer.status);
			else if (answer === 'html')
				assert.deepEqual([response.status, response.headers['content-type']], [502, 'text/html']);
			else assert.equal(response.error, 'ECONNRESET');
			assert.equal(double.rings.get(people.agent) ?? 0, rings);
			await connect(double);
			assert.equal(double.rings.get(people.agent), 1);
			assert.equal(double.requests.length, 2);
		});
	}

	it('never answers a timeout, and close ends it', async () => {
		double.nextCall({ answer: 'timeout' });
		const waiting = connect(double);
		while (double.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
		await double.close();
		assert.equal((await waiting).status, 0);
		assert.equal(double.rings.get(people.agent), 1);
		double = await startDouble();
	});

	it('has no record of a call that never rang', async () => {
		double.nextCall({ answer: { status: 503 } });
		await connect(double);
		const sid = double.calls[0]?.sid ?? '';
		assert.equal((await api(double, 'GET', `/v1/Accounts/Exotel/Calls/${sid}.json`)).status, 404);
		assert.equal((await api(double, 'GET', '/v1/Accounts/Exotel/Calls.json')).body.includes(sid), false);
	});

	it('keeps a script for the next valid POST', async () => {
		double.nextCall({ legs: [{ status: 'busy' }] });
		await connect(double, { From: '' });
		await connected(double);
		assert.equal(double.calls[0]?.legs[0]?.status, 'busy');
	});

	it('fails the next reads and no more', async () => {
		const sid = await connected(double);
		double.failNext('GET', 1, { status: 429, headers: { 'Retry-After': '1' } });
		double.failNext('GET', 1, { reset: true });
		double.failNext('GET', 1, { delay: 5 });
		const read = (): ReturnType<typeof api> => api(double, 'GET', `/v1/Accounts/Exotel/Calls/${sid}.json`);
		const limited = await read();
		assert.deepEqual([limited.status, limited.headers['retry-after']], [429, '1']);
		assert.equal((await read()).error, 'ECONNRESET');
		assert.deepEqual([(await read()).status, (await read()).status], [200, 200]);
	});
});

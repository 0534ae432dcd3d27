/** Every chaos switch: for all, by account, by number, by probability. */
import assert from 'node:assert/strict';
import { ACCOUNT, CREDENTIALS, EXOPHONE, FROM, Line, Receiver, subscribe, TO } from './telephone-line';
import type { ChaosSettings } from '../../simulator/index';

const ALL = ['ringing', 'answered', 'terminal'];

describe('simulator: chaos', () => {
	let line: Line;
	let receiver: Receiver;

	beforeEach(async () => {
		line = await Line.open();
		receiver = await Receiver.open();
	});
	afterEach(async () => {
		await line.close();
		await receiver.close();
	});

	const set = async (settings: ChaosSettings) =>
		assert.equal((await line.control('PUT', '/chaos', settings)).status, 200);
	const events = async (settings: ChaosSettings, seconds = 60) => {
		await set(settings);
		receiver.received.length = 0;
		await line.placed(subscribe(receiver.url, ALL));
		await line.simulator.advance(seconds);
		return receiver
			.bodies()
			.map(({ EventType }) => String(EventType)[0])
			.join('');
	};
	const status = async (settings: ChaosSettings) => {
		await set(settings);
		const before = line.simulator.calls().length;
		const answer = await line.place().catch(() => ({ status: 'cut', headers: new Headers() }));
		return [answer.status, line.simulator.calls().length - before];
	};

	it('plays tricks on callbacks', async () => {
		assert.equal(await events({}), 'rarat');
		assert.equal(await events({ duplicate: true }), 'rraarraatt');
		assert.equal(await events({ reorder: true }), 'tarar');
		assert.equal(await events({ drop: true }), '');
		assert.equal(await events({ missingRinging: true }), 'aat');
		const legs = () =>
			(receiver.bodies().at(-1) as { Legs: { RingingDuration: number }[] }).Legs.map(
				({ RingingDuration }) => RingingDuration,
			);
		assert.deepEqual(legs(), [0, 0], 'seed 000: not available, then 0');
		await events({});
		assert.deepEqual(legs(), [3, 3]);
		assert.equal(await events({ delaySeconds: 100 }), '');
		await line.simulator.advance(60);
		assert.equal(receiver.received.length, 5);
	});

	it('delays by simulated seconds: the body tells when it happened, the delivery when it was sent', async () => {
		await set({ delaySeconds: 30 });
		const sid = await line.placed(subscribe(receiver.url, ['terminal']));
		await line.simulator.advance(60);
		const [delivery] = (await line.view(sid)).deliveries;
		assert.equal(delivery.at, '2026-11-21T10:00:44+05:30');
		assert.equal((receiver.bodies()[0] as any).EndTime, '2026-11-21 10:00:14');
	});

	it('is set for one account without touching the others, and each account throws its own dice', async () => {
		await set({ drop: true, rules: [{ account: 'other', unavailable: true }] });
		assert.equal(
			(
				await line.control('PUT', `/chaos?account=${ACCOUNT}`, {
					drop: false,
					rules: [{ number: TO, badGateway: true }],
				})
			).status,
			200,
		);
		assert.deepEqual((await line.control('GET', '/chaos')).json, {
			drop: true,
			rules: [
				{ number: TO, badGateway: true, account: ACCOUNT },
				{ drop: false, account: ACCOUNT },
				{ account: 'other', unavailable: true },
			],
		});
		assert.equal((await line.place()).status, 502);
		assert.equal((await line.request('GET', '/v1/Accounts/other/Calls.json')).status, 503);
		await line.control('PUT', `/chaos?account=${ACCOUNT}`, {});
		assert.deepEqual((await line.control('GET', '/chaos')).json.rules, [{ account: 'other', unavailable: true }]);

		const statuses = async (busy: boolean) => {
			const seeded = await Line.open({ seed: 1 });
			await seeded.control('PUT', '/chaos', { unavailable: 0.5 });
			const answered: number[] = [];
			for (let index = 0; index < 12; index++) {
				if (busy) await seeded.request('GET', '/v1/Accounts/other/Calls.json');
				answered.push((await seeded.v1('GET', '/Calls.json')).status);
			}
			await seeded.close();
			return answered;
		};
		const alone = await statuses(false);
		assert.ok(alone.includes(200) && alone.includes(503));
		assert.deepEqual(await statuses(true), alone);
	});

	it('knows the v2 error codes', async () => {
		assert.equal((await line.control('PUT', '/chaos', { v2ErrorCode: 42 })).status, 400);
		assert.equal((await line.control('PUT', '/chaos', { v2ErrorCode: 0 })).status, 200);
	});

	it('sends the first callback before the answer', async () => {
		await set({ early: true });
		await line.placed(subscribe(receiver.url, ALL));
		assert.equal(receiver.received.length, 1);
	});

	it('makes the API fail', async () => {
		assert.deepEqual(await status({}), [200, 1]);
		assert.deepEqual(await status({ tooManyRequests: true }), [429, 0]);
		assert.deepEqual(await status({ unavailable: true }), [503, 0]);
		assert.deepEqual(await status({ gatewayTimeout: true }), [504, 1]);
		assert.deepEqual(await status({ forbidden: true }), [403, 0]);
		assert.deepEqual(await status({ badGateway: true }), [502, 0]);
		assert.deepEqual(await status({ serverError: true }), [500, 0]);
		assert.deepEqual(await status({ cutBefore: true }), ['cut', 0]);
		assert.deepEqual(await status({ cutAfter: true }), ['cut', 1]);
		assert.deepEqual(await status({ htmlPage: true }), [200, 0]);
		assert.match((await line.place()).headers.get('content-type') ?? '', /^text\/html/);
		await set({ tooManyRequests: true, retryAfterSeconds: 7 });
		assert.equal((await line.place()).headers.get('retry-after'), '7');
		line.simulator.setSpeed(2);
		assert.equal((await line.place()).headers.get('retry-after'), '4', 'the client waits in real time');
	});

	it('places the call and never answers', async () => {
		await set({ noAnswer: true });
		const gone = new AbortController();
		const answered = fetch(`${line.simulator.url}/v1/Accounts/${ACCOUNT}/Calls/connect.json`, {
			method: 'POST',
			headers: { Authorization: CREDENTIALS },
			body: new URLSearchParams({
				From: FROM,
				To: TO,
				CallerId: EXOPHONE,
				...subscribe(receiver.url, ALL),
			}),
			signal: gone.signal,
		}).then(
			() => 'answered',
			() => 'given up',
		);
		while (line.simulator.calls().length === 0) await new Promise((resolve) => setImmediate(resolve));
		// Other requests are served meanwhile; the call goes on and is reported.
		await line.simulator.advance(60);
		assert.equal((await line.v1('GET', '/Calls.json')).status, 200);
		assert.equal(line.simulator.calls()[0]?.state, 'ended');
		assert.ok(receiver.bodies().some(({ EventType }) => EventType === 'terminal'));
		gone.abort();
		assert.equal(await answered, 'given up');
	});

	it('makes reading fail as well', async () => {
		const read = async (settings: ChaosSettings) => {
			await set(settings);
			return (await line.v1('GET', '/Calls.json').catch(() => ({ status: 'cut' }))).status;
		};
		assert.deepEqual(await read({ tooManyRequests: true }), 429);
		assert.deepEqual(await read({ unavailable: true }), 503);
		assert.deepEqual(await read({ badGateway: true }), 502);
		assert.deepEqual(await read({ serverError: true }), 500);
		assert.deepEqual(await read({ cutBefore: true }), 'cut');
		assert.deepEqual(await read({ noAnswer: true }), 200, 'that is about making calls');
		assert.deepEqual(await read({ gatewayTimeout: true }), 200, 'nothing is dialled by reading');
	});

	it('answers slowly, in simulated seconds', async () => {
		await set({ slowAnswerSeconds: 20 });
		line.simulator.setSpeed(1000);
		const before = line.simulator.now();
		assert.equal((await line.place()).status, 200);
		assert.ok(line.simulator.now() - before >= 20_000);
	});

	it('strikes by account and by number', async () => {
		await set({
			rules: [
				{ account: ACCOUNT, number: TO, unavailable: true },
				{ account: 'other', unavailable: true },
			],
		});
		assert.equal((await line.place()).status, 503);
		assert.equal((await line.place({ To: '+919812345681' })).status, 200);
		assert.equal((await line.place({ To: '09812345680' })).status, 503, 'any form of the number');
		assert.equal((await line.request('GET', '/v1/Accounts/other/Calls.json')).status, 503);
		assert.equal((await line.request('GET', '/v1/Accounts/third/Calls.json')).status, 200);
		await line.control('POST', '/reset', { account: 'other' });
		assert.equal((await line.request('GET', '/v1/Accounts/other/Calls.json')).status, 200);
		assert.equal((await line.place()).status, 503, "the other account's reset changes nothing here");
	});

	it('strikes by probability, the same way with the same seed', async () => {
		const strikes = async (seed: number) => {
			const seeded = await Line.open({ seed });
			try {
				await seeded.control('PUT', '/chaos', { unavailable: 0.3 });
				let pattern = '';
				for (let call = 0; call < 40; call++) pattern += (await seeded.place()).status === 503 ? 'x' : '.';
				return pattern;
			} finally {
				await seeded.close();
			}
		};
		const pattern = await strikes(1);
		assert.equal(await strikes(1), pattern);
		assert.notEqual(await strikes(2), pattern);
		const hits = pattern.replaceAll('.', '').length;
		assert.ok(hits > 3 && hits < 25, pattern);
	});

	it('says what is wrong with a switch, and changes nothing then', async () => {
		await set({ duplicate: true });
		for (const body of [
			{ explode: true },
			{ duplicate: 'yes' },
			{ duplicate: 2 },
			{ delaySeconds: -1 },
			{ rules: 'all' },
			{ rules: [{ number: 5 }] },
			{ rules: [null] },
			[],
			null,
		]) {
			const answer = await line.control('PUT', '/chaos', body);
			assert.equal(answer.status, 400, JSON.stringify(body));
			assert.equal(typeof answer.json.error, 'string');
		}
		assert.deepEqual((await line.control('GET', '/chaos')).json, { duplicate: true });
		assert.deepEqual((await line.control('PUT', '/chaos', {})).json, {});
	});
});

/** The clock (real, fast, manual) and the seed: same seed and same requests, same everything. */
import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator/index';
import { Line, Receiver, subscribe } from './telephone-line';

/** One session: calls with all kinds of numbers, chaos by chance, a flow; everything sent and answered, as text. */
async function session(seed: number, receiver: Receiver): Promise<string> {
	receiver.received.length = 0;
	const line = await Line.open({ seed });
	try {
		await line.control('PUT', '/chaos', { duplicate: 0.5, missingRinging: 0.5, drop: 0.2 });
		await line.control('PUT', '/flows/1', { applets: [{ type: 'connect', url: `${receiver.url}/connect` }] });
		const answers: string[] = [];
		for (const digits of ['10', '01', '02', '04', '07', '08', '09', '92', '11']) {
			answers.push(
				(
					await line.place({
						...subscribe(receiver.url, ['ringing', 'answered', 'terminal']),
						To: `+9198123456${digits}`,
					})
				).text,
			);
			// how often somebody polls changes nothing
			if (seed === 1) await line.v2('GET', '/users');
			await line.control('POST', '/clock', { advanceSeconds: 7 });
		}
		answers.push(
			(await line.control('POST', '/inbound', { from: '+919812345610', to: '+918047115777', flow: '1' })).text,
		);
		await line.control('POST', '/clock', { advanceSeconds: 3600 });
		answers.push((await line.v1('GET', '/Calls.json?details=true')).text);
		const sent = receiver.received.map(
			({ method, path, rawQuery, body }) => `${method} ${path} ${rawQuery} ${body}`,
		);
		return [...answers, ...sent]
			.join('\n')
			.replaceAll(line.simulator.url, 'http://simulator')
			.replaceAll(receiver.url, 'http://receiver');
	} finally {
		await line.close();
	}
}

describe('simulator: clock and seed', () => {
	let receiver: Receiver;
	before(async () => {
		receiver = await Receiver.open();
		receiver.answer = (_received, response) =>
			response
				.writeHead(200, { 'Content-Type': 'application/json' })
				.end('{"destination":{"numbers":["+919812345711"]}}');
	});
	after(() => receiver.close());

	it('repeats a session byte for byte with the same seed, and not with another', async () => {
		const first = await session(1, receiver);
		assert.equal(await session(1, receiver), first);
		assert.notEqual(await session(2, receiver), first);
		assert.ok(first.length > 5000);
	});

	it('stands still with speed 0 and goes exactly as far as it is advanced', async () => {
		const line = await Line.open();
		try {
			const before = line.simulator.now();
			await line.placed();
			assert.equal(line.simulator.now(), before);
			const clock = (await line.control('POST', '/clock', { advanceSeconds: 7.5 })).json;
			assert.deepEqual(clock, {
				now: '2026-11-21T10:00:07+05:30',
				epochMs: before + 7500,
				speed: 0,
				manual: true,
			});
			assert.equal((await line.control('GET', '/clock')).json.epochMs, before + 7500);
		} finally {
			await line.close();
		}
	});

	it('runs n times faster; stamps and talk times are exact all the same', async () => {
		const line = await Line.open({ speed: 5000 });
		try {
			const sid = await line.placed();
			let view = await line.view(sid);
			while (view.call.state !== 'ended') view = await line.view(sid);
			assert.deepEqual(
				view.timeline.map(({ second }: any) => second),
				[0, 0, 1, 4, 4, 5, 8, 14, 14, 14],
			);
			assert.ok(line.simulator.now() >= Date.parse(view.call.endedAt));
		} finally {
			await line.close();
		}
	});

	it('changes its speed and can be advanced while it runs', async () => {
		const line = await Line.open({ speed: 1 });
		try {
			const sid = await line.placed();
			const before = line.simulator.now();
			await line.control('POST', '/clock', { advanceSeconds: 60 });
			assert.ok(line.simulator.now() - before >= 60_000);
			assert.equal((await line.view(sid)).call.outcome, 'answered');
			assert.equal((await line.control('POST', '/clock', { speed: 0 })).json.manual, true);
			const still = line.simulator.now();
			await new Promise((resolve) => setImmediate(resolve));
			assert.equal(line.simulator.now(), still);
		} finally {
			await line.close();
		}
	});

	it('advances in order when asked twice at the same time', async () => {
		const line = await Line.open();
		try {
			const sid = await line.placed();
			await Promise.all([
				line.control('POST', '/clock', { advanceSeconds: 7 }),
				line.control('POST', '/clock', { advanceSeconds: 7 }),
			]);
			assert.equal((await line.view(sid)).call.state, 'ended');
		} finally {
			await line.close();
		}
	});

	it('refuses settings and clock commands that cannot be', async () => {
		await assert.rejects(startSimulator({ speed: -1 }), RangeError);
		await assert.rejects(startSimulator({ startTime: 'yesterday' }), RangeError);
		await assert.rejects(startSimulator({ maxCalls: 0 }), RangeError);
		const line = await Line.open();
		try {
			for (const body of [
				{},
				{ speed: -1 },
				{ speed: 'fast' },
				{ advanceSeconds: -5 },
				{ advanceSeconds: 1e12 },
				[],
			]) {
				assert.equal((await line.control('POST', '/clock', body)).status, 400, JSON.stringify(body));
			}
		} finally {
			await line.close();
		}
	});
});

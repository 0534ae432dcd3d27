/** Deliveries: time-out, retries in simulated time, every attempt recorded, real HTTP. */
import assert from 'node:assert/strict';
import { Line, Receiver, subscribe } from './telephone-line';
import { must } from './must';

describe('simulator: deliveries', () => {
	let line: Line;
	let receiver: Receiver;

	beforeEach(async () => {
		line = await Line.open({ deliveryTimeoutMs: 60 });
		receiver = await Receiver.open();
	});
	afterEach(async () => {
		await line.close();
		await receiver.close();
	});

	const attempts = async (sid: string) =>
		(await line.view(sid)).deliveries.map((delivery: any) => [
			delivery.attempt,
			delivery.at.slice(11, 19),
			delivery.status,
			delivery.error,
		]);

	it('repeats a failed callback after 5 and 15 minutes, then gives up', async () => {
		receiver.answer = (_received, response) => response.writeHead(503).end('later');
		const sid = await line.placed(subscribe(receiver.url, ['terminal']));
		await line.simulator.advance(14);
		assert.equal((await line.view(sid)).deliveries[0].retryAt, '2026-11-21T10:05:14+05:30');
		await line.simulator.advance(3600);
		const failed = 'answered 503; anything but 2xx counts as failed';
		assert.deepEqual(await attempts(sid), [
			[1, '10:00:14', 503, failed],
			[2, '10:05:14', 503, failed],
			[3, '10:15:14', 503, failed],
		]);
		assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1, 'the same body every time');
		assert.deepEqual((await line.control('GET', '/state')).json.deliveries, {
			sent: 3,
			delivered: 0,
			failed: 3,
			abandoned: 1,
		});
	});

	it('stops repeating once it is taken', async () => {
		receiver.answer = (_received, response) => response.writeHead(receiver.received.length === 1 ? 500 : 204).end();
		const sid = await line.placed(subscribe(receiver.url, ['terminal']));
		await line.simulator.advance(3600);
		assert.deepEqual(
			(await attempts(sid)).map(([, , status]: any) => status),
			[500, 204],
		);
	});

	it('counts redirects, time-outs, refused connections and cut connections as failures', async () => {
		const first = async (answer: Receiver['answer'] | null, url = receiver.url) => {
			if (answer) receiver.answer = answer;
			const sid = await line.placed(subscribe(url, ['terminal']));
			await line.simulator.advance(14);
			const [delivery] = (await line.view(sid)).deliveries;
			return [delivery.status, delivery.error, delivery.retryAt !== null];
		};
		assert.deepEqual(await first((_received, response) => response.writeHead(302, { Location: '/x' }).end()), [
			302,
			'answered 302; anything but 2xx counts as failed',
			true,
		]);
		assert.deepEqual(await first(() => undefined), [null, 'no answer within 0.06 s', true]);
		assert.deepEqual(await first((_received, response) => void response.write('half an ans')), [
			null,
			'no answer within 0.06 s',
			true,
		]);
		assert.deepEqual((await first((_received, response) => response.destroy())).slice(0, 1), [null]);
		assert.match(String((await first(null, 'http://%zz:%zz@127.0.0.1:1/'))[1]), /^ECONNREFUSED|bad port/i);
		assert.equal((await first(null, 'http://[::1]:1/'))[0], null);
		const closed = await Receiver.open();
		await closed.close();
		assert.match(String((await first(null, closed.url))[1]), /^ECONNREFUSED/);
	});

	it('records request and answer of each attempt', async () => {
		receiver.answer = (_received, response) =>
			response.writeHead(200, { 'Content-Type': 'text/plain' }).end('thanks');
		const sid = await line.placed(subscribe(`${receiver.url}/hook?key=1`, ['terminal']));
		await line.simulator.advance(60);
		const [delivery] = (await line.view(sid)).deliveries;
		assert.deepEqual(
			[delivery.method, delivery.url, delivery.contentType, delivery.status, delivery.attempt, delivery.error],
			['POST', `${receiver.url}/hook?key=1`, 'application/json', 200, 1, null],
		);
		assert.equal(delivery.body, must(receiver.received[0]).body);
		assert.deepEqual(delivery.answer, { contentType: 'text/plain', body: 'thanks' });
		assert.equal(typeof delivery.ms, 'number');
		assert.equal(must(receiver.received[0]).rawQuery, 'key=1');
	});

	it('uses credentials in the callback URL as an Authorization header', async () => {
		await line.placed(subscribe(receiver.url.replace('http://', 'http://user:p%40ss@'), ['terminal']));
		await line.simulator.advance(60);
		assert.equal(must(receiver.received[0]).headers.authorization, `Basic ${btoa('user:p@ss')}`);
	});

	it('keeps the order of events although a server is slow', async () => {
		const slow = await Line.open();
		try {
			const order: string[] = [];
			receiver.answer = (received, response) => {
				const { EventType } = JSON.parse(received.body) as { EventType: string };
				setTimeout(
					() => {
						order.push(EventType);
						response.end();
					},
					order.length === 0 ? 30 : 0,
				);
			};
			slow.simulator.setSpeed(100_000);
			await slow.placed(subscribe(receiver.url, ['ringing', 'answered', 'terminal']));
			while (order.length < 5) await slow.simulator.settle();
			assert.deepEqual(order, ['ringing', 'answered', 'ringing', 'answered', 'terminal']);
		} finally {
			await slow.close();
		}
	});
});

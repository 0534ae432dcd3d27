/** The outcome table: what each pair of digits does to a leg, to callbacks and to the API. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { CREDENTIALS, EXOPHONE, FROM, Line, Receiver, subscribe, TO } from './telephone-line';
import { must } from './must';

const ending = (digits: string) => `+9198123456${digits}`;

describe('simulator: outcomes by number', () => {
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

	const summary = async (fields: Record<string, string>) => {
		const sid = await line.placed(fields);
		await line.simulator.advance(120);
		const { Call: call } = (await line.v1('GET', `/Calls/${sid}.json?details=true`)).json;
		const [row] = line.simulator.calls();
		return [
			must(row).outcome,
			call.Status,
			call.Details.Leg1Status,
			call.Details.Leg2Status,
			call.Details.ConversationDuration,
		];
	};

	it('decides how the second leg ends', async () => {
		assert.deepEqual(await summary({}), ['answered', 'completed', 'completed', 'completed', 6]);
		assert.deepEqual(await summary({ To: ending('01') }), ['no-answer', 'no-answer', 'completed', 'no-answer', 0]);
		assert.deepEqual(await summary({ To: ending('02') }), ['busy', 'busy', 'completed', 'busy', 0]);
		assert.deepEqual(await summary({ To: ending('03') }), ['failed', 'failed', 'completed', 'failed', 0]);
		assert.deepEqual(await summary({ To: ending('04') }), ['canceled', 'failed', 'completed', 'canceled', 0]);
		assert.deepEqual(await summary({ To: ending('05') }), ['answered', 'completed', 'completed', 'completed', 2]);
	});

	it('decides how the first leg ends; the second is then never dialled', async () => {
		assert.deepEqual(await summary({ From: ending('01') }), ['no-answer', 'no-answer', 'no-answer', null, 0]);
		assert.deepEqual(await summary({ From: ending('02') }), ['busy', 'busy', 'busy', null, 0]);
		assert.deepEqual(await summary({ From: ending('03') }), ['failed', 'failed', 'failed', null, 0]);
		assert.deepEqual(await summary({ From: ending('04') }), ['canceled', 'canceled', 'canceled', null, 0]);
		assert.deepEqual(await summary({ From: ending('05') }), ['answered', 'completed', 'completed', 'completed', 2]);
	});

	it('has the same timing every time: 3 s of ringing, 6 s of talk', async () => {
		const sid = await line.placed();
		await line.simulator.advance(60);
		const { timeline } = await line.view(sid);
		assert.deepEqual(
			timeline.map(({ second, type, party }: any) => [second, type, party]),
			[
				[0, 'created', null],
				[0, 'dial', 'from'],
				[1, 'ringing', 'from'],
				[4, 'answered', 'from'],
				[4, 'dial', 'to'],
				[5, 'ringing', 'to'],
				[8, 'answered', 'to'],
				[14, 'hang-up', 'to'],
				[14, 'hang-up', 'from'],
				[14, 'terminal', null],
			],
		);
	});

	it('06: no callback; 07: each twice; 08: in reverse order after the end', async () => {
		const events = async (digits: string) => {
			receiver.received.length = 0;
			await line.placed({ ...subscribe(receiver.url, ['terminal', 'answered']), To: ending(digits) });
			await line.simulator.advance(60);
			return receiver
				.bodies()
				.map(
					(body: any) =>
						`${body.EventType}${body.EventType === 'answered' ? (body.Legs[1].Status === 'in-progress' ? 2 : 1) : ''}`,
				);
		};
		assert.deepEqual(await events('06'), []);
		assert.deepEqual(await events('07'), [
			'answered1',
			'answered1',
			'answered2',
			'answered2',
			'terminal',
			'terminal',
		]);
		assert.deepEqual(await events('08'), ['terminal', 'answered2', 'answered1']);
		const bodies = receiver.received.map(({ body }) => body);
		assert.equal(new Set(bodies).size, 3);
	});

	it('07 repeats byte for byte the same body', async () => {
		await line.placed({ ...subscribe(receiver.url, ['terminal']), To: ending('07') });
		await line.simulator.advance(60);
		assert.equal(must(receiver.received[0]).body, must(receiver.received[1]).body);
	});

	it(
		'09: the first callback comes before the make-call answer, and nothing of the call lies in ' + 'the future',
		async () => {
			for (const events of [['terminal'], ['answered'], ['ringing', 'answered', 'terminal'], []]) {
				receiver.received.length = 0;
				const sid = await line.placed({ ...subscribe(receiver.url, events), To: ending('09') });
				assert.equal(receiver.received.length, 1, events.join());
				const { timeline, call } = await line.view(sid);
				for (const moment of timeline)
					assert.ok(Date.parse(moment.at) <= line.simulator.now(), `${moment.type} at ${moment.at}`);
				assert.ok(Date.parse(call.createdAt) < line.simulator.now());
				await line.simulator.advance(60);
				assert.equal((await line.view(sid)).call.talkSeconds, 6);
			}
		},
	);

	it('otherwise callbacks never come before the answer, however fast the clock', async () => {
		line.simulator.setSpeed(100_000);
		let answered = false;
		let early = false;
		receiver.answer = (_received, response) => {
			early ||= !answered;
			response.end();
		};
		const sid = await new Promise<string>((resolve, reject) => {
			const body = new URLSearchParams({
				From: FROM,
				To: TO,
				CallerId: EXOPHONE,
				...subscribe(receiver.url, ['ringing', 'terminal']),
			}).toString();
			const request = http.request(
				`${line.simulator.url}/v1/Accounts/Exotel/Calls/connect.json`,
				{
					method: 'POST',
					headers: { Authorization: CREDENTIALS, 'Content-Type': 'application/x-www-form-urlencoded' },
				},
				(response) => {
					answered = true;
					response
						.setEncoding('utf8')
						.on('data', (chunk: string) => resolve(JSON.parse(chunk).Call.Sid as string));
				},
			);
			request.on('error', reject);
			request.end(body);
		});
		while (receiver.received.length < 3) await line.simulator.settle();
		assert.equal(early, false);
		assert.equal((await line.view(sid)).call.outcome, 'answered');
	});

	it('91 to 99 make the API fail; some dial all the same', async () => {
		const cases: [string, number | 'cut', boolean, RegExp][] = [
			['91', 429, false, /"Status":429/],
			['92', 503, false, /"Code":35008/],
			['93', 504, true, /"Status":504/],
			['94', 403, false, /KYC/],
			['95', 502, false, /^<html>/],
			['96', 'cut', true, /^$/],
			['97', 'cut', false, /^$/],
			['99', 500, false, /"Status":500/],
		];
		for (const [digits, status, dials, body] of cases) {
			for (const fields of [
				{ To: ending(digits) },
				{ To: '', From: ending(digits), Url: 'http://my.exotel.com/Exotel/exoml/start_voice/1' },
			] as Record<string, string>[]) {
				const before = line.simulator.calls().length;
				const answer = await line
					.place(fields)
					.catch(() => ({ status: 'cut', text: '', headers: new Headers() }));
				assert.equal(answer.status, status, digits);
				assert.match(answer.text, body, digits);
				assert.equal(line.simulator.calls().length - before, dials ? 1 : 0, `${digits} dials: ${dials}`);
				if (digits === '91') assert.equal(answer.headers.get('retry-after'), '30');
			}
		}
		assert.equal(
			(await line.place({ From: ending('92') })).status,
			200,
			'the first number of two decides nothing about the API',
		);
	});

	it('98: the call is placed at once, the answer comes 10 s later', async () => {
		line.simulator.setSpeed(1000);
		const answer = line.place({ To: ending('98'), ...subscribe(receiver.url, ['ringing']) });
		while (receiver.received.length === 0) await line.simulator.settle();
		const { createdAt } = must(line.simulator.calls()[0]);
		assert.equal((await answer).status, 200);
		assert.ok(line.simulator.now() - Date.parse(String(createdAt)) >= 10_000);
	});

	it('works for SIP addresses and for the placeholders of the documentation', async () => {
		assert.deepEqual(await summary({ From: 'sip:agent02' }), ['busy', 'busy', 'busy', null, 0]);
		assert.deepEqual(await summary({ From: 'XXXXX30240', To: '0XXXXX40605' }), [
			'answered',
			'completed',
			'completed',
			'completed',
			2,
		]);
		assert.deepEqual(await summary({ From: '+9194137499XX', To: '+91XXXXXXXXXX' }), [
			'answered',
			'completed',
			'completed',
			'completed',
			6,
		]);
	});
});

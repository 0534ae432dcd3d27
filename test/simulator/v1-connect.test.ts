/** Make-call, its answers and its callbacks, against the samples of seeds 000 and 004. */
import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import { ACCOUNT, CREDENTIALS, EXOPHONE, FROM, Line, multipartPairs, Receiver, subscribe, TO } from './telephone-line';
import { assertLikeSample, fixture, kindOf } from './samples';
import { must } from './must';

const ALL = ['terminal', 'answered', 'ringing'];

describe('simulator: v1 make-call', () => {
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

	it('answers two numbers in JSON and XML as seed 004 does', async () => {
		assertLikeSample((await line.place()).json, 'v1-connect-answer-json');
		const answer = await line.place({}, '');
		assert.match(answer.headers.get('content-type') ?? '', /^application\/xml/);
		assert.deepEqual(xmlShape(answer.text), xmlShape(fixture('v1-connect-answer-xml').sample as string));
		assert.match(answer.text, /<EndTime\/>/, 'empty elements are closed at once in make-call answers');
	});

	it('answers a flow as seed 004 does', async () => {
		const answer = await line.place({ To: '', Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926' });
		assertLikeSample(answer.json, 'v1-flow-answer-json');
		const [row] = line.simulator.calls();
		assert.equal(must(row).kind, 'flow');
		assert.equal(must(row).flow, '926');
	});

	it('takes urlencoded bodies, multipart bodies and query parameters alike, and JSON bodies as seen in the field', async () => {
		const form = new FormData();
		for (const [name, value] of Object.entries({ From: FROM, To: TO, CallerId: EXOPHONE }))
			form.append(name, value);
		const fields = { From: FROM, To: TO, CallerId: EXOPHONE };
		const query = new URLSearchParams(fields);
		const json = { 'Content-Type': 'application/json' };
		const refused = await line.v1('POST', '/Calls/connect.json', JSON.stringify(fields), json);
		assert.equal(refused.json.RestException.Message, 'The body came as JSON; documented are forms');
		const lenient = await Line.open({ strictness: 'as-seen-in-the-field' });
		const accepted = await lenient.v1('POST', '/Calls/connect.json', JSON.stringify(fields), json);
		await lenient.close();
		for (const answer of [
			await line.place(),
			await line.v1('POST', '/Calls/connect.json', form),
			await line.v1('POST', `/Calls/connect.json?${query}`),
			accepted,
		]) {
			assert.equal(answer.status, 200, answer.text);
			assert.equal(answer.json.Call.From, '09812345670');
			assert.equal(answer.json.Call.To, '09812345680');
		}
	});

	it('sends every subscribed event in order, as JSON, like the samples of seed 000', async () => {
		await line.placed({ ...subscribe(receiver.url, ALL), Record: 'true' });
		await line.simulator.advance(60);
		const bodies = receiver.bodies();
		assert.deepEqual(
			bodies.map(({ EventType }) => EventType),
			['ringing', 'answered', 'ringing', 'answered', 'terminal'],
		);
		[
			'v1-callback-ringing-leg1',
			'v1-callback-answered-leg1',
			'v1-callback-ringing-leg2',
			'v1-callback-answered-leg2',
			'v1-callback-terminal-ringing',
		].forEach((name, index) => assertLikeSample(bodies[index], name));
		const terminal = bodies[4] as any;
		assert.equal(terminal.ConversationDuration, 6);
		assert.deepEqual(
			terminal.Legs.map((leg: any) => leg.OnCallDuration),
			[10, 6],
		);
		assert.ok(
			receiver.received.every(
				({ method, headers }) => method === 'POST' && headers['content-type'] === 'application/json',
			),
		);
	});

	it('sends the terminal event of an account without ringing as seed 004 prints it', async () => {
		const plain = await Line.open({ quirks: { ringing: false } });
		try {
			await plain.placed({ ...subscribe(receiver.url, ALL), Record: 'true' });
			await plain.simulator.advance(60);
			const bodies = receiver.bodies();
			assert.deepEqual(
				bodies.map(({ EventType }) => EventType),
				['answered', 'answered', 'terminal'],
			);
			assertLikeSample(bodies[2], 'v1-callback-terminal-json');
		} finally {
			await plain.close();
		}
	});

	it('sends multipart/form-data by default, with the names, order and blanks of seed 004', async () => {
		const plain = await Line.open({ quirks: { ringing: false } });
		try {
			await plain.placed({ ...subscribe(receiver.url, ['terminal'], ''), From: '+919812345601' });
			await plain.simulator.advance(60);
			const pairs = multipartPairs(must(receiver.received[0]));
			const sample = fixture('v1-callback-terminal-multipart').sample as [string, string][];
			assert.deepEqual(
				pairs.map(([name]) => name),
				sample.map(([name]) => name),
			);
			pairs.forEach(([name, value], index) => assert.equal(kindOf(value), kindOf(must(sample[index])[1]), name));
		} finally {
			await plain.close();
		}
	});

	it('sends the four default fields, once, when no event is subscribed', async () => {
		await line.placed({ StatusCallback: receiver.url, CustomField: 'order 7' });
		await line.placed({
			StatusCallback: receiver.url,
			To: '',
			Url: 'http://my.exotel.com/acme1/exoml/start_voice/1',
		});
		await line.simulator.advance(60);
		assert.equal(receiver.received.length, 2);
		for (const received of receiver.received)
			assert.deepEqual(
				multipartPairs(received).map(([name]) => name),
				fixture('v1-callback-default-fields').sample,
			);
	});

	it('sends CustomField in the terminal event only', async () => {
		await line.placed({ ...subscribe(receiver.url, ALL), CustomField: 'order 7' });
		await line.simulator.advance(60);
		assert.deepEqual(
			receiver.bodies().map(({ CustomField }) => CustomField),
			[undefined, undefined, undefined, undefined, 'order 7'],
		);
	});

	it('cuts the call at TimeLimit and stops ringing at TimeOut', async () => {
		const cut = await line.placed({ TimeLimit: '6' });
		const unheard = await line.placed({ TimeOut: '2' });
		await line.simulator.advance(60);
		assert.equal(
			(await line.view(cut)).call.talkSeconds,
			2,
			'1 + 3 s of dialling and ringing leg 2 are within the limit of 6',
		);
		const { call } = await line.view(unheard);
		assert.equal(call.outcome, 'no-answer');
		assert.equal(call.legs[0].ringingSeconds, 2);
		assert.equal(call.legs[1].status, null);
	});

	it('refuses a request without, or with wrong, credentials: XML or JSON by the suffix', async () => {
		for (const authorization of [
			'',
			'Basic',
			'Basic ',
			`Basic ${btoa(':')}`,
			`Basic ${btoa('key:')}`,
			`Basic ${btoa(':token')}`,
			'Bearer abc',
		]) {
			const answer = await line.v1('GET', '/Calls.json', undefined, { Authorization: authorization });
			assert.equal(answer.status, 401, authorization);
			assert.equal(answer.json.RestException.Status, 401);
			assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic/);
		}
		const xml = await line.v1('GET', '/Calls', undefined, { Authorization: '' });
		assert.equal(new XMLParser().parse(xml.text).TwilioResponse.RestException.Status, 401);

		const closed = await Line.open({
			accounts: [
				{ sid: ACCOUNT, key: 'key', token: 'token' },
				{ sid: 'other', key: 'k2', token: 't2' },
			],
		});
		try {
			assert.equal((await closed.v1('GET', '/Calls.json')).status, 200);
			assert.equal(
				(await closed.v1('GET', '/Calls.json', undefined, { Authorization: `Basic ${btoa('key:wrong')}` }))
					.status,
				401,
			);
			assert.equal(
				(await closed.request('GET', '/v1/Accounts/other/Calls.json')).status,
				404,
				'a foreign account does not exist',
			);
			assert.equal((await closed.request('GET', '/v1/Accounts/nobody/Calls.json')).status, 404);
		} finally {
			await closed.close();
		}
	});

	it('says which mandatory field is missing or wrong', async () => {
		const cases: [Record<string, string>, RegExp][] = [
			[{ From: '' }, /From/],
			[{ To: '' }, /To \(or Url/],
			[{ From: 'hello' }, /From is not a valid phone number/],
			[{ To: '+91' }, /To is not a valid phone number/],
			[{ CallerId: 'x' }, /CallerId is not a valid phone number/],
			[{ TimeLimit: '14401' }, /TimeLimit must not be more than 14400/],
			[{ TimeOut: 'soon' }, /TimeOut must be a whole number/],
			[{ CallType: 'promo' }, /CallType/],
			[{ Record: 'yes' }, /Record/],
			[{ RecordingChannels: 'triple' }, /RecordingChannels/],
			[{ RecordingFormat: 'wav' }, /RecordingFormat/],
			[{ StartPlaybackTo: 'Nobody' }, /StartPlaybackTo/],
			[{ StartPlaybackValue: 'ftp://x' }, /StartPlaybackValue/],
			[{ WaitUrl: 'x' }, /WaitUrl/],
			[{ StatusCallback: 'not a url' }, /StatusCallback/],
			[{ StatusCallbackContentType: 'text/xml' }, /StatusCallbackContentType/],
			[{ To: '', Url: 'http://my.exotel.com/acme1/elsewhere' }, /start_voice/],
			[{ To: '', StreamUrl: 'wss://bot.example.com' }, /StreamType/],
		];
		for (const [fields, message] of cases) {
			const answer = await line.place(fields);
			assert.equal(answer.status, 400, JSON.stringify(fields));
			assert.equal(answer.json.RestException.Status, 400);
			assert.match(answer.json.RestException.Message, message);
		}
		assert.equal(line.simulator.calls().length, 0, 'nothing was dialled');
	});

	it('accepts only the ExoPhones of an account that has them configured', async () => {
		const own = await Line.open({
			accounts: [{ sid: ACCOUNT, key: 'key', token: 'token', exoPhones: ['+918047115777'] }],
		});
		try {
			assert.equal((await own.place({ CallerId: '08047115777' })).status, 200);
			const answer = await own.place({ CallerId: '08099999999' });
			assert.equal(answer.status, 400);
			assert.match(answer.json.RestException.Message, /CallerId is not a valid ExoPhone/);
		} finally {
			await own.close();
		}
	});

	it('takes no more than 200 calls a minute, then says when to come again', async () => {
		const busy = await Line.open({ callsPerMinute: 3 });
		try {
			for (let call = 0; call < 3; call++) assert.equal((await busy.place()).status, 200);
			await busy.simulator.advance(20);
			const answer = await busy.place();
			assert.equal(answer.status, 429);
			assert.equal(answer.headers.get('retry-after'), '40');
			await busy.simulator.advance(40);
			assert.equal((await busy.place()).status, 200);
		} finally {
			await busy.close();
		}
	});

	it('rejects other methods and unknown resources in the form of the API', async () => {
		const answer = await line.v1('DELETE', '/Calls/connect.json');
		assert.equal(answer.status, 405);
		assert.equal(answer.json.RestException.Status, 405);
		assert.equal((await line.v1('GET', '/Nothing.json')).status, 404);
		assert.equal(
			(await line.request('GET', `/v1/accounts/${ACCOUNT}/Calls.json`)).status,
			404,
			'v1 has a capital A',
		);
		assert.equal((await line.request('GET', `/v2/Accounts/${ACCOUNT}/calls`)).status, 404, 'v2 has a small a');
		assert.equal(
			(
				await fetch(`${line.simulator.url}/v1/Accounts/${ACCOUNT}/Calls/connect.json`, {
					method: 'POST',
					headers: { Authorization: CREDENTIALS, 'Content-Type': 'text/csv' },
					body: 'a,b',
				})
			).status,
			415,
		);
	});
});

/** Names and emptiness of every element, in order. */
function xmlShape(xml: string): unknown {
	const parsed = new XMLParser({ preserveOrder: true, parseTagValue: false }).parse(xml) as any[];
	const shape = (nodes: any[]): unknown =>
		nodes
			.filter((node) => !('?xml' in node))
			.map((node) => {
				const name = must(Object.keys(node)[0]);
				if (name === '#text') return kindOf(node[name]);
				return [name, shape(node[name])];
			});
	return shape(parsed);
}

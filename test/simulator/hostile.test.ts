/**
 * Bodies, names and answers that are made to break things: objects with a `toString` of their own, towers of brackets,
 * foreign hosts, resets at bad moments.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import { ACCOUNT, EXOPHONE, FROM, Line, Receiver, subscribe, TO } from './telephone-line';
import { must } from './must';
import { readSnapshot } from '../../simulator/model/snapshot';

const TOWER = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
/** an object that cannot be turned into a text or number */
const STUBBORN = { toString: 1, valueOf: 1, toJSON: 1 };

describe('simulator: hostile input', () => {
	let line: Line;
	beforeEach(async () => {
		line = await Line.open();
	});
	afterEach(() => line.close());

	const agentCall = { from: { user_contact_uri: FROM }, to: { customer_contact_uri: TO }, virtual_number: EXOPHONE };

	it('refuses values that cannot be a text, on every surface', async () => {
		const json = { 'Content-Type': 'application/json' };
		const connect = (body: unknown) =>
			line.v1('POST', '/Calls/connect.json', typeof body === 'string' ? body : JSON.stringify(body), json);
		assert.equal((await connect({ From: [STUBBORN] })).status, 400);
		assert.equal((await connect({ From: STUBBORN, To: TO })).status, 400);
		assert.equal((await line.v2('POST', '/calls', { ...agentCall, max_time_limit: STUBBORN })).status, 400);
		const check = (body: unknown) => line.control('POST', '/check-answer', body);
		assert.equal((await check({ contentType: STUBBORN, body: '{}' })).status, 400);
		assert.equal((await check({ status: STUBBORN, body: '{}' })).status, 400);
		assert.match(
			(
				await check({
					body: {
						destination: { numbers: [STUBBORN] },
						start_call_playback: { type: 'text', value: STUBBORN },
					},
				})
			).json.reasons.join(),
			/start_call_playback.value is needed/,
		);
		assert.equal((await line.control('POST', '/clock', { speed: STUBBORN })).status, 400);
		assert.equal((await line.control('POST', '/reset', { account: STUBBORN })).status, 400);
		await line.control('PUT', '/flows/1', { applets: [{ type: 'greeting', text: 'hello' }] });
		assert.equal(
			(await line.control('POST', '/inbound', { from: FROM, to: EXOPHONE, flow: '1', digits: [STUBBORN] }))
				.status,
			400,
		);
		assert.equal(
			(await line.control('POST', '/inbound', { from: FROM, to: EXOPHONE, flow: '1', digits: [12, '#'] })).status,
			200,
		);
	});

	it('keeps a custom field that is an object as JSON', async () => {
		const lenient = await Line.open({ strictness: 'as-seen-in-the-field' });
		try {
			const { json, status } = await lenient.v2('POST', '/calls', { ...agentCall, custom_field: STUBBORN });
			assert.equal(status, 200);
			assert.equal(json.response.data.custom_field, JSON.stringify(STUBBORN));
		} finally {
			await lenient.close();
		}
	});

	it('reads no more of a form than it keeps, and a plus as a blank', async () => {
		const part = (name: string, value: string) =>
			`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
		const fields = { From: FROM, To: TO, CallerId: EXOPHONE };
		const others = Array.from({ length: 2_000 }, (_, index) => part(`x${index}`, ''));
		const parts = [...Object.entries(fields).map(([name, value]) => part(name, value)), ...others];
		const type = { 'Content-Type': 'multipart/form-data; boundary=b' };
		const path = '/Calls/connect.json';
		// The end of the form is missing: that is seen only by who reads so far.
		assert.match((await line.v1('POST', path, parts.join(''), type)).text, /Unknown parameter x0/);
		assert.match((await line.v1('POST', path, parts.slice(0, 9).join(''), type)).text, /cannot be read/);
		const form = `${new URLSearchParams(fields)}&CustomField=a+%2B+\u00e9`;
		const urlencoded = { 'Content-Type': 'application/x-www-form-urlencoded' };
		const { json } = await line.v1('POST', path, form, urlencoded);
		const { call } = (await line.control('GET', `/calls/${json.Call.Sid}`)).json;
		assert.equal(call.customField, 'a + \u00e9');
	});

	it('counts the values of a body before it reads them', async () => {
		const many = (count: number) =>
			Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, 1]));
		for (const [method, path, most] of [
			['PUT', '/chaos', 10_000],
			['PUT', '/quirks', 10_000],
			['PUT', '/flows/1', 32_768],
			['POST', '/inbound', 32_768],
			['POST', '/check-answer', 32_768],
			['PUT', `/accounts/${ACCOUNT}/agents`, 32_768],
		] as const) {
			const { status, text } = await line.control(method, path, many(most + 1));
			assert.deepEqual([status, text.includes('too many values')], [400, true], text);
		}
	});

	it('refuses towers of brackets', async () => {
		const json = { 'Content-Type': 'application/json' };
		for (const body of [TOWER, `{"From":${TOWER}}`, `{"From":[${TOWER}]}`, `{"custom_field":${TOWER}}`]) {
			for (const [method, path] of [
				['POST', `/v1/Accounts/${ACCOUNT}/Calls/connect`],
				['POST', `/v2/accounts/${ACCOUNT}/calls`],
				['POST', '/_simulator/api/check-answer'],
				['PUT', '/_simulator/api/flows/1'],
				['PUT', '/_simulator/api/flows'],
				['POST', '/_simulator/api/flows'],
				['PUT', '/_simulator/api/chaos'],
			]) {
				const answer = await line.request(must(method), must(path), body, json);
				assert.equal(answer.status, 400, `${path}: ${answer.text.slice(0, 100)}`);
			}
		}
		for (const path of [`/v1/Accounts/${ACCOUNT}/Calls/connect.json`, `/v2/accounts/${ACCOUNT}/calls`]) {
			const answer = await line.request('POST', path, `{"From":[${'0,'.repeat(5_000)}0]}`, json);
			assert.deepEqual([answer.status, answer.text.includes('too many values')], [400, true], answer.text);
		}
		const { json: checked } = await line.control('POST', '/check-answer', {
			body: `{"destination":{"numbers":["${TO}"]},"x":${'['.repeat(51)}${']'.repeat(51)}}`,
		});
		assert.deepEqual([checked.accepted, checked.reasons], [false, ['the body is nested too deep']]);
		const saved = `{"version":1,"calls":[${TOWER}]}`;
		assert.throws(() => readSnapshot(saved), /nested too deep/);
		assert.deepEqual(readSnapshot('{"version":1,"x":"[{[{[\\"["}').calls, [], 'brackets in a text are no levels');
	});

	it('takes any answer to a Connect question without a fault of its own', async () => {
		const receiver = await Receiver.open();
		try {
			await line.control('PUT', '/flows/7', {
				applets: [
					{ type: 'connect', version: '1.0', url: `${receiver.url}/connect` },
					{ type: 'greeting', text: 'after' },
				],
			});
			const odd = JSON.stringify(STUBBORN);
			const tower = TOWER.slice(85_000, 115_000);
			for (const body of [
				tower,
				odd,
				'null',
				'[]',
				'7',
				`{"destination":${odd}}`,
				`{"destination":{"numbers":${odd}}}`,
				`{"destination":{"numbers":[${odd},null,7,${tower}]}}`,
				`{"destination":{"numbers":["${TO}"]},"start_call_playback":{"type":"text","value":${odd}}}`,
				`{"destination":{"numbers":["${TO}"]},"music_on_hold":{"type":${odd},"value":${odd}}}`,
				`{"destination":{"numbers":["${TO}"]},"max_ringing_duration":${odd},"record":${odd},"dial_passthru_event_url":${odd},"outgoing_phone_number":${odd},"parallel_ringing":{"activate":${odd}}}`,
			]) {
				receiver.answer = (_received, response) =>
					response.setHeader('Content-Type', 'application/json').end(body);
				const { json } = await line.control('POST', '/inbound', {
					from: FROM,
					to: EXOPHONE,
					flow: '7',
					account: ACCOUNT,
				});
				await line.simulator.advance(120);
				const { call, timeline } = await line.view(json.sid);
				assert.equal(call.state, 'ended', body.slice(0, 200));
				assert.ok(!timeline.some(({ type }: any) => type === 'simulator-fault'), body.slice(0, 200));
			}
		} finally {
			await receiver.close();
		}
	});

	it('keeps nothing of any length: numbers, names of parameters, texts of answers', async () => {
		assert.equal((await line.place({ To: `${TO}${' ()-'.repeat(50_000)}7` })).status, 400);
		const lenient = await Line.open({ strictness: 'as-seen-in-the-field' });
		try {
			await lenient.placed({ ['x'.repeat(100_000)]: '"quoted"' });
			const { flags } = must(lenient.simulator.calls()[0]);
			assert.ok(flags.length > 0 && flags.every((flag) => flag.length < 200));
		} finally {
			await lenient.close();
		}
		const { plan } = (
			await line.control('POST', '/check-answer', {
				body: {
					destination: { numbers: [] },
					start_call_playback: { type: 'text', value: 'a'.repeat(50_000) },
				},
			})
		).json;
		assert.equal(plan.playback.value.length, 4096);
		assert.equal(
			(
				await line.control('PUT', '/flows/1', {
					applets: [{ type: 'passthru', url: `http://x/${'a'.repeat(5000)}` }],
				})
			).status,
			400,
		);
	});

	it('is not read or operated under a name that is not its own', async () => {
		const ask = (method: string, host: string, port = line.simulator.port) =>
			new Promise<number>((resolve, reject) => {
				http.request(
					{
						port,
						host: '127.0.0.1',
						method,
						path: method === 'GET' ? '/_simulator/api/calls' : '/_simulator/api/reset',
						headers: { Host: host },
					},
					(response) => {
						response.resume();
						resolve(response.statusCode ?? 0);
					},
				)
					.on('error', reject)
					.end();
			});
		for (const method of ['GET', 'POST']) {
			assert.equal(await ask(method, 'evil.example'), 403);
			assert.equal(await ask(method, 'localhost.evil.example:4010'), 403);
			assert.equal(await ask(method, `localhost:${line.simulator.port}`), 200);
			assert.equal(await ask(method, '[::1]:4010'), 200);
		}
		const known = await Line.open({ publicUrl: 'https://simulator.example' });
		try {
			assert.equal(await ask('GET', 'simulator.example', known.simulator.port), 200);
			assert.equal(await ask('POST', 'evil.example', known.simulator.port), 403);
		} finally {
			await known.close();
		}
	});

	it('answers a request that a reset catches while its answer is held back', async () => {
		await line.control('POST', '/clock', { speed: 0.001 });
		await line.control('PUT', '/chaos', { slowAnswerSeconds: 1000 });
		const held = line.v1('GET', '/Calls.json');
		await new Promise((resolve) => setTimeout(resolve, 50));
		line.simulator.reset();
		assert.equal((await held).status, 200);
	});

	it('answers a make-call request that a reset catches while its first callback is under way', async () => {
		const receiver = await Receiver.open();
		try {
			const asked = new Promise<void>((resolve) => {
				receiver.answer = () => resolve();
			});
			const placing = line.place({ To: '+919812345609', ...subscribe(receiver.url, ['terminal', 'answered']) });
			await asked;
			line.simulator.reset();
			assert.equal((await placing).status, 200);
		} finally {
			await receiver.close();
		}
	});

	it('gives no SID twice, however many accounts come and go, and lets the least used go', async () => {
		const first = await line.placed();
		for (let index = 0; index < 600; index++) {
			await line.request('GET', `/v1/Accounts/stranger${index}.json`);
			if (index === 300) await line.v1('GET', '/Calls.json');
		}
		const sids = new Set([first, await line.placed(), await line.placed()]);
		for (let index = 0; index < 600; index++) await line.request('GET', `/v1/Accounts/other${index}.json`);
		sids.add(await line.placed());
		assert.equal(sids.size, 4);
		assert.equal(line.simulator.calls(ACCOUNT).length, 4);
	});
});

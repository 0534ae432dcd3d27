/** The control API, live news, protection against other web pages, and the command line. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { startSimulator } from '../../simulator/index';
import { startNode, stopNode } from '../../tools/hosts/child.mjs';
import { ACCOUNT, EXOPHONE, FROM, Line, Receiver, subscribe, TO } from './telephone-line';
import { must } from './must';

const run = promisify(execFile);

describe('simulator: control API', () => {
	let line: Line;
	beforeEach(async () => {
		line = await Line.open();
	});
	afterEach(() => line.close());

	it('is healthy', async () => {
		const { json } = await line.control('GET', '/health');
		assert.equal(json.status, 'ok');
		assert.match(json.version, /^\d+\.\d+\.\d+/);
	});

	it('lists calls newest first, per account if asked', async () => {
		const first = await line.placed();
		const second = await line.placed({ To: '+919812345602' });
		await line.simulator.advance(60);
		const { calls } = (await line.control('GET', '/calls')).json;
		assert.deepEqual(
			calls.map(({ sid, api, from, to, state, status, outcome }: any) => [
				sid,
				api,
				from,
				to,
				state,
				status,
				outcome,
			]),
			[
				[second, 'v1', FROM, '+919812345602', 'ended', 'busy', 'busy'],
				[first, 'v1', FROM, TO, 'ended', 'completed', 'answered'],
			],
		);
		assert.equal((await line.control('GET', '/calls?account=other')).json.calls.length, 0);
		assert.deepEqual(
			(await line.control('GET', '/calls?limit=1')).json.calls.map(({ sid }: any) => sid),
			[second],
		);
		assert.equal((await line.control('GET', '/calls?limit=all')).status, 400);
		assert.equal((await line.control('GET', '/calls/nothing')).status, 404);
	});

	it('says how far a running call has got', async () => {
		await line.placed();
		const stages = [];
		for (const seconds of [0, 1, 3, 1, 3, 6]) {
			await line.simulator.advance(seconds);
			stages.push((await line.control('GET', '/calls')).json.calls[0].stage);
		}
		assert.deepEqual(stages, ['dialling', 'ringing', 'on-the-line', 'ringing', 'talking', null]);
	});

	it('refuses undocumented spellings, and flags them as seen in the field', async () => {
		const receiver = await Receiver.open();
		const lenient = await Line.open({ strictness: 'as-seen-in-the-field' });
		try {
			const spellings: [Record<string, string>, RegExp][] = [
				[{ StatusCallbackEvents: 'terminal' }, /without index/],
				[{ StatusCallbackEvents: 'terminal,answered' }, /comma list/],
				[{ 'StatusCallbackEvents[]': 'terminal' }, /\[\] without index/],
				[{ StartPlaybackTo: 'both' }, /documented is Callee or Both/],
				[{ StartPlaybackToNew: 'Both' }, /"New" is a badge/],
				[{ StartPlaybackValueNew: 'http://x/a.wav' }, /"New" is a badge/],
				[{ 'StatusCallbackEvents[0]': 'picked-up' }, /unknown event/],
				[{ Colour: 'red' }, /Unknown parameter Colour/],
			];
			for (const [fields, flag] of spellings) {
				const given = {
					StatusCallback: receiver.url,
					StatusCallbackContentType: 'application/json',
					...fields,
				};
				await lenient.placed(given);
				const { flags } = must(lenient.simulator.calls()[0]);
				assert.match(flags.join('; '), flag);
				const refused = await line.place(given);
				assert.equal(refused.status, 400, JSON.stringify(fields));
				assert.ok(flags.includes(refused.json.RestException.Message), refused.text);
			}
			await lenient.simulator.advance(60);
			assert.deepEqual(
				receiver.bodies().filter(({ EventType }) => EventType === 'terminal').length,
				3,
				'all three spellings subscribe',
			);
			assert.equal((await line.place(subscribe(receiver.url, ['terminal']))).status, 200);
		} finally {
			await lenient.close();
			await receiver.close();
		}
	});

	it('resets everything, or one account; the clock and the SIDs go on', async () => {
		const other = (method: string, target: string, body?: BodyInit) =>
			line.request(method, `/v1/Accounts/other${target}`, body);
		const form = () => new URLSearchParams({ From: FROM, To: TO, CallerId: EXOPHONE });
		const first = await line.placed();
		const theirs = (await other('POST', '/Calls/connect.json', form())).json.Call.Sid;
		await line.control('PUT', '/flows/1', { applets: [] });
		await line.control('POST', '/clock', { advanceSeconds: 100 });
		assert.equal((await line.control('POST', '/reset', { account: 'other' })).status, 200);
		assert.deepEqual(
			line.simulator.calls().map(({ sid }) => sid),
			[first],
		);
		assert.equal((await line.control('GET', '/flows')).json.flows.length, 1);
		assert.equal((await line.control('POST', '/reset', { keepFlows: 'yes' })).status, 400);
		assert.equal((await line.control('POST', '/reset', { keepFlows: true })).status, 200);
		assert.equal(line.simulator.calls().length, 0);
		assert.equal((await line.control('GET', '/flows')).json.flows.length, 1, 'keepFlows');
		assert.equal((await line.control('POST', '/reset')).status, 200);
		assert.equal(line.simulator.calls().length, 0);
		assert.equal((await line.control('GET', '/clock')).json.now, '2026-11-21T10:01:40+05:30');
		assert.equal((await line.control('GET', '/flows')).json.flows.length, 0);
		const later = [await line.placed(), (await other('POST', '/Calls/connect.json', form())).json.Call.Sid];
		assert.equal(new Set([first, theirs, ...later]).size, 4);
	});

	it('resets although an advance is under way', async () => {
		const receiver = await Receiver.open();
		try {
			const held: (() => void)[] = [];
			receiver.answer = (_received, response) => held.push(() => response.end());
			await line.placed(subscribe(receiver.url, ['ringing', 'terminal']));
			const advance = line.control('POST', '/clock', { advanceSeconds: 100 });
			while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
			await line.control('POST', '/reset');
			held.forEach((release) => release());
			await advance;
			assert.equal((await line.control('GET', '/clock')).json.now, '2026-11-21T10:01:40+05:30');
			assert.equal(receiver.received.length, 1);
		} finally {
			await receiver.close();
		}
	});

	it('forgets a running call on reset: it sends nothing any more', async () => {
		const receiver = await Receiver.open();
		try {
			await line.placed(subscribe(receiver.url, ['terminal']));
			await line.simulator.advance(5);
			line.simulator.reset();
			await line.simulator.advance(3600);
			assert.equal(receiver.received.length, 0);
		} finally {
			await receiver.close();
		}
	});

	it('switches quirks while it runs, until a reset', async () => {
		assert.equal((await line.place()).json.Call.From, '09812345670');
		assert.equal((await line.control('PUT', '/quirks', { numberForm: 'as-sent' })).json.numberForm, 'as-sent');
		assert.equal((await line.place()).json.Call.From, FROM);
		for (const body of [
			{ numberForm: 'roman' },
			{ ringing: 'yes' },
			{ detailsDelaySeconds: -1 },
			{ colour: 'red' },
			[],
		])
			assert.equal((await line.control('PUT', '/quirks', body)).status, 400, JSON.stringify(body));
		await line.control('POST', '/reset');
		assert.equal((await line.control('GET', '/quirks')).json.numberForm, 'national');
	});

	it('tells the page what happens, as it happens', async () => {
		const abort = new AbortController();
		const response = await fetch(`${line.simulator.url}/_simulator/api/events`, { signal: abort.signal });
		assert.equal(response.headers.get('content-type'), 'text/event-stream');
		const reader = (response.body as ReadableStream<Uint8Array>).getReader();
		let text = '';
		const until = async (wanted: RegExp) => {
			while (!wanted.test(text)) text += Buffer.from((await reader.read()).value ?? []).toString();
		};
		await until(/event: hello/);
		const sid = await line.placed({ StatusCallback: `${line.simulator.url}/nowhere` });
		await until(new RegExp(`event: call\ndata: .*${sid}`));
		await line.simulator.advance(60);
		await until(new RegExp(`event: delivery\ndata: .*${sid}`));
		await line.control('POST', '/reset');
		await until(/event: reset/);
		abort.abort();
	});

	it('refuses writes that come from another web page', async () => {
		const reset = (headers: Record<string, string>) =>
			new Promise<number>((resolve, reject) => {
				const request = http.request(
					`${line.simulator.url}/_simulator/api/reset`,
					{ method: 'POST', headers },
					(response) => {
						response.resume();
						resolve(response.statusCode ?? 0);
					},
				);
				request.on('error', reject);
				request.end();
			});
		const host = new URL(line.simulator.url).host;
		assert.equal(await reset({}), 200);
		assert.equal(await reset({ Origin: line.simulator.url }), 200);
		assert.equal(
			await reset({
				Origin: `http://localhost:${line.simulator.port}`,
				Host: `localhost:${line.simulator.port}`,
			}),
			200,
		);
		assert.equal(await reset({ Origin: 'https://evil.example' }), 403);
		assert.equal(await reset({ Origin: 'null' }), 403);
		assert.equal(await reset({ 'Sec-Fetch-Site': 'cross-site' }), 403);
		assert.equal(await reset({ 'Sec-Fetch-Site': 'same-site', Origin: line.simulator.url }), 403);
		assert.equal(
			await reset({ Origin: 'http://rebound.example', Host: 'rebound.example' }),
			403,
			'a page that points its own name here',
		);
		assert.equal(await reset({ Origin: `http://${host}`, Host: host }), 200);
		assert.equal(
			(await line.control('GET', '/calls', undefined, { Origin: 'https://evil.example' })).headers.get(
				'access-control-allow-origin',
			),
			null,
		);
	});

	it('serves a page that loads nothing from elsewhere and runs no inline script', async () => {
		const page = await line.request('GET', '/_simulator/');
		assert.equal(page.status, 200);
		assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/);
		assert.equal((await line.request('GET', '/')).headers.get('location'), '/_simulator/');
		for (const target of ['/_simulator/../package.json', '/_simulator/%2e%2e/package.json', '/_simulator/index.ts'])
			assert.equal((await line.request('GET', target)).status, 404, target);
	});

	it('words its own errors as JSON', async () => {
		assert.equal((await line.control('GET', '/nothing')).status, 404);
		assert.equal((await line.control('DELETE', '/calls')).status, 405);
		assert.equal((await line.request('PUT', '/_simulator/api/chaos', '{')).status, 400);
		assert.match(
			(await line.control('PUT', `/accounts/${ACCOUNT}/agents`, { agents: [{ contact: 'x' }] })).json.error,
			/agents\[0\]\.contact/,
		);
		assert.equal((await line.control('POST', '/check-answer', { version: '3' })).status, 400);
	});

	it('binds the loopback address unless told otherwise', async () => {
		assert.equal(new URL(line.simulator.url).hostname, '127.0.0.1');
		await assert.rejects(startSimulator({ port: line.simulator.port }), /EADDRINUSE/);
	});
});

describe('simulator: command line', () => {
	const cli = ['--require', require.resolve('tsx/cjs'), path.join(__dirname, '..', '..', 'simulator', 'cli.ts')];

	it('starts without configuration, prints how to reach it and the outcome table, and ends with Ctrl-C', async () => {
		const child = startNode([...cli, '--port', '0']);
		let code: number | null;
		try {
			let printed = '';
			await new Promise<void>((resolve) =>
				child.stdout?.on('data', (chunk) => {
					printed += chunk;
					if (printed.includes('other')) resolve();
				}),
			);
			const url = /Base URL +(\S+)/.exec(printed)?.[1];
			assert.ok(url);
			for (const wanted of ['SID', 'API key', 'API token', '01    never answers', '96    API: connection closed'])
				assert.ok(printed.includes(wanted), wanted);
			assert.equal((await fetch(`${url}/_simulator/api/health`)).status, 200);
		} finally {
			code = await stopNode(child);
		}
		assert.equal(code, 0);
	});

	it('says what is wrong with its options', async function () {
		this.timeout(60_000);
		const fail = (...options: string[]) =>
			run(process.execPath, [...cli, ...options]).then(
				() => assert.fail('started'),
				(error: { stderr: string }) => error.stderr,
			);
		assert.match(await fail('--account', 'only-a-sid'), /--account must look like SID:KEY:TOKEN/);
		assert.match(await fail('--speed', 'fast'), /--speed must be a number/);
		assert.match(await fail('--speed', '1e9'), /speed must be a number from 0 \(manual\) to 100000/);
		assert.match(await fail('--port', '99999'), /port must be a whole number from 0 \(any free one\) to 65535/);
		assert.match(await fail('--prot', '1'), /Unknown option '--prot'.*--help lists the options/);
		assert.match(await fail('--lenient'), /Unknown option '--lenient'/);
		assert.match(await fail('--quirk', 'numberForm=roman'), /quirk numberForm must be national or e164 or as-sent/);
		const line = await Line.open();
		try {
			assert.match(await fail('--port', String(line.simulator.port)), /choose one with --port/);
		} finally {
			await line.close();
		}
	});
});

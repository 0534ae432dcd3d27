/** The simulator's limits: what must not lead back to it, who may talk to it, and what long and endless things cost. */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import http from 'node:http';
import net from 'node:net';
import v8 from 'node:v8';
import vm from 'node:vm';
import { ACCOUNT, CREDENTIALS, EXOPHONE, FROM, Line, Receiver, subscribe, TO, type Answerer } from './telephone-line';

const LEADS_BACK = /leads back to the simulator/;

describe('simulator: its own requests do not reach it', () => {
	let line: Line;
	beforeEach(async () => {
		line = await Line.open();
		await line.control('PUT', '/flows/1', { applets: [{ type: 'greeting', text: 'still here' }] });
	});
	afterEach(() => line.close());

	/** Places a call that reports there; the errors of its callbacks. */
	async function reportedTo(url: string, on = line): Promise<string[]> {
		const sid = await on.placed(subscribe(url, ['terminal']));
		await on.simulator.advance(30);
		return (await on.view(sid)).deliveries.map(({ error }: any) => error as string);
	}

	it('refuses callbacks to its control API, whatever the address is called', async () => {
		const { port } = line.simulator;
		const { lookup } = dns;
		const rebound = ((name: string, options: any, done: any) =>
			name === 'rebound.example'
				? lookup('127.0.0.1', options, done)
				: lookup(name, options, done)) as typeof lookup;
		dns.lookup = rebound;
		try {
			for (const name of [
				'127.0.0.1',
				'127.1',
				'localhost',
				'0.0.0.0',
				'[::ffff:127.0.0.1]',
				'rebound.example',
			]) {
				const errors = await reportedTo(`http://${name}:${port}/_simulator/api/reset`);
				assert.equal(errors.length, 1, name);
				assert.match(errors.join(), LEADS_BACK, name);
			}
		} finally {
			dns.lookup = lookup;
		}
		assert.equal((await line.control('GET', '/flows')).json.flows.length, 1, 'nothing was reset');
		assert.equal(line.simulator.calls().length, 6);
	});

	it('places no calls by callbacks to its own API', async () => {
		const own = new URL(`${line.simulator.url}/v1/Accounts/${ACCOUNT}/Calls/connect.json?CallerId=${EXOPHONE}`);
		own.username = 'key';
		own.password = 'token';
		assert.match((await reportedTo(own.href)).join(), LEADS_BACK);
		assert.equal(line.simulator.calls().length, 1);
	});

	it('tells it apart by its public URL, and only where the path is its own', async () => {
		const receiver = await Receiver.open();
		const known = await Line.open({ publicUrl: `${receiver.url}/` });
		try {
			assert.match((await reportedTo(`${receiver.url}/_simulator/api/reset`, known)).join(), LEADS_BACK);
			assert.deepEqual(await reportedTo(`${receiver.url}/hook`, known), [null]);
			assert.deepEqual(
				receiver.received.map(({ path }) => path),
				['/hook'],
			);
		} finally {
			await known.close();
			await receiver.close();
		}
	});

	it('refuses applet requests and sounds as well, but not recordings', async () => {
		const own = line.simulator.url;
		const state = `${own}/_simulator/api/state`;
		await line.control('PUT', '/flows/2', {
			applets: [
				{ type: 'passthru', url: state },
				{ type: 'passthru', url: state, async: true },
				{ type: 'gather', url: state },
				{ type: 'connect', url: state, fallbackUrl: state },
			],
		});
		const { json } = await line.control('POST', '/inbound', { from: FROM, to: EXOPHONE, flow: '2' });
		const sid = await line.placed({ WaitUrl: state });
		const recorded = await line.placed({ WaitUrl: `${own}/exotelrecordings/${ACCOUNT}/x.mp3` });
		await line.simulator.advance(120);
		const { questions, deliveries } = await line.view(json.sid);
		assert.equal(questions.length, 4);
		for (const { reasons } of questions) assert.match(reasons.join(), LEADS_BACK);
		assert.match(deliveries[0].error, LEADS_BACK);
		assert.match(JSON.stringify((await line.view(sid)).timeline), LEADS_BACK);
		assert.match(JSON.stringify((await line.view(recorded)).timeline), /x\.mp3 answers 401/);
	});
});

describe('simulator: who may talk to it', () => {
	const form = new URLSearchParams({ From: FROM, To: TO, CallerId: EXOPHONE }).toString();
	/** Status and reason of a request that names a host. */
	const ask = (line: Line, [method, path]: readonly [string, string], headers: Record<string, string>) =>
		new Promise<{ status: number; body: string }>((resolve, reject) => {
			const type = { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: CREDENTIALS };
			http.request(
				{ port: line.simulator.port, host: '127.0.0.1', method, path, headers: { ...type, ...headers } },
				(response) => {
					let body = '';
					response.on('data', (chunk: Buffer) => (body += chunk.toString()));
					response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
				},
			)
				.on('error', reject)
				.end(method === 'POST' ? form : undefined);
		});
	const place = ['POST', `/v1/Accounts/${ACCOUNT}/Calls/connect.json`] as const;
	const requests = [
		place,
		['POST', `/v2/accounts/${ACCOUNT}/calls`],
		['GET', `/v1/Accounts/${ACCOUNT}/Calls.json`],
		['GET', '/_simulator/'],
		['GET', '/_simulator/api/calls'],
		['POST', '/_simulator/api/inbound'],
	] as const;

	it('refuses rebound names on every path, also where it listens on all addresses', async () => {
		for (const host of ['127.0.0.1', '0.0.0.0']) {
			const line = await Line.open({ host });
			try {
				for (const name of ['evil.example', 'evil.example:4010', 'localhost.evil.example', 'EVIL.example.'])
					for (const request of requests) {
						const { status, body } = await ask(line, request, { Host: name });
						assert.equal(status, 403, `${name} ${request.join(' ')}`);
						assert.match(body, /not known under this name.*--public-url/);
					}
				assert.deepEqual(line.simulator.calls(), []);
			} finally {
				await line.close();
			}
		}
	});

	it('refuses writes of other web pages, calls included', async () => {
		const line = await Line.open();
		try {
			const foreign: Record<string, string>[] = [
				{ Origin: 'http://evil.example' },
				{ Origin: 'null' },
				{ Origin: 'http://localhost:1' },
				{ 'Sec-Fetch-Site': 'cross-site' },
				{ 'Sec-Fetch-Site': 'same-site' },
			];
			for (const headers of foreign) {
				const { status, body } = await ask(line, place, headers);
				assert.equal(status, 403, JSON.stringify(headers));
				assert.match(body, /another web page/);
			}
			assert.deepEqual(line.simulator.calls(), []);
			const own = `localhost:${line.simulator.port}`;
			assert.equal((await ask(line, place, { Host: own, Origin: `http://${own}` })).status, 200);
		} finally {
			await line.close();
		}
	});

	it('takes plain clients under its addresses, names of the own network, --host and --public-url', async () => {
		const line = await Line.open({ publicUrl: 'https://Simulator.Example:8443', host: 'localhost' });
		try {
			for (const name of [
				'127.0.0.1',
				'localhost:4010',
				'[::1]:4010',
				'192.168.1.5:4010',
				'simulator:4010',
				'exotel.localhost',
				'host.docker.internal:4010',
				'simulator.example',
				'SIMULATOR.example:4010',
			])
				assert.equal((await ask(line, place, { Host: name })).status, 200, name);
			const behindProxy = { Host: '127.0.0.1:4010', Origin: 'https://simulator.example:8443' };
			assert.equal((await ask(line, place, behindProxy)).status, 200);
		} finally {
			await line.close();
		}
	});
});

describe('simulator: what long and endless things cost', () => {
	let line: Line;
	let receiver: Receiver;
	beforeEach(async () => {
		line = await Line.open({ deliveryTimeoutMs: 300, answerTimeoutMs: 300 });
		receiver = await Receiver.open();
	});
	afterEach(async () => {
		await line.close();
		await receiver.close();
	});

	/** Answers without end; tells how much was taken until the simulator hung up. */
	function endless(piece: Buffer, everyMs: number | null): { answer: Answerer; taken: Promise<number> } {
		let tell: (bytes: number) => void = () => undefined;
		const taken = new Promise<number>((resolve) => (tell = resolve));
		const answer: Answerer = (_received, response) => {
			let sent = 0;
			let open = true;
			response.writeHead(200, { 'Content-Type': 'application/json' });
			response.on('close', () => {
				open = false;
				tell(sent);
			});
			const write = () => {
				if (!open) return;
				sent += piece.length;
				const more = response.write(piece);
				if (everyMs !== null) setTimeout(write, everyMs);
				else if (more) setImmediate(write);
				else response.once('drain', write);
			};
			write();
		};
		return { answer, taken };
	}

	it('hangs up on a receiver that answers without end', async () => {
		const { answer, taken } = endless(Buffer.alloc(64 * 1024, 'x'), null);
		receiver.answer = answer;
		const sid = await line.placed(subscribe(receiver.url, ['terminal']));
		await line.simulator.advance(30);
		assert.ok((await taken) < 16 * 1024 * 1024);
		const [delivery] = (await line.view(sid)).deliveries;
		assert.equal(delivery.error, 'the answer is longer than 1 MB; reading stopped there');
		assert.ok(delivery.retryAt);
		assert.equal(delivery.answer.body.length, 4096);
	});

	it('hangs up on a receiver that answers byte by byte', async () => {
		const { answer, taken } = endless(Buffer.from('x'), 5);
		receiver.answer = answer;
		const sid = await line.placed(subscribe(receiver.url, ['terminal']));
		await line.simulator.advance(30);
		assert.ok((await taken) < 1000);
		assert.equal((await line.view(sid)).deliveries[0].error, 'no answer within 0.3 s');
	});

	/** The first delivery of a call to a receiver that is a bare socket. */
	async function deliveredTo(onConnection: (socket: net.Socket) => void) {
		const server = net.createServer(onConnection);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		assert.ok(typeof address === 'object' && address);
		try {
			const sid = await line.placed(subscribe(`http://127.0.0.1:${address.port}/`, ['terminal']));
			await line.simulator.advance(30);
			return (await line.view(sid)).deliveries[0];
		} finally {
			await new Promise((resolve) => server.close(resolve));
		}
	}

	it('hangs up on a receiver whose headers never end', async () => {
		const delivery = await deliveredTo((socket) => {
			socket.on('error', () => undefined);
			socket.write('HTTP/1.1 200 OK\r\n');
			const timer = setInterval(() => socket.write('X-More: 1\r\n'), 5);
			socket.on('close', () => clearInterval(timer));
		});
		assert.equal(delivery.error, 'no answer within 0.3 s');
	});

	it('hangs up on a receiver that changes to another protocol', async () => {
		const delivery = await deliveredTo((socket) => {
			socket.on('error', () => undefined);
			socket.once('data', () =>
				socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
			);
		});
		assert.equal(delivery.error, 'the receiver changed to another protocol');
		assert.ok(delivery.retryAt);
	});

	it('takes an endless answer to an applet request for unusable', async () => {
		receiver.answer = endless(Buffer.alloc(64 * 1024, ' '), null).answer;
		await line.control('PUT', '/flows/1', {
			applets: [
				{ type: 'gather', url: `${receiver.url}/gather` },
				{ type: 'connect', url: `${receiver.url}/connect` },
			],
		});
		const { json } = await line.control('POST', '/inbound', { from: FROM, to: EXOPHONE, flow: '1' });
		await line.simulator.advance(60);
		const { call, questions } = await line.view(json.sid);
		assert.equal(call.state, 'ended');
		assert.deepEqual(
			questions.map(({ accepted }: any) => accepted),
			[false, false],
		);
		assert.match(questions[0].notes.join(), /longer than 64 KB/);
		assert.match(questions[1].reasons.join(), /longer than 64 KB/);
	});

	it('keeps the beginning of long answers only', async () => {
		v8.setFlagsFromString('--expose-gc');
		const collect = vm.runInNewContext('gc') as () => void;
		const used = () => {
			collect();
			return process.memoryUsage().heapUsed;
		};
		const big = await Line.open({ callsPerMinute: 0 });
		try {
			const text = 'a'.repeat(60 * 1024);
			receiver.answer = (_received, response) => response.end(text);
			const before = used();
			for (let count = 0; count < 400; count++) await big.placed(subscribe(receiver.url, ['terminal']));
			await big.simulator.advance(30);
			receiver.received.length = 0;
			const perCall = (used() - before) / 400;
			assert.ok(perCall < 32 * 1024, `${Math.round(perCall / 1024)} KB a call`);
			assert.equal(
				big.simulator.call(big.simulator.calls()[0]?.sid ?? '')?.deliveries[0]?.answer?.body.length,
				4096,
			);
		} finally {
			await big.close();
		}
	});

	it('closes the connection of a request that does not end', async () => {
		const sent = await new Promise<number>((resolve) => {
			let bytes = 0;
			const request = http.request(`${line.simulator.url}/v1/Accounts/${ACCOUNT}/Calls/connect.json`, {
				method: 'POST',
				headers: { Authorization: CREDENTIALS },
			});
			const piece = Buffer.alloc(64 * 1024, 'x');
			const write = () => {
				if (request.destroyed) return;
				bytes += piece.length;
				if (request.write(piece)) setImmediate(write);
				else request.once('drain', write);
			};
			request.on('error', () => undefined);
			request.on('close', () => resolve(bytes));
			write();
		});
		assert.ok(sent < 32 * 1024 * 1024, String(sent));
		assert.equal((await line.v1('GET', '/Calls.json')).status, 200);
	});

	it('refuses long texts in the API and the control API', async () => {
		const long = 'a'.repeat(5000);
		for (const field of [
			{ CustomField: long },
			{ StatusCallback: `http://x/${long}` },
			{ WaitUrl: `http://x/${long}` },
			{ StartPlaybackValue: `http://x/${long}` },
		])
			assert.equal((await line.place(field as unknown as Record<string, string>)).status, 400);
		const big = { CustomField: 'a'.repeat(2 * 1024 * 1024) };
		assert.equal((await line.place(big)).status, 413);
		const refused = async (method: string, path: string, body: unknown) =>
			assert.equal((await line.control(method, path, body)).status, 400, path);
		await refused('PUT', '/flows/1', { applets: [{ type: 'greeting', text: long }] });
		const applets = Array.from({ length: 50 }, () => ({ type: 'greeting', text: 'a'.repeat(1900) }));
		await refused('PUT', '/flows/1', { applets });
		await refused('PUT', '/chaos', { rules: [{ account: long, drop: true }] });
		await refused('PUT', '/chaos', { rules: [{ number: long, drop: true }] });
		await refused('PUT', `/accounts/${ACCOUNT}/agents`, { agents: [{ contact: FROM, name: long }] });
		await line.control('PUT', '/flows/1', { applets: [{ type: 'greeting', text: 'x' }] });
		await refused('POST', '/inbound', { from: FROM, to: EXOPHONE, flow: '1', digits: '1'.repeat(33) });
		assert.deepEqual(line.simulator.calls(), []);
	});
});

/** The axios transport over real sockets: what is sent, what is followed, and how each failure looks to the core. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
	callsBetween,
	readAccount,
	type ExotelError,
	type HttpRequest,
	type HttpResponse,
} from '../../../exotel/index';
import { send } from '../../../exotel/http/send';
import { openTransport, type AccountTransport } from '../../../node-red/account/transport';
import { processClock } from '../../../node-red/clock';

const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
	method: 'GET',
	url,
	headers: {},
	placesCall: false,
	authenticate: true,
	publicOnly: false,
	responseType: 'text',
	...more,
});

describe('Node-RED transport', () => {
	const servers: Server[] = [];
	let transport: AccountTransport;

	beforeEach(() => {
		transport = openTransport(() => 'Basic c2VjcmV0');
	});
	afterEach(() => {
		transport.close();
		for (const server of servers.splice(0)) {
			server.closeAllConnections();
			server.close();
		}
	});
	async function serve(listener: RequestListener): Promise<string> {
		const server = createServer(listener).listen(0, '127.0.0.1');
		servers.push(server);
		await once(server, 'listening');
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	it('resolves for every status, with text untouched and header names in lower case', async () => {
		const url = await serve(
			(_incoming, response) =>
				void response.writeHead(418, { 'X-Teapot': 'yes', 'content-type': 'application/json' }).end('{"a": 1}'),
		);
		const answer = await transport.send(request(url), { timeoutMs: 5000 });
		assert.deepEqual([answer.status, answer.body, answer.headers['x-teapot']], [418, '{"a": 1}', 'yes']);
	});

	it('sends plain http, which is for this network only, past the proxy of the process', async () => {
		let proxied = 0;
		const proxy = await serve((_incoming, response) => {
			proxied += 1;
			response.end();
		});
		const url = await serve((_incoming, response) => void response.end('here'));
		const { http_proxy: before } = process.env;
		process.env['http_proxy'] = proxy;
		try {
			assert.equal((await transport.send(request(url), { timeoutMs: 5000 })).body, 'here');
		} finally {
			if (before === undefined) delete process.env['http_proxy'];
			else process.env['http_proxy'] = before;
		}
		assert.equal(proxied, 0);
	});

	it('writes the request for the next page before anybody works on a page', async () => {
		const url = await serve((incoming, response) => {
			const isFirst = !incoming.url?.includes('After=');
			const Metadata = { NextPageUri: isFirst ? '/x?After=second' : null };
			response.end(JSON.stringify({ Metadata, Calls: [{ Sid: isFirst ? 's1' : 's2' }] }));
		});
		let written = 0;
		const count = (): unknown => written++;
		subscribe('http.client.request.start', count);
		try {
			const account = readAccount({ region: 'custom', baseUrl: url, sid: 'acme1' });
			const options = { transport: transport.send, clock: processClock, account };
			const first = await callsBetween(account, {}, options)[Symbol.asyncIterator]().next();
			assert.equal(first.done, false);
			assert.equal(written, 2);
		} finally {
			unsubscribe('http.client.request.start', count);
		}
	});

	it('begins many requests one after the other, so that timers run in between', async () => {
		const url = await serve((_incoming, response) => void response.end());
		const begun: number[] = [];
		let turn = 0;
		transport = openTransport(() => {
			begun.push(turn);
			return 'Basic c2VjcmV0';
		});
		const next = (): void => {
			turn += 1;
			counting = setImmediate(next);
		};
		let counting = setImmediate(next);
		const placing = request(url, { method: 'POST', placesCall: true });
		await Promise.all(Array.from({ length: 50 }, () => transport.send(placing, { timeoutMs: 5000 })));
		clearImmediate(counting);
		assert.deepEqual([begun.length, new Set(begun).size], [50, 50]);
	});

	it('sends the body byte for byte', async () => {
		let received = '';
		const url = await serve((incoming, response) => {
			incoming.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
			incoming.on('end', () => response.end());
		});
		const body = 'From=%2B919812345600&StatusCallbackEvents%5B0%5D=terminal';
		await transport.send(
			request(url, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
			{ timeoutMs: 5000 },
		);
		assert.equal(received, body);
	});

	it('gives a recording as bytes', async () => {
		const bytes = Buffer.from([0, 255, 254, 10, 13, 128]);
		const url = await serve((_incoming, response) => void response.end(bytes));
		const answer = await transport.send(request(url, { responseType: 'bytes' }), { timeoutMs: 5000 });
		assert.deepEqual(Buffer.from(answer.body as Uint8Array), bytes);
	});

	it('reads a text of two megabytes, and stops at one that is many times longer than any of Exotel', async () => {
		const url = await serve((incoming, response) => void response.end('x'.repeat(Number(incoming.url?.slice(1)))));
		const answer = await transport.send(request(`${url}/2000000`), { timeoutMs: 5000 });
		assert.equal(answer.body.length, 2_000_000);
		const tooLarge = { name: 'ExotelError', code: 'TOO_LARGE' };
		await assert.rejects(transport.send(request(`${url}/5000000`), { timeoutMs: 5000 }), tooLarge);
	});

	it('hangs up on an answer without end', async () => {
		let closed = false;
		const url = await serve((incoming, response) => {
			incoming.socket.once('close', () => (closed = true));
			const more = () => {
				while (!closed && response.write(Buffer.alloc(64 * 1024, 0x41)));
			};
			response.on('drain', more);
			more();
		});
		await assert.rejects(transport.send(request(url), { timeoutMs: 5000 }), { code: 'TOO_LARGE' });
		while (!closed) await new Promise(setImmediate);
	});

	describe('with a name from outside', () => {
		const lookedUp: string[] = [];
		const leadingTo = (...addresses: string[]) => {
			lookedUp.length = 0;
			transport.close();
			transport = openTransport(
				() => '',
				async (name) => {
					lookedUp.push(name);
					return await Promise.resolve(addresses.map((address) => ({ address, family: 4 })));
				},
			);
		};
		/** A server of this machine under a public name. */
		const named = async (): Promise<{ url: string; asked: () => number }> => {
			let asked = 0;
			const url = await serve((_incoming, response) => {
				asked += 1;
				response.end();
			});
			return { url: url.replace('127.0.0.1', 'recordings.example.com'), asked: () => asked };
		};

		it('asks no server inside this network by a public name', async () => {
			const { url, asked } = await named();
			for (const addresses of [['127.0.0.1'], ['93.184.215.14', '127.0.0.1'], ['64:ff9b::7f00:1']]) {
				leadingTo(...addresses);
				await assert.rejects(transport.send(request(url, { publicOnly: true }), { timeoutMs: 5000 }), {
					name: 'ExotelError',
					code: 'PRIVATE_ADDRESS',
				});
				// What was judged is what would be connected to: the name is looked up once.
				assert.deepEqual(lookedUp, ['recordings.example.com']);
			}
			assert.equal(asked(), 0);
		});

		describe('behind a proxy, which looks names up itself', () => {
			let tunnels: string[];
			const { https_proxy: before } = process.env;
			beforeEach(async () => {
				tunnels = [];
				const proxy = await serve(() => assert.fail('not in clear'));
				servers.at(-1)!.on('connect', ({ url }, socket) => {
					tunnels.push(String(url));
					socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
				});
				process.env['https_proxy'] = proxy;
			});
			afterEach(() => {
				if (before === undefined) delete process.env['https_proxy'];
				else process.env['https_proxy'] = before;
			});
			const asking = async (url: string): Promise<HttpResponse> =>
				await transport.send(request(url, { publicOnly: true }), { timeoutMs: 5000 });

			it('asks no server inside this network by a public name', async () => {
				leadingTo('10.0.0.7');
				await assert.rejects(asking('https://recordings.example.com/a'), { code: 'PRIVATE_ADDRESS' });
				assert.deepEqual(tunnels, []);
				leadingTo('93.184.215.14');
				assert.equal((await asking('https://recordings.example.com/a')).status, 502);
				assert.deepEqual(tunnels, ['recordings.example.com:443']);
			});

			it('asks nobody by a name that cannot be looked up here, unless the name is of Exotel', async () => {
				transport.close();
				transport = openTransport(
					() => '',
					async () => await Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
				);
				await assert.rejects(asking('https://recordings.example.com/a'), { code: 'ENOTFOUND' });
				assert.deepEqual(tunnels, []);
				assert.equal((await asking('https://recordings.exotel.com/a')).status, 502);
				assert.deepEqual(tunnels, ['recordings.exotel.com:443']);
			});
		});

		it('gives up when the lookup takes longer than the request may', async () => {
			transport.close();
			transport = openTransport(
				() => '',
				async () => await new Promise(() => undefined),
			);
			const sent = transport.send(request('https://a.example.com/', { publicOnly: true }), { timeoutMs: 50 });
			await assert.rejects(sent, { code: 'ETIMEDOUT' });
		});

		it("asks the account's own server, wherever its name leads", async () => {
			const { url, asked } = await named();
			leadingTo('127.0.0.1');
			assert.equal((await transport.send(request(url), { timeoutMs: 5000 })).status, 200);
			assert.equal(asked(), 1);
		});
	});

	it('authorizes only when asked to', async () => {
		const seen: (string | undefined)[] = [];
		const url = await serve((incoming, response) => {
			seen.push(incoming.headers.authorization);
			response.end();
		});
		await transport.send(request(url), { timeoutMs: 5000 });
		await transport.send(request(url, { authenticate: false }), { timeoutMs: 5000 });
		assert.deepEqual(seen, ['Basic c2VjcmV0', undefined]);
	});

	for (const responseType of ['text', 'bytes'] as const) {
		it(`follows no redirect of a GET itself (${responseType})`, async () => {
			let requests = 0;
			const url = await serve((_incoming, response) => {
				requests += 1;
				response.writeHead(302, { location: '/again' }).end();
			});
			const answer = await transport.send(request(url, { responseType }), { timeoutMs: 5000 });
			assert.deepEqual([answer.status, answer.headers['location'], requests], [302, '/again', 1]);
		});
	}

	it('never follows a redirect of a POST', async () => {
		let requests = 0;
		const url = await serve((_incoming, response) => {
			requests += 1;
			response.writeHead(307, { location: '/again' }).end();
		});
		const answer = await transport.send(request(url, { method: 'POST', body: 'a=b', placesCall: true }), {
			timeoutMs: 5000,
		});
		assert.deepEqual([answer.status, requests], [307, 1]);
	});

	it('reuses connections for reading, and takes a fresh one to place a call', async () => {
		const sockets = new Set<unknown>();
		const url = await serve((incoming, response) => {
			sockets.add(incoming.socket);
			response.end();
		});
		for (let i = 0; i < 3; i += 1) await transport.send(request(url), { timeoutMs: 5000 });
		assert.equal(sockets.size, 1);
		await transport.send(request(url, { method: 'POST', body: '', placesCall: true }), { timeoutMs: 5000 });
		assert.equal(sockets.size, 2);
	});

	it('rejects with ETIMEDOUT when no complete answer came in time', async () => {
		const url = await serve((_incoming, response) => void response.write('half'));
		await assert.rejects(transport.send(request(url), { timeoutMs: 80 }), { code: 'ETIMEDOUT' });
	});

	it("rejects with the signal's reason when aborted", async () => {
		const controller = new AbortController();
		const reason = new Error('closed');
		const url = await serve(() => controller.abort(reason));
		await assert.rejects(
			transport.send(request(url), { timeoutMs: 5000, signal: controller.signal }),
			(error) => error === reason,
		);
	});

	it('calls that are stopped before their turn were never sent; only those begun are unknown', async () => {
		const url = await serve(() => undefined);
		const controller = new AbortController();
		let begun = 0;
		transport = openTransport(() => {
			if ((begun += 1) === 3) controller.abort(new Error('closed'));
			return 'Basic c2VjcmV0';
		});
		const account = readAccount({ region: 'custom', baseUrl: url, sid: 'acme1' });
		const placing = request(url, { method: 'POST', placesCall: true });
		const { signal } = controller;
		const outcomes = await Promise.all(
			Array.from({ length: 50 }, () =>
				send(placing, { transport: transport.send, clock: processClock, account, signal }).then(
					() => 'sent',
					({ kind, code }: ExotelError) => `${kind} ${String(code)}`,
				),
			),
		);
		assert.deepEqual(
			[begun, outcomes.filter((outcome) => outcome === 'network ABORTED').length],
			[3, 47],
			String(outcomes),
		);
		assert.equal(outcomes.filter((outcome) => outcome.startsWith('unknown-outcome')).length, 3);
	});

	for (const [name, code, listener] of [
		['a connection that is cut', 'ECONNRESET', ((incoming) => void incoming.socket.destroy()) as RequestListener],
		['a port nobody listens on', 'ECONNREFUSED', null],
	] as const) {
		it(`rejects with ${code} for ${name}, and the error holds no secret`, async () => {
			const url = listener === null ? 'http://127.0.0.1:1' : await serve(listener);
			await assert.rejects(
				transport.send(request(url, { method: 'POST', body: 'To=1', placesCall: true }), { timeoutMs: 5000 }),
				(error: NodeJS.ErrnoException) => {
					assert.equal(error.code, code);
					const shown = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error.stack);
					assert.ok(!shown.includes('c2VjcmV0'));
					assert.equal('config' in error, false);
					return true;
				},
			);
		});
	}
});

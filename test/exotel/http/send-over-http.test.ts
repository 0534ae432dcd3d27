/**
 * The same promises over real sockets, with axios and with fetch: how often a server is reached when things go wrong.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import {
	connectNumbers,
	ExotelError,
	getCall,
	perform,
	readAccount,
	type Account,
	type Clock,
	type Transport,
} from '../../../exotel/index';
import { sample } from '../samples';

const transports: Record<string, Transport> = {
	axios: async (request, { timeoutMs, signal }) => {
		const response = await axios.request<string>({
			method: request.method,
			url: request.url,
			headers: request.headers,
			data: request.body,
			timeout: timeoutMs,
			maxRedirects: 0,
			proxy: false,
			transitional: { clarifyTimeoutError: true },
			responseType: 'text',
			transformResponse: (body: string) => body,
			validateStatus: () => true,
			...(signal === undefined ? {} : { signal }),
		});
		return { status: response.status, headers: response.headers as Record<string, string>, body: response.data };
	},
	fetch: async (request, { timeoutMs }) => {
		const response = await fetch(request.url, {
			method: request.method,
			headers: request.headers,
			redirect: 'manual',
			signal: AbortSignal.timeout(timeoutMs),
			...(request.body === undefined ? {} : { body: request.body }),
		});
		const headers: Record<string, string> = {};
		response.headers.forEach((value, name) => {
			headers[name] = value;
		});
		return { status: response.status, headers, body: await response.text() };
	},
};

/** Real time, but no waiting. */
const clock: Clock = {
	now: () => Date.now(),
	elapsed: () => Math.floor(performance.now()),
	sleep: () => Promise.resolve(),
};

const input = {
	from: '+919413740001',
	to: '+918867990002',
	exoPhone: '01130830003',
	statusCallbackUrl: 'http://your-application.com/exotel-callback',
	statusCallbackEvents: ['terminal' as const],
};

describe('sending over http', () => {
	let server: http.Server;
	let account: Account;
	let received: { url: string; body: string; contentType: string | undefined; authorization: string | undefined }[];
	let behave: (nth: number, response: http.ServerResponse, socket: net.Socket) => void;

	beforeEach((done) => {
		received = [];
		server = http.createServer((request, response) => {
			let body = '';
			request
				.setEncoding('utf8')
				.on('data', (part: string) => {
					body += part;
				})
				.on('end', () => {
					received.push({
						url: request.url ?? '',
						body,
						contentType: request.headers['content-type'],
						authorization: request.headers.authorization,
					});
					behave(received.length, response, request.socket);
				});
		});
		server.listen(0, '127.0.0.1', () => {
			account = readAccount({
				baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
				sid: 'acme1',
			});
			done();
		});
	});

	afterEach((done) => {
		server.closeAllConnections();
		server.close(done);
	});

	const good = (response: http.ServerResponse) =>
		response.writeHead(200, { 'content-type': 'application/json' }).end(sample('seed-004-connect-numbers.json'));

	for (const [name, transport] of Object.entries(transports)) {
		const place = (timeoutMs = 5000) =>
			perform(connectNumbers, account, input, { transport, clock, account, timeoutMs, attemptId: 'a' });
		const unknown = async (ending: Promise<unknown>) => {
			const error = await ending.then(
				() => assert.fail('it should have failed'),
				(thrown: unknown) => thrown,
			);
			assert.ok(error instanceof ExotelError);
			assert.deepEqual([error.kind, error.attemptId], ['unknown-outcome', 'a']);
			assert.match(error.message, /outcome "unknown"/);
			assert.equal(received.length, 1, 'requests that reached the server');
		};

		describe(`with ${name}`, () => {
			it('sends the documented bytes, and adds no key', async () => {
				behave = (_, response) => good(response);
				assert.equal((await place()).attempts, 1);
				assert.deepEqual(received, [
					{
						url: '/v1/Accounts/acme1/Calls/connect.json',
						body:
							'From=%2B919413740001&To=%2B918867990002&CallerId=01130830003&' +
							'StatusCallback=http%3A%2F%2Fyour-application.com%2Fexotel-callback&' +
							'StatusCallbackEvents[0]=terminal',
						contentType: 'application/x-www-form-urlencoded',
						authorization: undefined,
					},
				]);
			});

			it('reaches the server once: 504', async () => {
				behave = (_, response) => response.writeHead(504).end();
				await unknown(place());
			});

			it('reaches the server once: reset after the request was written', async () => {
				behave = (_, __, socket) => socket.resetAndDestroy();
				await unknown(place());
			});

			it('reaches the server once: closed without an answer', async () => {
				behave = (_, __, socket) => socket.end();
				await unknown(place());
			});

			it('reaches the server once: broken off in the middle of the answer', async () => {
				behave = (_, response, socket) => {
					response.writeHead(200, { 'content-length': '1000' });
					response.write('{"Call":', () => socket.destroy());
				};
				await unknown(place());
			});

			it('reaches the server once: time-out', async () => {
				behave = () => undefined;
				await unknown(place(200));
			});

			it('reaches the server once: an answer that is no HTTP', async () => {
				behave = (_, __, socket) => socket.end('hello\r\n\r\n');
				await unknown(place());
			});

			it('repeats after 429, then places one call', async () => {
				behave = (nth, response) =>
					nth === 1 ? response.writeHead(429, { 'retry-after': '1' }).end() : good(response);
				assert.equal((await place()).attempts, 2);
				assert.equal(received.length, 2);
			});

			it('repeats a reading after a reset and a 503', async () => {
				behave = (nth, response, socket) => {
					if (nth === 1) return socket.resetAndDestroy();
					return nth === 2 ? response.writeHead(503).end() : good(response);
				};
				const { attempts } = await perform(
					getCall,
					account,
					{ sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' },
					{ transport, clock, account },
				);
				assert.deepEqual(
					[attempts, received.length, received[2]?.url],
					[3, 3, '/v1/Accounts/acme1/Calls/b6cfaf5f5cef3ca0fc937749ef960e25.json?details=true'],
				);
			});

			it('repeats when nobody listens, then places one call', async () => {
				behave = (_, response) => good(response);
				// A port that was just free: nobody listens there.
				const free = await new Promise<number>((resolve) => {
					const probe = net.createServer().listen(0, '127.0.0.1', () => {
						const { port } = probe.address() as AddressInfo;
						probe.close(() => resolve(port));
					});
				});
				let tries = 0;
				const late: Transport = (request, options) =>
					transport(
						++tries < 3 ? { ...request, url: request.url.replace(/:\d+\//, `:${free}/`) } : request,
						options,
					);
				const { attempts } = await perform(connectNumbers, account, input, { transport: late, clock, account });
				assert.deepEqual([attempts, received.length], [3, 1]);
			});

			it('follows no redirect with a call', async () => {
				behave = (_, response) => response.writeHead(307, { location: '/elsewhere' }).end();
				const error = await place().then(
					() => assert.fail('it should have failed'),
					(thrown: unknown) => thrown as ExotelError,
				);
				assert.deepEqual([error.kind, error.httpStatus, received.length], ['exotel', 307, 1]);
			});
		});
	}
});

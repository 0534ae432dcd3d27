/**
 * What the simulator's tests share: a simulator with a manual clock, a raw HTTP client (fetch, nothing of exotel/), and
 * a server of ours that records what the simulator sends.
 */
import http from 'node:http';
import assert from 'node:assert/strict';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index';
import { must } from './must';

export const ACCOUNT = 'Exotel';
export const START = '2026-11-21T10:00:00+05:30';
export const FROM = '+919812345670';
export const TO = '+919812345680';
export const EXOPHONE = '08047115777';

export interface Received {
	method: string;
	path: string;
	query: URLSearchParams;
	/** the query as it came over the wire */
	rawQuery: string;
	headers: http.IncomingHttpHeaders;
	rawHeaders: string[];
	body: string;
}

export type Answerer = (received: Received, response: http.ServerResponse) => void;

/** A server of the simulator's user. */
export class Receiver {
	readonly received: Received[] = [];
	/** what to answer; default 200 */
	answer: Answerer = (_received, response) => response.end('ok');
	private constructor(
		private readonly server: http.Server,
		readonly url: string,
	) {}

	static async open(): Promise<Receiver> {
		const server = http.createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		assert.ok(typeof address === 'object' && address);
		const receiver = new Receiver(server, `http://127.0.0.1:${address.port}`);
		server.on('request', (request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const [path = '', rawQuery = ''] = (request.url ?? '').split('?', 2);
				const received = {
					method: request.method ?? '',
					path,
					rawQuery,
					query: new URLSearchParams(rawQuery),
					headers: request.headers,
					rawHeaders: request.rawHeaders,
					body: Buffer.concat(chunks).toString('utf8'),
				};
				receiver.received.push(received);
				receiver.answer(received, response);
			});
		});
		return receiver;
	}

	/** JSON bodies received so far. */
	bodies(): Record<string, unknown>[] {
		return this.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

export interface ApiAnswer {
	status: number;
	headers: Headers;
	text: string;
	json: any;
}

export const CREDENTIALS = `Basic ${Buffer.from('key:token').toString('base64')}`;

/** A simulator with a manual clock, and a client for it. */
export class Line {
	private constructor(
		readonly simulator: Simulator,
		readonly account: string,
	) {}

	static async open(options: SimulatorOptions = {}, account = ACCOUNT): Promise<Line> {
		return new Line(await startSimulator({ port: 0, speed: 0, startTime: START, ...options }), account);
	}

	/** @param path from the account's root on: `/Calls/connect.json` */
	async v1(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}): Promise<ApiAnswer> {
		return this.request(method, `/v1/Accounts/${this.account}${path}`, body, headers);
	}

	async v2(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
		return this.request(
			method,
			`/v2/accounts/${this.account}${path}`,
			body === undefined ? undefined : JSON.stringify(body),
			body === undefined ? {} : { 'Content-Type': 'application/json' },
		);
	}

	async control(
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Promise<ApiAnswer> {
		return this.request(method, `/_simulator/api${path}`, body === undefined ? undefined : JSON.stringify(body), {
			'Content-Type': 'application/json',
			...headers,
		});
	}

	async request(
		method: string,
		path: string,
		body?: BodyInit,
		headers: Record<string, string> = {},
	): Promise<ApiAnswer> {
		const response = await fetch(`${this.simulator.url}${path}`, {
			method,
			body,
			headers: { Authorization: CREDENTIALS, ...headers },
			redirect: 'manual',
		});
		const text = await response.text();
		let json: unknown;
		try {
			json = JSON.parse(text);
		} catch {
			json = undefined;
		}
		return { status: response.status, headers: response.headers, text, json };
	}

	/** Places a v1 call between two numbers; `fields` override. */
	async place(fields: Record<string, string> = {}, suffix = '.json'): Promise<ApiAnswer> {
		const given: Record<string, string> = { From: FROM, To: TO, CallerId: EXOPHONE, ...fields };
		for (const [name, value] of Object.entries(given)) if (value === '') delete given[name];
		return this.v1('POST', `/Calls/connect${suffix}`, new URLSearchParams(given));
	}

	/** Places a call that must be accepted. */
	async placed(fields: Record<string, string> = {}): Promise<string> {
		const answer = await this.place(fields);
		assert.equal(answer.status, 200, answer.text);
		return answer.json.Call.Sid as string;
	}

	/** The control API's view of a call. */
	async view(sid: string): Promise<any> {
		const answer = await this.control('GET', `/calls/${sid}`);
		assert.equal(answer.status, 200, answer.text);
		return answer.json;
	}

	close(): Promise<void> {
		return this.simulator.close();
	}
}

/** The fields that subscribe to events. */
export function subscribe(url: string, events: string[], contentType = 'application/json'): Record<string, string> {
	const fields: Record<string, string> = { StatusCallback: url };
	if (contentType) fields.StatusCallbackContentType = contentType;
	events.forEach((event, index) => (fields[`StatusCallbackEvents[${index}]`] = event));
	return fields;
}

/** Parses the one form of multipart that a test may expect; written for these tests, not taken from the simulator. */
export function multipartPairs(received: Received): [string, string][] {
	const boundary = /boundary=(.+)$/.exec(received.headers['content-type'] ?? '')?.[1];
	assert.ok(boundary, `no boundary in ${received.headers['content-type']}`);
	const parts = received.body.split(`--${boundary}`);
	assert.equal(parts.shift(), '');
	assert.equal(parts.pop(), '--\r\n');
	return parts.map((part) => {
		const match = /^\r\nContent-Disposition: form-data; name="([^"]+)"\r\n\r\n([\s\S]*)\r\n$/.exec(part);
		assert.ok(match, `not a part: ${JSON.stringify(part)}`);
		return [must(match[1]), must(match[2])];
	});
}

/** The wire of the double: what came in, what goes out, and one plain HTTP client for callbacks and applets. */
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';

/** A request as it came. */
export interface ReceivedRequest {
	method: string;
	/** The request target with its query. */
	url: string;
	path: string;
	/** The query without `?`, not decoded. */
	query: string;
	/** Header names in lower case. */
	headers: IncomingHttpHeaders;
	/** Names and values by turns, as they were spelt. */
	rawHeaders: string[];
	/** The bytes of the body. */
	body: Buffer;
	/** The body read as UTF-8. */
	text: string;
	/** Arrival, milliseconds since 1970. */
	at: number;
}

/** An answer of the double, or one a test writes itself. */
export interface Reply {
	/** HTTP status. */
	status: number;
	body?: string | Buffer;
	headers?: Record<string, string>;
}

/** What came back from an address the double called. */
export interface Response {
	/** HTTP status; 0 when there was no answer. */
	status: number;
	headers: IncomingHttpHeaders;
	body: string;
	/** From the first byte sent to the last byte received, milliseconds. */
	ms: number;
	/** Why there was no answer: `timeout` or the code of the socket's error. */
	error?: string;
}

/** Reads a request to its end. */
export async function receive(message: IncomingMessage, at: number): Promise<ReceivedRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk as Buffer);
	const body = Buffer.concat(chunks);
	const url = message.url ?? '/';
	const cut = url.indexOf('?');
	return {
		method: message.method ?? '',
		url,
		path: cut < 0 ? url : url.slice(0, cut),
		query: cut < 0 ? '' : url.slice(cut + 1),
		headers: message.headers,
		rawHeaders: message.rawHeaders,
		body,
		text: body.toString('utf8'),
		at,
	};
}

/** Sends an answer. */
export function reply(response: ServerResponse, { status, body = '', headers = {} }: Reply): void {
	const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
	response.writeHead(status, { ...headers, 'Content-Length': String(bytes.length) });
	response.end(bytes);
}

/** Resets the connection before a byte of the answer is written. */
export function resetBeforeWrite(response: ServerResponse): void {
	response.socket?.resetAndDestroy();
}

/** Writes the head of the answer and half of its body, then resets the connection. */
export function resetAfterWrite(response: ServerResponse, { status, body = '', headers = {} }: Reply): void {
	const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
	response.writeHead(status, { ...headers, 'Content-Length': String(bytes.length + 1) });
	response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.socket?.resetAndDestroy());
}

/** What to send. */
export interface Sending {
	method: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
	/** Gives up after this many milliseconds. */
	timeoutMs: number;
}

/** Sends one request on a connection of its own; follows no redirect and never throws for what the other side does. */
export function send(url: string, { method, headers = {}, body, timeoutMs }: Sending): Promise<Response> {
	const started = performance.now();
	const ms = (): number => performance.now() - started;
	return new Promise((resolve) => {
		const failed = (error: string): void => {
			clearTimeout(timer);
			resolve({ status: 0, headers: {}, body: '', ms: ms(), error });
		};
		const bytes = body === undefined ? undefined : Buffer.from(body);
		const length: Record<string, string> = bytes === undefined ? {} : { 'Content-Length': String(bytes.length) };
		const client = url.startsWith('https:') ? https : http;
		const request = client.request(
			url,
			{ method, agent: false, headers: { ...headers, ...length } },
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
				response.on('end', () => {
					clearTimeout(timer);
					const text = Buffer.concat(chunks).toString('utf8');
					resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, ms: ms() });
				});
			},
		);
		// The limit covers the whole exchange, not the silence between two bytes.
		const timer = setTimeout(() => {
			failed('timeout');
			request.destroy();
		}, timeoutMs);
		request.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
		request.end(bytes);
	});
}

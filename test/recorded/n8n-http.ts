/**
 * n8n's HTTP: the helper by which a node sends requests, and what n8n makes of the body of a request that comes in.
 */
import { request as send, type IncomingHttpHeaders } from 'node:http';
import { parse } from 'node:querystring';
import { Readable } from 'node:stream';
import type { Request } from 'express';
import type { IHttpRequestOptions } from 'n8n-workflow';

/** As many redirects as n8n's client follows of one request. */
const MOST_REDIRECTS = 5;

interface Answer {
	statusCode: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

/**
 * `helpers.httpRequest`, as far as its options are used. Every host of the world is the recorder; it writes down which
 * one was meant. `timesOut` says whether `options.timeout` is kept. `authorization` is not sent on to another host unless the node says so.
 */
export async function httpRequestOf(
	recorder: string,
	options: IHttpRequestOptions,
	authorization: string | null,
	timesOut = false,
): Promise<unknown> {
	let url = new URL(options.url);
	for (const [name, value] of Object.entries(options.qs ?? {})) url.searchParams.append(name, String(value));
	let header = authorization;
	for (let hops = 0; ; hops += 1) {
		const answer = await attempt(new URL(recorder), url, timesOut ? options : { ...options, timeout: 0 }, header);
		const { statusCode, headers } = answer;
		const moved = statusCode >= 300 && statusCode < 400 && options.disableFollowRedirect !== true;
		if (moved && headers.location !== undefined && hops < MOST_REDIRECTS) {
			const next = new URL(headers.location, url);
			const stays = next.origin === url.origin || options.sendCredentialsOnCrossOriginRedirect === true;
			header = stays ? header : null;
			url = next;
			continue;
		}
		if (statusCode >= 400 && options.ignoreHttpStatusErrors !== true) {
			const refused = new Error(`Request failed with status code ${statusCode}`);
			throw Object.assign(refused, { httpCode: String(statusCode) });
		}
		const body = decoded(answer, options);
		return options.returnFullResponse === true ? { statusCode, headers, body } : body;
	}
}

function attempt(to: URL, url: URL, options: IHttpRequestOptions, authorization: string | null): Promise<Answer> {
	const { method = 'GET', body: written, abortSignal, timeout = 0 } = options;
	const headers: Record<string, string> = {
		...(options.headers as Record<string, string>),
		'x-recorded-origin': url.origin,
		...(authorization === null ? {} : { authorization }),
	};
	const body = written === undefined ? '' : typeof written === 'string' ? written : JSON.stringify(written);
	const signal = abortSignal === undefined ? {} : { signal: abortSignal as unknown as AbortSignal };
	const path = url.pathname + url.search;
	const target = { host: to.hostname, port: to.port, method, path, headers, agent: false as const, ...signal };
	return new Promise<Answer>((resolve, reject) => {
		const request = send(target, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.once('error', reject);
			response.once('end', () => {
				const { statusCode = 0, headers: received } = response;
				resolve({ statusCode, headers: received, body: Buffer.concat(chunks) });
			});
		});
		request.once('error', reject);
		request.end(body);
		if (timeout === 0) return;
		const error = Object.assign(new Error(`timeout of ${timeout}ms exceeded`), { code: 'ECONNABORTED' });
		const timer = setTimeout(() => request.destroy(error), timeout);
		request.once('close', () => clearTimeout(timer));
	});
}

function decoded({ body, headers }: Answer, { encoding, json }: IHttpRequestOptions): unknown {
	if (encoding === 'arraybuffer') return body;
	if (encoding === 'stream') return Readable.from(body.length === 0 ? [] : [body]);
	const text = body.toString('utf8');
	const parses =
		json === true || encoding === 'json' || (encoding === undefined && /json/.test(headers['content-type'] ?? ''));
	if (!parses) return text;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

/** A body as n8n hands it out: JSON parsed, forms flat, multipart in `{ data, files }`, else nothing. */
export async function bodyOf(request: Request): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
	const text = Buffer.concat(chunks).toString('utf8');
	const type = request.headers['content-type'] ?? '';
	if (text === '') return undefined;
	if (type.startsWith('application/json')) return JSON.parse(text) as unknown;
	if (type.startsWith('application/x-www-form-urlencoded')) return { ...parse(text) };
	const [, boundary] = /boundary=(.+)$/.exec(type) ?? [];
	if (boundary === undefined) return text;
	const parts = [...text.matchAll(/name="([^"]*)"\r\n\r\n([\s\S]*?)\r\n--/g)];
	return { data: Object.fromEntries(parts.map(([, name = '', value]) => [name, value])), files: {} };
}

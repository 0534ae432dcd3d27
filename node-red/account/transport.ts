/**
 * Sends the core's requests with axios: one instance per account, so that all its nodes share the open connections.
 * axios is loaded with the first account, not with the package: a Node-RED without one does not pay for it, and no
 * caller waits for an answer while it is loaded.
 *
 * A request that rings a phone gets a connection of its own. On a kept-alive connection the server may hang up in the
 * moment the request is written; the request then never arrived, but nobody can tell, and the call would end as
 * "unknown".
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse, TransportOptions } from '../../exotel/index';
import { Turns } from '../turns';
import type { RecordingFile } from './recording-file';

/** An answer larger than this is not an answer of Exotel's (a page of 100 calls is about 150 kB). */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
/** Four hours of dual-channel mp3-hq are about 115 MB. */
const MAX_RECORDING_BYTES = 256 * 1024 * 1024;
/** An error page longer than this says nothing more. */
const MAX_ERROR_PAGE_BYTES = 64 * 1024;
/** Enough for 200 requests a minute that take 10 s each. */
const MAX_SOCKETS = 64;

/** axios' names for what a request wants. */
const BODY_TYPES = { text: 'text', bytes: 'arraybuffer' } as const;

/** A body that was read whole. */
function bodyOf(data: unknown, bytes: boolean): string | Uint8Array {
	if (bytes) return new Uint8Array(data as Buffer);
	return typeof data === 'string' ? data : '';
}

/** A transport that can be closed: closing drops idle connections. */
export interface AccountTransport {
	/** With `file`, the bytes of a successful answer go there and the answer's body is only how they begin. */
	send(request: HttpRequest, options: TransportOptions, file?: RecordingFile): Promise<HttpResponse>;
	close(): void;
}

/** An error of the platform's kind: `code` says what happened. Holds nothing of the request. */
function platformError(code: string, message: string): Error {
	return Object.assign(new Error(message), { code });
}

/** Takes the network's own error out of axios' one, whose `config` holds the Authorization header. */
function cleaned(reason: unknown): Error {
	const error = reason as { cause?: unknown; code?: string; message?: string };
	if (error.cause instanceof Error) return error.cause;
	return platformError(error.code ?? 'ERR_NETWORK', error.message ?? 'The request failed.');
}

/** The bytes of a recording go into the file; what explains a refusal is read as it is. */
async function takeStream(stream: Readable, status: number, file: RecordingFile): Promise<Uint8Array> {
	if (status >= 200 && status < 300) return file.fill(stream, MAX_RECORDING_BYTES);
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_ERROR_PAGE_BYTES) break;
		chunks.push(chunk);
	}
	return new Uint8Array(Buffer.concat(chunks));
}

/**
 * Makes the transport of one account. `authorization` is asked for each request, so that a changed key counts at once.
 * Rejects with the signal's reason when aborted, `ETIMEDOUT` after `timeoutMs`, else with the platform's error.
 */
export function openTransport(authorization: () => string): AccountTransport {
	const kept = {
		httpAgent: new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
		httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
	};
	const fresh = { httpAgent: new HttpAgent({ keepAlive: false }), httpsAgent: new HttpsAgent({ keepAlive: false }) };
	const client = import('axios').then(({ default: axios }) =>
		axios.create({
			validateStatus: () => true,
			transformResponse: [(data: unknown) => data],
			transformRequest: [(data: unknown) => data],
		}),
	);
	// A package that cannot be loaded is the error of each request.
	client.catch(() => undefined);

	// To write a hundred requests takes hundreds of milliseconds.
	const turns = new Turns(1);

	return {
		async send(request, options, file) {
			const axios = await client;
			await turns.take();
			const timeout = AbortSignal.timeout(options.timeoutMs);
			const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
			const headers: Record<string, string> = { 'user-agent': 'exonodes-node-red', ...request.headers };
			if (request.authenticate) headers['authorization'] = authorization();
			const bytes = request.responseType === 'bytes';
			try {
				const answer = await axios.request<unknown>({
					method: request.method,
					url: request.url,
					headers,
					data: request.body,
					signal,
					responseType: file ? 'stream' : BODY_TYPES[request.responseType],
					maxContentLength: bytes ? MAX_RECORDING_BYTES : MAX_TEXT_BYTES,
					// The core follows redirects itself: it judges where they lead and keeps the key on its server.
					maxRedirects: 0,
					...(request.placesCall ? fresh : kept),
				});
				const received: Record<string, string> = {};
				for (const [name, value] of Object.entries(answer.headers))
					received[name.toLowerCase()] = String(value);
				const body = file
					? await takeStream(answer.data as Readable, answer.status, file)
					: bodyOf(answer.data, bytes);
				return { status: answer.status, headers: received, body };
			} catch (reason) {
				if (options.signal?.aborted) throw options.signal.reason;
				if (timeout.aborted)
					throw platformError('ETIMEDOUT', `No complete answer within ${options.timeoutMs} ms.`);
				throw cleaned(reason);
			}
		},
		close() {
			for (const agent of [kept.httpAgent, kept.httpsAgent]) agent.destroy();
		},
	};
}

/**
 * Sends the core's requests with axios: one instance per account, so that all its nodes share the open connections.
 * axios is loaded with the first account, not with the package: a Node-RED without one does not pay for it, and no
 * caller waits for an answer while it is loaded.
 *
 * A request that rings a phone gets a connection of its own. On a kept-alive connection the server may hang up in the
 * moment the request is written; the request then never arrived, but nobody can tell, and the call would end as
 * "unknown".
 */
import { promises as dns } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import type { LookupAddress } from 'axios';
import {
	ExotelError,
	joinSignals,
	mostBytesOf,
	publicAddressesOf,
	readBody,
	refuseTooLarge,
	stoppedError,
	type HttpRequest,
	type HttpResponse,
	type TransportOptions,
} from '../../exotel/index';
import { Turns } from '../turns';
import type { RecordingFile } from './recording-file';

/** Enough for 200 requests a minute that take 10 s each. */
const MAX_SOCKETS = 64;

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
	if (reason instanceof ExotelError) return reason;
	const error = reason as { cause?: unknown; code?: string; message?: string };
	if (error.cause instanceof Error) return error.cause;
	return platformError(error.code ?? 'ERR_NETWORK', error.message ?? 'The request failed.');
}

/** An IP address of a name. */
interface Address {
	address: string;
	family: number;
}

/** The IP addresses of a name. */
type Lookup = (name: string) => Promise<Address[]>;

/**
 * Looks names up for one request. What was judged is what is connected to, so that a name cannot lead elsewhere a
 * moment later; a proxy on the way looks the name up itself. Rejects when the address must not be asked.
 */
async function lookupFor({ url, publicOnly }: HttpRequest, lookup: Lookup, signal: AbortSignal) {
	const { hostname } = new URL(url);
	const judged = publicOnly ? await Promise.race([publicAddressesOf(url, lookup), rejectionBy(signal)]) : null;
	return async (name: string): Promise<[LookupAddress[]]> => {
		const found = name === hostname && judged !== null ? judged : await lookup(name);
		return [found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))];
	};
}

/** Rejects when the signal aborts. */
async function rejectionBy(signal: AbortSignal): Promise<never> {
	return await new Promise((_resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
	});
}

/**
 * Makes the transport of one account. `authorization` is asked for each request, so that a changed key counts at once.
 * Rejects with the signal's reason when aborted, with `stoppedError` when that was before anything was sent, with
 * `ETIMEDOUT` after `timeoutMs`, else with the platform's error or one of the core's.
 */
export function openTransport(
	authorization: () => string,
	lookup: Lookup = (name) => dns.lookup(name, { all: true }),
): AccountTransport {
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
			if (options.signal?.aborted) throw stoppedError();
			const timeout = AbortSignal.timeout(options.timeoutMs);
			const { signal, release } = joinSignals(options.signal, timeout);
			const headers: Record<string, string> = { 'user-agent': 'exonodes-node-red', ...request.headers };
			if (request.authenticate) headers['authorization'] = authorization();
			try {
				const answer = await axios.request<Readable>({
					method: request.method,
					url: request.url,
					headers,
					data: request.body,
					signal,
					responseType: 'stream',
					lookup: await lookupFor(request, lookup, signal),
					// The core follows redirects itself: it judges where they lead and keeps the key on its server.
					maxRedirects: 0,
					...(request.placesCall ? fresh : kept),
					// Plain http is allowed inside this network only; a proxy, which is outside, would read the key.
					...(request.url.startsWith('http:') && { proxy: false as const }),
				});
				const received: Record<string, string> = {};
				for (const [name, value] of Object.entries(answer.headers))
					received[name.toLowerCase()] = String(value);
				const { status, data } = answer;
				const reading = { status, length: received['content-length'], signal };
				refuseTooLarge(data, request, reading);
				const isFile = file !== undefined && status >= 200 && status < 300;
				const body = isFile
					? await file.fill(data, mostBytesOf(request))
					: await readBody(data, request, reading);
				return { status, headers: received, body };
			} catch (reason) {
				if (options.signal?.aborted) throw options.signal.reason;
				if (timeout.aborted)
					throw platformError('ETIMEDOUT', `No complete answer within ${options.timeoutMs} ms.`);
				throw cleaned(reason);
			} finally {
				release();
			}
		},
		close() {
			for (const agent of [kept.httpAgent, kept.httpsAgent]) agent.destroy();
		},
	};
}

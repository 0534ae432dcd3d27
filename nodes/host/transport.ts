/**
 * How the core reaches Exotel from inside n8n: n8n's own HTTP client, which adds the credential, obeys the instance's
 * proxy and host rules and shows up in its logs. One request, one attempt; retries and their rules are the core's.
 *
 * Bodies are read piece by piece, as n8n's client has no limit for them, and within the time of the request: its own
 * time limit counts silence only.
 */

import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { ExotelError, isExotelServer, publicAddressesOf, readBody } from '../../exotel';
import type { HttpRequest, HttpResponse, Transport, TransportOptions } from '../../exotel';

/** The kinds of n8n contexts that send requests: a node that runs, a list loaded in the editor, or a poll. */
export type RequestingFunctions = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions | IWebhookFunctions;

interface FullResponse {
	statusCode: number;
	headers: IDataObject;
	body: unknown;
}

/** A body that is still arriving. */
interface BodyStream extends AsyncIterable<Uint8Array> {
	destroy(reason?: Error): void;
}

/** The transport of one node run. */
export function transportOf(functions: RequestingFunctions): Transport {
	return async (request, options) => {
		const timeout = AbortSignal.timeout(options.timeoutMs);
		const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
		const answer = exchange(functions, request, { ...options, signal });
		return await Promise.race([answer, rejectionBy(signal)]).catch(
			async (error: unknown) => await Promise.reject(platformError(error)),
		);
	};
}

async function exchange(
	functions: RequestingFunctions,
	request: HttpRequest,
	options: TransportOptions & { signal: AbortSignal },
): Promise<HttpResponse> {
	const { signal } = options;
	signal.throwIfAborted();
	const host = request.publicOnly ? await addressOf(request.url, functions) : null;
	signal.throwIfAborted();
	const httpOptions: IHttpRequestOptions = {
		...httpOptionsOf(request, options),
		...(host === null ? {} : { agentOptions: { host } }),
	};
	const response: FullResponse = request.authenticate
		? await functions.helpers.httpRequestWithAuthentication.call(functions, 'exotelVoiceApi', httpOptions)
		: await functions.helpers.httpRequest(httpOptions);
	return await httpResponseOf(response, request, signal);
}

/** n8n puts a signal of its own in place of ours when it adds the credential: ours counts here. */
async function rejectionBy(signal: AbortSignal): Promise<never> {
	return await new Promise((_resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason), { once: true });
	});
}

/**
 * The address that was judged and is connected to, so that the name cannot lead elsewhere a moment later; the
 * certificate is still checked for the name. Null where no name was looked up, and for Exotel, whose names may lead to
 * any of several servers. A proxy on the way is asked for the name, and looks it up itself.
 */
async function addressOf(url: string, functions: RequestingFunctions): Promise<string | null> {
	const found = await publicAddressesOf(url, lookupOf(functions));
	if (found === null || isExotelServer(new URL(url))) return null;
	return (found.find(({ address }) => !address.includes(':')) ?? found[0])?.address ?? null;
}

/** Looks names up as n8n would. */
function lookupOf(functions: RequestingFunctions) {
	const lookup = functions.helpers.getSecureEgressFilter().createSecureLookup();
	return async (name: string) =>
		await new Promise<{ address: string }[]>((resolve, reject) => {
			lookup(name, { all: true }, (error, found) => {
				if (error !== null) reject(error);
				else resolve(typeof found === 'string' ? [{ address: found }] : found);
			});
		});
}

function httpOptionsOf(request: HttpRequest, options: TransportOptions): IHttpRequestOptions {
	return {
		method: request.method,
		url: request.url,
		headers: { ...request.headers },
		...(request.body === undefined ? {} : { body: request.body }),
		encoding: 'stream',
		timeout: options.timeoutMs,
		...(options.signal === undefined ? {} : { abortSignal: options.signal }),
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// The core follows redirects itself: it judges where they lead and keeps the key on its server.
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
	};
}

async function httpResponseOf(
	{ statusCode, headers: received, body: data }: FullResponse,
	request: HttpRequest,
	signal: AbortSignal,
): Promise<HttpResponse> {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(received)) {
		headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
	}
	if (!isStream(data)) return { status: statusCode, headers, body: '' };
	const stop = () => data.destroy(new Error('The request was stopped.', { cause: signal.reason }));
	signal.addEventListener('abort', stop, { once: true });
	if (signal.aborted) stop();
	const reading = { status: statusCode, length: headers['content-length'], signal };
	const body = await readBody(data, request, reading).finally(() => signal.removeEventListener('abort', stop));
	return { status: statusCode, headers, body };
}

function isStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'destroy' in body;
}

/** The core's error, or the network's own one (with `code`), out of the errors n8n wraps around it. */
function platformError(error: unknown): unknown {
	let inner = error;
	for (let depth = 0; depth < 5 && inner instanceof Error; depth += 1) {
		if (inner instanceof ExotelError || ('code' in inner && typeof inner.code === 'string')) return inner;
		inner = inner.cause;
	}
	return error;
}

/**
 * How the core reaches Exotel from inside n8n: n8n's own HTTP client, which adds the credential, obeys the instance's
 * proxy and host rules and shows up in its logs. One request, one attempt; retries and their rules are the core's.
 */

import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import type { HttpRequest, HttpResponse, Transport, TransportOptions } from '../../exotel';

/** The kinds of n8n contexts that send requests: a node that runs, a list loaded in the editor, or a poll. */
export type RequestingFunctions = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions | IWebhookFunctions;

interface FullResponse {
	statusCode: number;
	headers: IDataObject;
	body: unknown;
}

/** The transport of one node run. */
export function transportOf(functions: RequestingFunctions): Transport {
	return async (request, options) => {
		const httpOptions = httpOptionsOf(request, options);
		const attempt = request.authenticate
			? functions.helpers.httpRequestWithAuthentication.call(functions, 'exotelVoiceApi', httpOptions)
			: functions.helpers.httpRequest(httpOptions);
		const response: FullResponse = await attempt.catch(
			async (error: unknown) => await Promise.reject(platformError(error)),
		);
		return httpResponseOf(response, request.responseType);
	};
}

function httpOptionsOf(request: HttpRequest, options: TransportOptions): IHttpRequestOptions {
	return {
		method: request.method,
		url: request.url,
		headers: { ...request.headers },
		...(request.body === undefined ? {} : { body: request.body }),
		encoding: request.responseType === 'bytes' ? 'arraybuffer' : 'text',
		timeout: options.timeoutMs,
		...(options.signal === undefined ? {} : { abortSignal: options.signal }),
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// The core follows redirects itself: it judges where they lead and keeps the key on its server.
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
	};
}

function httpResponseOf(response: FullResponse, responseType: HttpRequest['responseType']): HttpResponse {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(response.headers)) {
		headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
	}
	return { status: response.statusCode, headers, body: bodyOf(response.body, responseType) };
}

function bodyOf(body: unknown, responseType: HttpRequest['responseType']): string | Uint8Array {
	if (responseType === 'bytes') {
		if (body instanceof Uint8Array) return body;
		return body instanceof ArrayBuffer ? new Uint8Array(body) : Buffer.from(typeof body === 'string' ? body : '');
	}
	if (typeof body === 'string') return body;
	// An answer that calls itself JSON may have been decoded on the way.
	return body === undefined || body === null ? '' : JSON.stringify(body);
}

/** The network's own error (with `code`), out of the errors n8n wraps around it. */
function platformError(error: unknown): unknown {
	let inner = error;
	for (let depth = 0; depth < 5 && inner instanceof Error; depth += 1) {
		if ('code' in inner && typeof inner.code === 'string') return inner;
		inner = inner.cause;
	}
	return error;
}

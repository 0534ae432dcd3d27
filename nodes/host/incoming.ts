/**
 * A request that came in through n8n's webhooks, as the core reads it; and the plain answers that do not start a
 * workflow.
 */

import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { AppletAnswer, IncomingRequest } from '../../exotel';
import { asObject } from './parameters';

/** The request as n8n received it. A multipart body arrives as `{data, files}`, which the core knows. */
export function incomingOf(functions: IWebhookFunctions): IncomingRequest {
	const request = functions.getRequestObject();
	return {
		method: request.method,
		path: request.path,
		headers: request.headers,
		query: asObject(functions.getQueryData()),
		body: bodyOf(functions),
		remoteAddress: request.ip ?? request.socket.remoteAddress,
		receivedAt: Date.now(),
	};
}

/** The body as n8n parsed it; without a content type n8n parses none, and the core reads its bytes. */
function bodyOf(functions: IWebhookFunctions): unknown {
	const parsed: unknown = functions.getBodyData();
	const { rawBody } = functions.getRequestObject();
	return Object.keys(parsed ?? {}).length > 0 ? parsed : rawBody;
}

/** Answers with a real status code and starts nothing. */
export function refuse(functions: IWebhookFunctions, status: number, reason: string): IWebhookResponseData {
	functions.getResponseObject().status(status).json({ ok: false, reason }).end();
	return { noWebhookResponse: true };
}

/** Answers 200 and starts nothing. */
export function acknowledge(reason: string): IWebhookResponseData {
	return { webhookResponse: { ok: true, reason } };
}

/** Sends an applet answer as it is, once; false when the caller was already answered. */
export function sendAnswer(functions: IWebhookFunctions, { httpStatus, headers, body }: AppletAnswer): boolean {
	const response = functions.getResponseObject();
	if (response.headersSent) return false;
	response.writeHead(httpStatus, headers);
	response.end(body);
	return true;
}

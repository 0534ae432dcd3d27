/**
 * The open response to an applet's request. n8n answers it, by the answering node or, when the execution ends or fails
 * without an answer, by itself. Only what carries the mark of the answering node reaches the caller; in place of
 * anything else, and after the deadline, the fallback does.
 */

import type { IWebhookFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { AppletAnswer } from '../../exotel';
import { sendAnswer } from './incoming';

/** Header by which the answering node's response is told from n8n's own; it is taken off before sending. */
const answerMark = 'x-exotel-applet-answer';

/** Methods that send something: n8n streams files by `write`, so that the headers leave before `end`. */
const senders = ['end', 'flushHeaders', 'write', 'writeHead'] as const;

/** Methods by which n8n would go on writing after the fallback has left. */
const writers = [
	...senders,
	'append',
	'header',
	'json',
	'removeHeader',
	'send',
	'set',
	'setHeader',
	'setHeaders',
	'status',
	'type',
] as const;

/** How long a response may take to end after the fallback was handed over, ms. */
const GRACE_MS = 500;

/** An answer as n8n takes it from a node. As bytes, so that n8n sends status, headers and body exactly as they are. */
export function markedResponse({ httpStatus, headers, body }: AppletAnswer) {
	return { statusCode: httpStatus, headers: { ...headers, [answerMark]: '1' }, body: Buffer.from(body) };
}

/** Sends the fallback when the workflow ends without an answer, or after the time. The response always ends. */
export function guardResponse(functions: IWebhookFunctions, fallback: AppletAnswer, milliseconds: number): void {
	const { logger } = functions;
	const response = functions.getResponseObject();
	const open = Object.fromEntries(senders.map((name) => [name, response[name].bind(response)]));
	const ended = () => response.writableEnded;
	let closed = false;
	const sendFallback = (reason: string) => {
		if (closed || ended()) return;
		closed = true;
		Object.assign(response, open);
		try {
			if (!response.headersSent) for (const name of response.getHeaderNames()) response.removeHeader(name);
			if (sendAnswer(functions, fallback)) logger.warn(`Exotel: ${reason}; the caller got the fallback`);
			else logger.warn(`Exotel: ${reason}; the connection was closed in the middle of the answer`);
		} catch {
			logger.warn(`Exotel: ${reason}; the fallback could not be sent`);
		}
		// A response that is compressed on its way ends a little later.
		void sleep(GRACE_MS).then(() => ended() || response.destroy());
		Object.assign(response, Object.fromEntries(writers.map((name) => [name, () => response])));
	};
	const guarded =
		(name: (typeof senders)[number]) =>
		(...content: unknown[]): unknown => {
			if (closed || !response.hasHeader(answerMark)) {
				sendFallback('the workflow ended without an answer to the applet');
				return response;
			}
			response.removeHeader(answerMark);
			Object.assign(response, open);
			try {
				return Reflect.apply(response[name], response, content);
			} catch {
				sendFallback('the answer to the applet could not be sent');
				return response;
			}
		};
	Object.assign(response, Object.fromEntries(senders.map((name) => [name, guarded(name)])));
	void sleep(milliseconds).then(() => sendFallback('the workflow did not answer the applet in time'));
}

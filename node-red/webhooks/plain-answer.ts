/** The plain answers of a webhook. */
import type { ServerResponse } from 'node:http';

/** Sends a short plain answer, unless one was sent already. */
export function answer(
	response: ServerResponse,
	status: number,
	body = '',
	headers: Record<string, string> = {},
): void {
	if (response.headersSent || response.writableEnded) return;
	response.writeHead(status, {
		'content-type': 'text/plain; charset=utf-8',
		// With it the answer is one write to the connection and not three.
		'content-length': Buffer.byteLength(body),
		'cache-control': 'no-store',
		...headers,
	});
	response.end(body);
}

/** Answers a report; one that was not `taken` is to be sent again. */
export function answerReport(response: ServerResponse, taken: boolean): void {
	if (taken) answer(response, 200, 'OK');
	else answer(response, 503, 'Too many ends are being confirmed.');
}

/**
 * The self-test of a webhook address: Node-RED calls its own public address and looks whether it arrives here. It
 * proves name, proxy, path and token; that Exotel's network gets through as well can only be seen with the first
 * callback.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers without any webhook node: tests the public address alone. */
export const SELF_TEST_PATH = '/exotel/self-test';
/** Carries the question; the same text comes back when the request reached this package. */
const HEADER = 'x-exonodes-self-test';
const MAX_PROBE_MS = 8000;

/** What a probe found. `detail` is an HTTP status, the platform's code (`ENOTFOUND`), or `other-server`. */
export interface Probe {
	reached: boolean;
	detail: string;
}

/** True for a request of `probeAddress`. */
export function isSelfTest(request: IncomingMessage): boolean {
	return typeof request.headers[HEADER] === 'string';
}

/** Answers a probe with its own question, cut to what `probeAddress` asks. */
export function answerSelfTest(request: IncomingMessage, response: ServerResponse): void {
	const asked = String(request.headers[HEADER] ?? '')
		.replace(/[^0-9a-f]/g, '')
		.slice(0, 32);
	response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
	response.end(asked);
}

/** Calls an address of ours and says whether it led here. Never rejects. */
export async function probeAddress(url: string): Promise<Probe> {
	const asked = randomBytes(16).toString('hex');
	try {
		const response = await fetch(url, {
			headers: { [HEADER]: asked },
			redirect: 'manual',
			signal: AbortSignal.timeout(MAX_PROBE_MS),
		});
		const answered = (await response.text()).slice(0, 64);
		if (response.status !== 200) return { reached: false, detail: String(response.status) };
		return answered === asked ? { reached: true, detail: '200' } : { reached: false, detail: 'other-server' };
	} catch (reason) {
		const error = reason as { name?: string; cause?: { code?: string } };
		return {
			reached: false,
			detail: error.name === 'TimeoutError' ? 'ETIMEDOUT' : (error.cause?.code ?? 'ERR_NETWORK'),
		};
	}
}

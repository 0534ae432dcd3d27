/**
 * The self-test of the public address: Node-RED calls it and looks whether it arrives here. It proves name, proxy and
 * HTTP root; that Exotel's network gets through as well can only be seen with the first callback. The address comes
 * from a form and may lead anywhere: the request carries no token, a login only where its user wants it to go, and next
 * to nothing of its answer is read.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { authorization } from '../../exotel/index';
import type { WebhookLogin } from './address';

/** Answers without any webhook node. */
export const SELF_TEST_PATH = '/exotel/self-test';
/** Carries the nonce; the same text comes back when the request reached this package. */
const HEADER = 'x-exonodes-self-test';
const MAX_PROBE_MS = 8000;
/** Our own answer has 32 bytes. */
const MAX_PROBE_BYTES = 64;

/**
 * What a probe found. `detail` is an HTTP status, the platform's code (`ENOTFOUND`), `other-server`, or, for a 401,
 * what is wrong with the login: `login-missing`, `login-refused`, `login-again`.
 */
export interface Probe {
	reached: boolean;
	detail: string;
}

/** Answers a probe with its own nonce, cut to what `probeAddress` asks. */
export function answerSelfTest(request: IncomingMessage, response: ServerResponse): void {
	const asked = String(request.headers[HEADER] ?? '')
		.replace(/[^0-9a-f]/g, '')
		.slice(0, 32);
	response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
	response.end(asked);
}

/** The answer as text; null when it is longer than ours. */
async function shortText({ body }: Response): Promise<string | null> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	if (body === null) return '';
	for await (const chunk of Readable.fromWeb(body as NodeStream) as AsyncIterable<Uint8Array>) {
		size += chunk.length;
		// Leaving the loop ends the connection.
		if (size > MAX_PROBE_BYTES) return null;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('latin1');
}

/**
 * Calls the self-test below a public address (with the HTTP root), with a login when there is one, and says whether it
 * led here. Never rejects.
 */
export async function probeAddress(base: string, login: WebhookLogin | null): Promise<Probe> {
	const asked = randomBytes(16).toString('hex');
	try {
		const response = await fetch(base + SELF_TEST_PATH, {
			headers: {
				[HEADER]: asked,
				...(login !== null && { authorization: authorization({ key: login.user, token: login.password }) }),
			},
			redirect: 'manual',
			signal: AbortSignal.timeout(MAX_PROBE_MS),
		});
		if (response.status !== 200) {
			await response.body?.cancel();
			return { reached: false, detail: String(response.status) };
		}
		return (await shortText(response)) === asked
			? { reached: true, detail: '200' }
			: { reached: false, detail: 'other-server' };
	} catch (reason) {
		const error = reason as { name?: string; cause?: { code?: string } };
		return {
			reached: false,
			detail: error.name === 'TimeoutError' ? 'ETIMEDOUT' : (error.cause?.code ?? 'ERR_NETWORK'),
		};
	}
}

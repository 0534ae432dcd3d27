/**
 * The body of a webhook request. An Express app around Node-RED may have read JSON and form bodies; the parsers of the
 * editor have not (`unread-bodies.ts`). Multipart bodies – Exotel's default – are never parsed.
 */
import type { IncomingMessage } from 'node:http';

/** A request whose body was refused: the status to answer with and one line for the sender. */
export class RefusedBody extends Error {
	constructor(
		readonly httpStatus: number,
		message: string,
	) {
		super(message);
	}
}

const UNITS: Record<string, number> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/**
 * Node-RED's `apiMaxLength` (a number of bytes, or text such as `5mb`) in bytes; 5 MB when it is missing or unreadable.
 */
export function bodyLimit(apiMaxLength: unknown): number {
	const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?$/i.exec(String(apiMaxLength ?? '').trim()) ?? [];
	return amount === undefined
		? 5 * 1024 ** 2
		: Math.floor(Number(amount) * (UNITS[(unit ?? 'b').toLowerCase()] ?? 1));
}

/** Longest time a body may take: a caller waits for the answer to an applet, and Exotel gives up after 5 s. */
export const MAX_BODY_MS = 3000;

/**
 * The body as parsed before us, else its bytes. Rejects with `RefusedBody`: 413 beyond `limit` bytes, 415 when
 * compressed, 400 when the sender hung up half way, 408 when it is not complete after `MAX_BODY_MS`.
 */
export function readBody(
	request: IncomingMessage & { body?: unknown; _body?: boolean },
	limit: number,
): Promise<unknown> {
	if (request._body === true) return Promise.resolve(request.body);
	if (request.readableEnded || request.method === 'GET') return Promise.resolve(request.body);
	if (request.destroyed) return Promise.reject(new RefusedBody(400, 'The body ended before it was complete.'));
	const encoding = request.headers['content-encoding'];
	if (encoding !== undefined && encoding !== 'identity')
		return Promise.reject(new RefusedBody(415, 'A compressed body is not accepted.'));
	if (Number(request.headers['content-length'] ?? 0) > limit)
		return Promise.reject(new RefusedBody(413, `A body of more than ${limit} bytes is not accepted.`));
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const settle = (finish: () => void): void => {
			clearTimeout(timer);
			request.removeListener('data', take);
			request.removeListener('end', end);
			request.removeListener('error', broken);
			request.removeListener('close', broken);
			finish();
		};
		const take = (chunk: Buffer | string): void => {
			const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
			size += bytes.length;
			if (size > limit)
				settle(() => reject(new RefusedBody(413, `A body of more than ${limit} bytes is not accepted.`)));
			else chunks.push(bytes);
		};
		const end = (): void => settle(() => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
		const broken = (): void => settle(() => reject(new RefusedBody(400, 'The body ended before it was complete.')));
		const late = (): void => settle(() => reject(new RefusedBody(408, 'The body took too long.')));
		const timer = setTimeout(late, MAX_BODY_MS);
		request.on('data', take);
		request.once('end', end);
		request.once('error', broken);
		request.once('close', broken);
	});
}

/** The body, or why it is not taken. */
export async function bodyOrRefusal(...request: Parameters<typeof readBody>): Promise<{ body: unknown } | RefusedBody> {
	try {
		return { body: await readBody(...request) };
	} catch (reason) {
		if (reason instanceof RefusedBody) return reason;
		throw reason;
	}
}

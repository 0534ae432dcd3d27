/**
 * The body of a webhook request. An Express app around Node-RED may have read JSON and form bodies; the parsers of the
 * editor have not (`unread-bodies.ts`). Multipart bodies – Exotel's default – are never parsed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY_SIZE, type IncomingRequest } from '../../exotel/index';

/** A request whose body was refused: the status to answer with and one line for the sender. */
export class RefusedBody extends Error {
	constructor(
		readonly httpStatus: number,
		message: string,
	) {
		super(message);
	}
}

/**
 * Largest body that is read, in bytes: Node-RED's `apiMaxLength` (a number of bytes, or text such as `500kb`), and no
 * more than the core reads.
 */
export function bodyLimit(apiMaxLength: unknown): number {
	const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(?:([kmg]?)b)?$/i.exec(String(apiMaxLength).trim()) ?? [];
	if (amount === undefined) return MAX_BODY_SIZE;
	return Math.min(MAX_BODY_SIZE, Math.floor(Number(amount) * 1024 ** ' kmg'.indexOf(unit.toLowerCase())));
}

/** Longest time a body may take: a caller waits for the answer to an applet, and Exotel gives up after 5 s. */
export const MAX_BODY_MS = 3000;

/**
 * The body as parsed before us, else its bytes. Rejects with `RefusedBody`: 413 beyond `limit` bytes, 415 when
 * compressed, 400 when the sender hung up half way, 408 when it is not complete after `MAX_BODY_MS`.
 */
export async function readBody(
	request: IncomingMessage & { body?: unknown; _body?: boolean },
	limit: number,
): Promise<unknown> {
	if (request._body === true || request.readableEnded || request.method !== 'POST') return request.body;
	const broken = () => new RefusedBody(400, 'The body ended before it was complete.');
	if (request.destroyed) throw broken();
	const encoding = request.headers['content-encoding'];
	if (encoding !== undefined && encoding !== 'identity')
		throw new RefusedBody(415, 'A compressed body is not accepted.');
	const tooLarge = () => new RefusedBody(413, `A body of more than ${limit} bytes is not accepted.`);
	if (Number(request.headers['content-length']) > limit) throw tooLarge();
	return await new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const settle = (refused?: RefusedBody): void => {
			clearTimeout(timer);
			request.off('data', take);
			request.off('end', settle);
			request.off('error', stop);
			request.off('close', stop);
			if (refused !== undefined) reject(refused);
			else resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
		};
		const take = (chunk: Buffer | string): void => {
			const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
			size += bytes.length;
			if (size > limit) settle(tooLarge());
			else chunks.push(bytes);
		};
		const stop = (): void => settle(broken());
		const timer = setTimeout(() => settle(new RefusedBody(408, 'The body took too long.')), MAX_BODY_MS);
		request.on('data', take);
		request.on('end', settle);
		request.on('error', stop);
		request.on('close', stop);
	});
}

/** Reads the body into what the core gets to see; why it was refused, else null. */
export async function addBody(
	incoming: IncomingRequest,
	request: Parameters<typeof readBody>[0],
	response: ServerResponse,
	apiMaxLength: unknown,
): Promise<RefusedBody | null> {
	try {
		incoming.body = await readBody(request, bodyLimit(apiMaxLength));
		return null;
	} catch (reason) {
		if (!(reason instanceof RefusedBody)) throw reason;
		// What was not read must not be taken for the next request on this connection.
		if (!response.headersSent) response.setHeader('connection', 'close');
		return reason;
	}
}

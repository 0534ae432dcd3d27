/** What a handler returns; the server writes it. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string | Buffer;
}

/** The connection is closed without an answer. */
export const CUT = Symbol('connection cut');

/** The handler has written to the connection itself (live events). */
export const HANDLED = Symbol('handled');

/** What may come of a request. */
export type Reply = Answer | typeof CUT | typeof HANDLED;

/** An answer of JSON. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
	return {
		status,
		headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
		body: JSON.stringify(value),
	};
}

/** An answer of any other content type. */
export function text(
	status: number,
	contentType: string,
	body: string | Buffer,
	headers: Record<string, string> = {},
): Answer {
	return { status, headers: { 'Content-Type': contentType, ...headers }, body };
}

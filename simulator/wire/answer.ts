/** An HTTP answer: status, headers and bytes. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string | Buffer;
}

/** An answer of JSON. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
	return {
		status,
		headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
		body: JSON.stringify(value),
	};
}

/** An answer of any other content type. */
export function text(status: number, contentType: string, body: string | Buffer, headers = {}): Answer {
	return { status, headers: { 'Content-Type': contentType, ...headers }, body };
}

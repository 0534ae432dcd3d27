/** The envelope around every v2 (CCM) answer, seed 001. */
import { json, type Answer } from './answer';
import { v2Errors } from './v2-errors';

/** What an answer repeats of its request. */
export interface V2Request {
	method: string;
	requestId: string;
}

/** A success with its data. */
export function v2Success(request: V2Request, data: unknown): Answer {
	return envelope(request, 200, { code: 200, error_data: null, status: 'success', data });
}

/** A list: `response` is an array and `metadata` counts (facts 5.4). */
export function v2List(request: V2Request, metadata: Record<string, number>, items: unknown[]): Answer {
	const response = items.map((data) => ({ code: 200, error_data: null, status: 'success', data }));
	return json(200, { request_id: request.requestId, method: request.method, http_code: 200, metadata, response });
}

/** A failure with a code of seed 001's tables. */
export function v2Error(request: V2Request, code: number): Answer {
	const { http, description } = v2Errors[code] ?? { http: 500, description: 'Internal Server Error' };
	return v2Refusal(request, http, description, { code });
}

/** A failure in words; for what seed 001 has no code for. */
export function v2Refusal(
	request: V2Request,
	status: number,
	description: string,
	extra: { code?: number; headers?: Record<string, string> } = {},
): Answer {
	const error = { code: extra.code ?? status, message: description, description };
	return envelope(request, status, { code: status, error_data: error, status: 'failure', data: null }, extra.headers);
}

function envelope(
	request: V2Request,
	status: number,
	response: Record<string, unknown>,
	headers: Record<string, string> = {},
): Answer {
	return json(
		status,
		{ request_id: request.requestId, method: request.method, http_code: status, metadata: null, response },
		headers,
	);
}

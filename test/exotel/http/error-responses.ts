/** What the tests of error responses share. */
import assert from 'node:assert/strict';
import { type ExotelError, type HttpRequest } from '../../../exotel/index';
import { toExotelError } from '../../../exotel/http/error-response';

export const aboutCall: Pick<HttpRequest, 'url' | 'resource'> = {
	url: 'https://api.exotel.com/v1/Accounts/acme1/Calls/x.json',
	resource: 'call',
};

export const aboutAccount: Pick<HttpRequest, 'url' | 'resource'> = {
	url: 'https://api.exotel.com/v1/Accounts/acme1/Calls/connect.json',
};

export function v1Error(Status: number, Message: string | null, Code?: number): string {
	return JSON.stringify({ RestException: { Status, Message, ...(Code === undefined ? {} : { Code }) } });
}

export function v2Error(code: number, description: string, http = 404): object {
	return {
		request_id: 'r',
		method: 'POST',
		http_code: http,
		metadata: null,
		response: { code: http, error_data: { code, message: 'short', description }, status: 'failure', data: null },
	};
}

/** The refusal of an answer, which must be one. */
export function refusal(...args: Parameters<typeof toExotelError>): ExotelError {
	const error = toExotelError(...args);
	assert.ok(error !== null, 'not taken for a refusal');
	return error;
}

/**
 * The two kinds of request to Exotel's API: one that reads and may be repeated, and one that makes a phone ring and may
 * not. Each call of this folder is one of them (but a recording, which is no part of the API).
 */

import type { HttpRequest } from './transport';

/** A request that only reads. `resource` is what a 404 says is missing. */
export function readingRequest(url: string, resource?: HttpRequest['resource']): HttpRequest {
	return {
		method: 'GET',
		url,
		headers: { accept: 'application/json' },
		placesCall: false,
		authenticate: true,
		responseType: 'text',
		...(resource === undefined ? {} : { resource }),
	};
}

/** A request that makes a phone ring. */
export function placingRequest(
	url: string,
	contentType: 'application/json' | 'application/x-www-form-urlencoded',
	body: string,
): HttpRequest {
	return {
		method: 'POST',
		url,
		headers: { accept: 'application/json', 'content-type': contentType },
		body,
		placesCall: true,
		authenticate: true,
		responseType: 'text',
	};
}

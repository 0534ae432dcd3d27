/** What the core gets to see of a webhook request. */
import type { Request } from 'express';
import type { IncomingRequest } from '../../exotel/index';

/**
 * The request as the core reads it. The query stays text: the core decodes nested keys and a `+` in a number itself.
 */
export function incomingRequest(request: Request, receivedAt: number): IncomingRequest {
	const mark = request.url.indexOf('?');
	return {
		method: request.method,
		path: request.path,
		headers: request.headers,
		query: mark === -1 ? '' : request.url.slice(mark + 1),
		// Not `request.ip`: with `trust proxy` it is what the sender says.
		remoteAddress: request.socket.remoteAddress ?? '',
		receivedAt,
	};
}

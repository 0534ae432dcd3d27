/** Requests as hosts hand them over. */
import { type IncomingRequest } from '../../../exotel';

export const post = (body: unknown, contentType?: string, more: Partial<IncomingRequest> = {}): IncomingRequest => ({
	method: 'POST',
	headers: contentType === undefined ? {} : { 'content-type': contentType },
	body,
	receivedAt: 0,
	...more,
});

/**
 * Reads the response of every v2 request about one call: the envelope `{response: {status, data}}`, whose `response` is
 * an object for calls and a list for other resources (seed 001, facts 1.5).
 */
import type { Account } from '../account';
import type { Call } from '../call/call';
import { callFromV2 } from '../call/record-v2';
import { requestIdIn } from '../http/error-response';
import { decodeBody, unreadableResponse } from '../http/response-body';
import type { HttpResponse } from '../http/transport';
import { asPayload, text } from '../payload';

/**
 * The call in a v2 response.
 * @throws ExotelError when there is no call with a SID in it.
 */
export function readV2Call(response: HttpResponse, account: Account): Call {
	const body = asPayload(decodeBody(response).value);
	const envelope = body?.response;
	const record = asPayload(asPayload(Array.isArray(envelope) ? envelope[0] : envelope)?.data);
	if (text(record?.call_sid) === null) throw unreadableResponse(response, 'a call');
	return { ...callFromV2(record, account), requestId: requestIdIn(body) };
}

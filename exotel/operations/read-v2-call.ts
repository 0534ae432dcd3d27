/**
 * Reads the answer of every v2 request about one call: the envelope `{response: {status, data}}`, whose `response` is
 * an object for calls and a list for other resources (seed 001, Exotel fact sheet 1.5).
 */

import type { Account } from '../account';
import { callFromV2 } from '../call/record-v2';
import type { Call } from '../call/call';
import { asPayload, text } from '../payload';
import type { HttpResponse } from '../http/transport';
import { toExotelError } from '../http/error-response';
import { decodeBody, unreadableAnswer } from '../http/response-body';

/**
 * The call in a v2 answer.
 * @throws ExotelError for an error body or when there is no call with a SID in it.
 */
export function readV2Call(response: HttpResponse, account: Account): Call {
	const refusal = toExotelError(response, account);
	if (refusal !== null) throw refusal;
	const envelope = asPayload(decodeBody(response).value)?.response;
	const record = asPayload(asPayload(Array.isArray(envelope) ? envelope[0] : envelope)?.data);
	if (text(record?.call_sid) === null) throw unreadableAnswer(response, 'a call');
	return callFromV2(record, account);
}

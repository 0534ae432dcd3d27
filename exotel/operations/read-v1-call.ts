/** Reads the response of every v1 request about one call: `{"Call": {…}}` or its XML twin (seed 004). */
import type { Account } from '../account';
import type { Call } from '../call/call';
import { callFromV1 } from '../call/record-v1';
import { decodeBody, unreadableResponse } from '../http/response-body';
import type { HttpResponse } from '../http/transport';
import { asPayload, text } from '../payload';

/**
 * The call in a v1 response.
 * @throws ExotelError when there is no call with a SID in it.
 */
export function readV1Call(response: HttpResponse, account: Account): Call {
	const record = asPayload(asPayload(decodeBody(response).value)?.Call);
	if (text(record?.Sid) === null) throw unreadableResponse(response, 'a call');
	return callFromV1(record, account);
}

/** Reads the answer of every v1 request about one call: `{"Call": {…}}` or its XML twin (seed 004). */

import type { Account } from '../account';
import { callFromV1 } from '../call/record-v1';
import type { Call } from '../call/call';
import { asPayload, text } from '../payload';
import type { HttpResponse } from '../http/transport';
import { toExotelError } from '../http/error-response';
import { decodeBody, unreadableAnswer } from '../http/response-body';

/**
 * The call in a v1 answer.
 * @throws ExotelError for an error body or when there is no call with a SID in it.
 */
export function readV1Call(response: HttpResponse, account: Account): Call {
	const refusal = toExotelError(response, account);
	if (refusal !== null) throw refusal;
	const record = asPayload(asPayload(decodeBody(response).value)?.Call);
	if (text(record?.Sid) === null) throw unreadableAnswer(response, 'a call');
	return callFromV1(record, account);
}

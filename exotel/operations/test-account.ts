/**
 * Prove that SID, key, token and region of an account belong together: the cheapest documented request, one record of
 * the call list (seed 004; Exotel fact sheet 1.2). It places nothing and changes nothing.
 */

import { asPayload } from '../payload';
import { toExotelError } from '../http/error-response';
import type { Operation } from './operation';
import { decodeBody, unreadableAnswer } from '../http/response-body';
import { query, v1Url } from '../http/encoding';
import { readingRequest } from '../http/request';

/** Test an account. The result names the account that answered. */
export const testAccount: Operation<Record<string, never>, { sid: string }> = {
	name: 'testAccount',
	request(account) {
		return readingRequest(v1Url(account, `/Calls.json${query([['PageSize', 1]])}`));
	},
	read(response, account) {
		const refusal = toExotelError(response, account);
		if (refusal !== null) throw refusal;
		const body = asPayload(decodeBody(response).value);
		if (body?.Metadata === undefined && body?.Calls === undefined)
			throw unreadableAnswer(response, 'a list of calls');
		return { sid: account.sid };
	},
};

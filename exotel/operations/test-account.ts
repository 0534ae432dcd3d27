/**
 * Prove that SID, key, token and region of an account belong together: the cheapest documented request, one record of
 * the call list (seed 004; facts 1.2). It places nothing and changes nothing.
 */
import { query, readingRequest, v1Url } from '../http/request';
import { decodeBody, unreadableResponse } from '../http/response-body';
import { asPayload } from '../payload';
import { defineOperation } from './operation';

/** Test an account. The result names the account that answered. */
export const testAccount = defineOperation({
	name: 'testAccount',
	fields: {},
	request: (account) => readingRequest(v1Url(account, `/Calls.json${query([['PageSize', 1]])}`)),
	read(response, account) {
		const body = asPayload(decodeBody(response).value);
		if (body?.Metadata === undefined && body?.Calls === undefined) {
			throw unreadableResponse(response, 'a list of calls');
		}
		return { sid: account.sid };
	},
});

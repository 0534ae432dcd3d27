/** Read one call of an agent (v2, CCM): `GET /v2/accounts/<sid>/calls/<call_sid>`; seed 001. */

import { inputError } from '../errors';
import type { Call } from '../call/call';
import { getAgentCallFields } from '../fields/reading-calls';
import { readFields } from '../fields/reading';
import type { Operation } from './operation';
import { v2Url } from '../http/encoding';
import { readingRequest } from '../http/request';
import { readV2Call } from './read-v2-call';

/** What `getAgentCall` takes. */
export interface GetAgentCallInput {
	sid: string;
}

/** Read one call that was placed with v2. A v1 call's SID is not found here. */
export const getAgentCall: Operation<GetAgentCallInput, Call> = {
	name: 'getAgentCall',
	request(account, input) {
		const { values, violations } = readFields(getAgentCallFields, input, account);
		if (violations.length > 0) throw inputError(violations);
		return readingRequest(v2Url(account, `/calls/${(values as unknown as GetAgentCallInput).sid}`), 'call');
	},
	read: readV2Call,
};

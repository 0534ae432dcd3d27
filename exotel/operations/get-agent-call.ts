/** Read one call of an agent (v2, CCM): `GET /v2/accounts/<sid>/calls/<call_sid>`; seed 001. */
import { readingRequest, v2Url } from '../http/request';
import { defineOperation } from './operation';
import { readV2Call } from './read-v2-call';
import { callSid } from './shared-fields';

/** Read one call that was placed with v2. A v1 call's SID is not found here. */
export const getAgentCall = defineOperation({
	name: 'getAgentCall',
	fields: { sid: { ...callSid, parameter: 'call_sid', source: 'seed 001' } },
	request: (account, values) => readingRequest(v2Url(account, `/calls/${values.sid}`), 'call'),
	read: readV2Call,
});

/** All endpoints of the simulated APIs: v1 with a capital `Accounts`, v2 with a small one (facts 1.2). */
import { accountDetails } from './v1/account';
import { agentCallDetails, makeAgentCall } from './v2/calls';
import { assignExoPhone, listExoPhones, listExoPhonesV1, oneExoPhone } from './v1/exophones';
import { bulkDetails } from './v1/bulk';
import { callDetails } from './v1/call-details';
import { connect } from './v1/connect';
import { listUsers } from './v2/users';
import { numberDetails } from './v1/numbers';
import type { ApiHandler } from './http/api-request';
import type { Route } from './http/router';

const V1 = '/v1/Accounts/<sid>';
const BETA = '/v2_beta/Accounts/<sid>';
const V2 = '/v2/accounts/<sid>';

/** The endpoints, with their paths as the documentation writes them. */
export const apiRoutes: readonly Route<ApiHandler>[] = [
	{ method: 'POST', path: `${V1}/Calls/connect[.json]`, handler: connect },
	{ method: 'GET', path: `${V1}/Calls/<CallSid>[.json]`, handler: callDetails },
	{ method: 'GET', path: `${V1}/Calls[.json]`, handler: bulkDetails },
	{ method: 'GET', path: `${V1}/Numbers/<number>[.json]`, handler: numberDetails },
	{ method: 'GET', path: `${V1}[.json]`, handler: accountDetails },
	{ method: 'GET', path: `${V1}/IncomingPhoneNumbers[.json]`, handler: listExoPhonesV1 },
	{ method: 'GET', path: `${BETA}/IncomingPhoneNumbers[.json]`, handler: listExoPhones },
	{ method: 'GET', path: `${BETA}/IncomingPhoneNumbers/<exophone_sid>[.json]`, handler: oneExoPhone },
	{ method: 'PUT', path: `${BETA}/IncomingPhoneNumbers/<exophone_sid>[.json]`, handler: assignExoPhone },
	{ method: 'POST', path: `${V2}/calls`, handler: makeAgentCall },
	{ method: 'GET', path: `${V2}/calls/<call_sid>`, handler: agentCallDetails },
	{ method: 'GET', path: `${V2}/users`, handler: listUsers },
];

/**
 * Connect a number to a call flow (v1): Exotel rings `from`; when that is answered, the flow of the account takes over.
 * `POST /v1/Accounts/<sid>/Calls/connect.json` with `Url`; seed 004, "connect to a call flow". `Record` and
 * `StatusCallbackContentType` are not on that page but are in use (Exotel fact sheet 2.2); they are sent only when
 * asked for.
 */

import type { Account } from '../account';
import { inputError } from '../errors';
import type { Call } from '../call/call';
import { connectFlowFields } from '../fields/placing-calls';
import { readFields } from '../fields/reading';
import type { Operation } from './operation';
import { formBody, v1Url } from '../http/encoding';
import { placingRequest } from '../http/request';
import { readV1Call } from './read-v1-call';

/** What `connectFlow` takes. One of `flowId` and `flowUrl` is needed. */
export interface ConnectFlowInput {
	from: string;
	exoPhone: string;
	flowId?: string;
	flowUrl?: string;
	record?: boolean;
	/** Seconds, 1 to 14400. */
	timeLimitSeconds?: number;
	/** Seconds. */
	ringTimeSeconds?: number;
	callType?: 'trans';
	customField?: string;
	statusCallbackUrl?: string;
	statusCallbackContentType?: 'multipart/form-data' | 'application/json';
}

/** Connect a number to a call flow (v1). Makes a phone ring. */
export const connectFlow: Operation<ConnectFlowInput, Call> = {
	name: 'connectFlow',
	request(account, input) {
		const { values, violations } = readFields(connectFlowFields, input, account);
		const v = values as Partial<ConnectFlowInput>;
		const named = (field: string) => violations.some((violation) => violation.field === field);
		if (v.flowId !== undefined && v.flowUrl !== undefined) {
			violations.push({
				field: 'flowUrl',
				rule: 'one-of',
				message: 'Give either a Flow ID or a Flow URL, not both.',
			});
		} else if (v.flowId === undefined && v.flowUrl === undefined && !named('flowId') && !named('flowUrl')) {
			violations.push({
				field: 'flowId',
				rule: 'required',
				message: 'Flow ID is missing. It is the number of the flow in your Exotel dashboard. Example: 926',
			});
		}
		if (violations.length > 0) throw inputError(violations);
		return placingRequest(
			v1Url(account, '/Calls/connect.json'),
			'application/x-www-form-urlencoded',
			formBody([
				['From', v.from],
				['CallerId', v.exoPhone],
				['Url', v.flowUrl ?? flowAddress(account, v.flowId ?? '')],
				['CallType', v.callType],
				['TimeLimit', v.timeLimitSeconds],
				['TimeOut', v.ringTimeSeconds],
				['Record', v.record],
				['StatusCallback', v.statusCallbackUrl],
				['StatusCallbackContentType', v.statusCallbackContentType],
				['CustomField', v.customField],
			]),
		);
	},
	read: readV1Call,
};

/** The address by which Exotel knows a flow: seed 004; the Mumbai host from the Exotel fact sheet 1.1. */
function flowAddress(account: Account, flowId: string): string {
	const host = account.region === 'mumbai' ? 'my.in.exotel.com' : 'my.exotel.com';
	return `http://${host}/${account.sid}/exoml/start_voice/${flowId}`;
}

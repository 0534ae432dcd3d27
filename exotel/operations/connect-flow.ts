/**
 * Connect a number to a call flow (v1): Exotel rings `from`; when that is answered, the flow of the account takes over.
 * `POST /v1/Accounts/<sid>/Calls/connect.json` with `Url`; seed 004, "connect to a call flow", which
 * takes neither `StatusCallbackEvents` nor `StatusCallbackContentType`. `Record` is not on that page but is in use
 * (facts 2.2); it is sent only when it is on, as what is not recorded needs no word that the page does not have.
 */
import type { Account } from '../account';
import { phone, text, url } from '../fields/field';
import { placingForm } from '../http/request';
import { defineOperation, oneOf } from './operation';
import { readV1Call } from './read-v1-call';
import {
	callType,
	customField,
	exoPhone,
	record,
	ringTimeSeconds,
	statusCallbackUrl,
	timeLimitSeconds,
} from './shared-fields';

/** The address by which Exotel knows a flow: seed 004; the Mumbai host from facts 1.1. */
function flowAddress(flowId: string, account: Account): string {
	const host = account.region === 'mumbai' ? 'my.in.exotel.com' : 'my.exotel.com';
	return `http://${host}/${account.sid}/exoml/start_voice/${flowId}`;
}

const connectToFlow = placingForm('/Calls/connect.json', [
	'from',
	'exoPhone',
	'flowId',
	'flowUrl',
	'callType',
	'timeLimitSeconds',
	'ringTimeSeconds',
	'record',
	'statusCallbackUrl',
	'customField',
]);

/** Connect a number to a call flow (v1). Makes a phone ring. */
export const connectFlow = defineOperation({
	name: 'connectFlow',
	fields: {
		from: phone({
			label: 'From (is called)',
			description:
				"The phone that is called and then connected to the flow, usually the customer's. With country code, " +
				'or as it is dialled in your country.',
			parameter: 'From',
			source: 'seed 004',
			example: '+919812345678',
			required: true,
		}),
		exoPhone,
		flowId: text({
			label: 'Flow ID',
			description: 'The number of the flow (app) in your Exotel dashboard. Or fill in its address instead.',
			parameter: 'Url',
			source: 'seed 004',
			example: '926',
			tier: 'main',
			pattern: {
				form: /^[A-Za-z0-9_-]{1,64}$/,
				rule: 'is the number of the flow as the Exotel dashboard shows it, for example 926',
			},
			encode: flowAddress,
		}),
		flowUrl: url({
			label: 'Flow URL',
			description: 'The full address of the flow, when the ID alone is not enough.',
			parameter: 'Url',
			source: 'seed 004',
			example: 'http://my.exotel.com/acme1/exoml/start_voice/926',
		}),
		record: { ...record, source: 'facts 2.2' },
		timeLimitSeconds,
		ringTimeSeconds,
		callType,
		customField: {
			...customField,
			description:
				'Any text of yours, such as an order number. Exotel hands it to the Passthru and Greeting applets ' +
				'of the flow.',
		},
		statusCallbackUrl: {
			...statusCallbackUrl,
			description: 'Web address to which Exotel sends one short callback when the call has ended.',
		},
	},
	checks: [oneOf('flowId', 'flowUrl', 'It is the number of the flow in your Exotel dashboard. Example: 926')],
	request: (account, { record: isRecorded, ...values }, fields) =>
		connectToFlow(account, isRecorded === true ? { ...values, record: true } : values, fields),
	read: readV1Call,
});

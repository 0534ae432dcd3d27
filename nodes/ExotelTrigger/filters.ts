/**
 * Which events the user wants. What is not wanted is acknowledged and starts no execution.
 */

import type { INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import { samePhone } from '../../exotel';
import type { Account, CallEvent } from '../../exotel';

interface Filters {
	direction?: 'inbound' | 'outbound' | 'any';
	exoPhones?: string;
	outcomes?: string[];
}

/** Which events. */
export const eventsProperty: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	noDataExpression: true,
	options: [
		{ name: 'Answered', value: 'answered', description: 'A person picked up; once for each of the two' },
		{
			name: 'Dialling',
			value: 'dial',
			description: 'A phone of an agent is being called (pass-through URLs only)',
		},
		{ name: 'Ended', value: 'terminal', description: 'The call is over, whatever its outcome' },
		{
			name: 'Ringing',
			value: 'ringing',
			description: 'A phone rings. Exotel has to enable this for your account.',
		},
	],
	default: ['terminal'],
	required: true,
	description: 'Which events start the workflow. Others are acknowledged and dropped.',
};

/** Which calls. */
export const filtersProperty: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Direction',
			name: 'direction',
			type: 'options',
			options: [
				{ name: 'Any', value: 'any' },
				{ name: 'Incoming', value: 'inbound', description: 'Somebody called one of your ExoPhones' },
				{ name: 'Outgoing', value: 'outbound', description: 'Your account placed the call' },
			],
			default: 'any',
		},
		{
			displayName: 'ExoPhones',
			name: 'exoPhones',
			type: 'string',
			default: '',
			placeholder: 'e.g. 08047112233, 08047112244',
			description:
				'Only calls over these numbers, separated by commas. How they are written does not matter. A ' +
				'report that does not name its ExoPhone starts nothing.',
		},
		{
			displayName: 'Outcomes',
			name: 'outcomes',
			type: 'multiOptions',
			options: [
				{ name: 'Answered', value: 'answered' },
				{ name: 'Busy', value: 'busy' },
				{ name: 'Canceled', value: 'canceled' },
				{ name: 'Failed', value: 'failed' },
				{ name: 'No Answer', value: 'no-answer' },
			],
			default: ['no-answer', 'busy'],
			description: 'Only calls that ended this way. Applies to the event "Ended".',
		},
	],
};

/** True when the event passes the node's event list and filters. */
export function isWanted(event: CallEvent, functions: IWebhookFunctions, account: Account): boolean {
	const events = functions.getNodeParameter('events', ['terminal']) as string[];
	if (!events.includes(event.type)) return false;
	const { direction = 'any', exoPhones = '', outcomes = [] } = functions.getNodeParameter('filters', {}) as Filters;
	const { call } = event;
	if (direction !== 'any' && call.direction !== direction) return false;
	if (event.type === 'terminal' && outcomes.length > 0 && !outcomes.includes(call.outcome ?? '')) return false;
	const numbers = exoPhones
		.split(',')
		.map((text) => text.trim())
		.filter((text) => text !== '');
	return numbers.length === 0 || numbers.some((number) => samePhone(number, call.exoPhone, account.defaultCountry));
}

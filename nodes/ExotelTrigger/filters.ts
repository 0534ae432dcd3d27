/**
 * Which events start the workflow. Others are acknowledged and start no execution.
 */

import type { INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import { samePhone, splitList } from '../../exotel';
import type { Account, CallEvent } from '../../exotel';
import { outcomesFilter, passesOutcomes } from '../host/outcomes';
import { asObject } from '../host/parameters';

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
		{
			name: 'Ended',
			value: 'terminal',
			description:
				'The call is over, whatever its outcome. From the pass-through URL of an agent: the agent is free; ' +
				'the call itself may go on (call.state is "active").',
		},
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
				{ name: 'Incoming', value: 'inbound', description: 'A caller dialled one of your ExoPhones' },
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
				'callback that does not name its ExoPhone starts no execution.',
		},
		outcomesFilter('Only calls that ended this way. Applies to the event "Ended".'),
	],
};

/** True when the event passes the node's event list and filters. */
export function passesFilters(event: CallEvent, functions: IWebhookFunctions, account: Account): boolean {
	const events = functions.getNodeParameter('events', ['terminal']);
	if (!Array.isArray(events) || !events.some((type) => type === event.type)) return false;
	const filters = asObject(functions.getNodeParameter('filters', {}));
	const { direction = 'any', exoPhones } = filters;
	const { call } = event;
	if (direction !== 'any' && call.direction !== direction) return false;
	if (event.type === 'terminal' && !passesOutcomes(call, filters)) return false;
	const numbers = splitList(exoPhones ?? '');
	return numbers.length === 0 || numbers.some((number) => samePhone(number, call.exoPhone, account.defaultCountry));
}

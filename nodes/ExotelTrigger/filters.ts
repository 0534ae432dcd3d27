/**
 * Which events start the workflow. Others are acknowledged and start no execution.
 */

import type { IDataObject, INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import { samePhone, splitList } from '../../exotel';
import type { Account, CallEvent } from '../../exotel';
import { withExoPhoneList } from '../host/exoPhone';
import { outcomesFilter, passesOutcomes } from '../host/outcomes';
import { withoutLocators } from '../host/parameters';

/** Which events. */
export const eventsProperty: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	noDataExpression: true,
	options: [
		{
			name: 'Agent Busy',
			value: 'agent-busy',
			description:
				"An agent's phone is called, rings or is answered (agentStep). Needs the pass-through URL of a " +
				'Connect applet.',
		},
		{
			name: 'Agent Free',
			value: 'agent-free',
			description:
				'One attempt to reach an agent is over, answered or not; the call itself may go on. Needs the ' +
				'pass-through URL of a Connect applet.',
		},
		{ name: 'Answered', value: 'answered', description: 'A person picked up; once for each of the two' },
		{ name: 'Ended', value: 'terminal', description: 'The call is over, whatever its outcome' },
		{
			name: 'In Progress',
			value: 'dial',
			description: 'The call goes on: its flow requested a Passthru applet, or Exotel reported something new',
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

const sources: Array<{ name: string; value: CallEvent['source']; description: string }> = [
	{
		name: 'Agent Pass-Through',
		value: 'agent-passthru',
		description: 'Attempts to reach an agent, from a Connect applet (1.0)',
	},
	{
		name: 'Call Event Pass-Through',
		value: 'call-event-passthru',
		description: 'Attempts to reach an agent, from a Connect applet (1.1)',
	},
	{ name: 'Passthru Applet', value: 'passthru', description: 'Requests of the Passthru applets of a flow' },
	{
		name: 'Status Callback (V1)',
		value: 'v1-callback',
		description: 'Calls between two numbers, and calls to a flow',
	},
	{
		name: 'Status Callback (V2)',
		value: 'v2-callback',
		description: 'Calls between an agent and a customer',
	},
];

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
		withExoPhoneList({
			displayName: 'ExoPhones',
			name: 'exoPhones',
			type: 'string',
			default: '',
			placeholder: 'e.g. 08047112233, 08047112244',
			description:
				'Only calls over these numbers: one of the list, which needs the Exotel Voice API credential, or ' +
				'several separated by commas. How they are written does not matter. A callback that does not name ' +
				'its ExoPhone starts no execution.',
		}),
		outcomesFilter('Only calls that ended this way. Applies to the event "Ended".'),
		{
			displayName: 'Sources',
			name: 'sources',
			type: 'multiOptions',
			options: sources,
			default: [],
			description: 'Only events that Exotel reports in one of these ways. Without a choice, all of them.',
		},
	],
};

function wantedEvents(functions: IWebhookFunctions): unknown[] {
	const events = functions.getNodeParameter('events', ['terminal']);
	return Array.isArray(events) ? events : [];
}

/**
 * True when an event has to be stored although it is filtered out: the end of a call makes late progress old news, also
 * after a restart.
 */
export function outdatesOthers(event: CallEvent, functions: IWebhookFunctions): boolean {
	return event.type === 'terminal' && wantedEvents(functions).some((type) => type !== 'terminal');
}

/**
 * What the node's event list and filters make of an event: it starts the workflow, its source or its type is not
 * chosen, or it is left out because of what it says about the call.
 */
export type Choice = 'chosen' | 'other-source' | 'other-type' | 'left-out';

/** False when only events of other sources are chosen. */
export function isChosenSource(source: CallEvent['source'], functions: IWebhookFunctions): boolean {
	const { sources: chosen } = withoutLocators(functions.getNodeParameter('filters', {}));
	return !Array.isArray(chosen) || chosen.length === 0 || chosen.some((one) => one === source);
}

/** Whether events of this type are chosen. */
export function isChosenType(type: CallEvent['type'], functions: IWebhookFunctions): boolean {
	return wantedEvents(functions).some((one) => one === type);
}

/** Applies the node's event list and filters. `source`: who reported the event, of an end that Exotel confirmed. */
export function choiceOf(
	event: CallEvent,
	{ functions, account, source }: { functions: IWebhookFunctions; account: Account; source: CallEvent['source'] },
): Choice {
	const filters = withoutLocators(functions.getNodeParameter('filters', {}));
	if (!isChosenSource(source, functions)) return 'other-source';
	if (!isChosenType(event.type, functions)) return 'other-type';
	return passesFilters(event, filters, account) ? 'chosen' : 'left-out';
}

function passesFilters(event: CallEvent, filters: IDataObject, account: Account): boolean {
	const { direction = 'any', exoPhones } = filters;
	const { call } = event;
	if (direction !== 'any' && call.direction !== direction) return false;
	if (event.type === 'terminal' && !passesOutcomes(call, filters)) return false;
	const numbers = splitList(exoPhones ?? '');
	return numbers.length === 0 || numbers.some((number) => samePhone(number, call.exoPhone, account.defaultCountry));
}

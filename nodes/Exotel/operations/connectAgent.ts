/**
 * Call → Connect Agent.
 */

import { connectAgent } from '../../../exotel';
import { property } from '../../host/property';
import { callOperation } from './callOperation';
import { showFor } from './operation';

const { fields, name } = connectAgent;
const displayOptions = showFor('call', name);
const agentBy = (choice: string) => ({ show: { ...displayOptions.show, agentBy: [choice] } });

/** Rings an agent of the account first, then a customer. */
export const connectAgentOperation = callOperation({
	operation: connectAgent,
	api: 'v2',
	name: 'Connect Agent',
	action: 'Connect an agent and a customer',
	description: 'Ring an agent of the account first, then a customer, and connect the two. Real phones ring.',
	properties: [
		{
			displayName: 'Choose Agent By',
			name: 'agentBy',
			type: 'options',
			displayOptions,
			options: [
				{ name: 'ID', value: 'agentId' },
				{ name: 'Phone', value: 'agentContact' },
			],
			default: 'agentContact',
		},
		property(fields, 'agentContact', { required: true, displayOptions: agentBy('agentContact') }),
		property(fields, 'agentId', { required: true, displayOptions: agentBy('agentId') }),
		property(fields, 'to', { displayOptions }),
	],
	mainNames(functions, itemIndex) {
		const byId = functions.getNodeParameter('agentBy', itemIndex, 'agentContact') === 'agentId';
		return [byId ? 'agentId' : 'agentContact', 'to'];
	},
	notOptional: ['agentId'],
	callback: { statusCallbackEvents: ['terminal'], statusCallbackAnsweredUrl: undefined },
});

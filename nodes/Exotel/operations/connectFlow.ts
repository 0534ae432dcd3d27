/**
 * Call → Connect Flow.
 */

import { connectFlow } from '../../../exotel';
import { property } from '../../host/property';
import { callOperation } from './callOperation';
import { showFor } from './operation';

const { fields, name } = connectFlow;
const displayOptions = showFor('call', name);

/** Calls one phone number and plays a flow to whoever answers. */
export const connectFlowOperation = callOperation({
	operation: connectFlow,
	api: 'v1',
	name: 'Connect Flow',
	action: 'Call a number and run a flow',
	description: 'Call one phone number and play an Exotel flow (app) to whoever answers. A real phone rings.',
	properties: [property(fields, 'from', { displayOptions }), property(fields, 'flowId', { displayOptions })],
	mainNames: () => ['from', 'flowId'],
	callback: {},
});

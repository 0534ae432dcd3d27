/**
 * Call → Connect Numbers.
 */

import { connectNumbers } from '../../../exotel';
import { property } from '../../host/property';
import { callOperation } from './callOperation';
import { showFor } from './operation';

const { fields, name } = connectNumbers;
const displayOptions = showFor('call', name);

/** Rings one phone number first, then a second one. */
export const connectNumbersOperation = callOperation({
	operation: connectNumbers,
	api: 'v1',
	name: 'Connect Numbers',
	action: 'Connect two numbers',
	description: 'Ring one phone number first, then a second one, and connect the two people. Real phones ring.',
	properties: [property(fields, 'from', { displayOptions }), property(fields, 'to', { displayOptions })],
	mainNames: () => ['from', 'to'],
	callback: { statusCallbackEvents: ['terminal'], statusCallbackContentType: 'application/json' },
});

/** The item of an event: both triggers give it out the same way. */

import type { IDataObject } from 'n8n-workflow';

import type { CallEvent } from '../../exotel';
import { asObject } from './parameters';

/** The event with the call in front, whose first field is the outcome: so it is the first column of the output. */
export function eventJson({ call, ...happened }: CallEvent): IDataObject {
	return asObject({ call, ...happened });
}

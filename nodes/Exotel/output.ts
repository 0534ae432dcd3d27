/**
 * What a call looks like as an n8n item: the fields most workflows need, or everything.
 */

import type { IDataObject } from 'n8n-workflow';

import { emptyCall } from '../../exotel';
import type { Call } from '../../exotel';

/** The fields that stay when an output is simplified. */
const simpleFields = [
	'sid',
	'status',
	'outcome',
	'direction',
	'from',
	'to',
	'exoPhone',
	'createdAt',
	'endedAt',
	'durationSeconds',
	'talkSeconds',
	'price',
	'recordingUrl',
	'customField',
] as const satisfies ReadonlyArray<keyof Call>;

/** @param raw what Exotel sent; added to the full output only */
export function callJson(call: Call, simplify: boolean, raw?: unknown): IDataObject {
	if (!simplify) return { ...call, raw } as unknown as IDataObject;
	return Object.fromEntries(simpleFields.map((field) => [field, call[field]])) as IDataObject;
}

/** A call out of an item written by `callJson`, whichever form it has; fields that are not there are null. */
export function callFromJson(json: IDataObject): Call {
	return { ...emptyCall('', 'v1'), ...(json as Partial<Call>), state: 'active', status: null, outcome: null };
}

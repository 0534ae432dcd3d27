/**
 * What a call looks like as an n8n item: the fields most workflows need, or everything.
 */

import type { IDataObject } from 'n8n-workflow';

import type { Call, KnownOfCall } from '../../../exotel';
import { asObject } from '../../host/parameters';

/** The fields that stay when an output is simplified, in the order of the columns. */
const simpleFields: ReadonlyArray<keyof Call> = [
	'outcome',
	'reason',
	'from',
	'to',
	'talkSeconds',
	'direction',
	'unansweredBy',
	'exoPhone',
	'durationSeconds',
	'createdAt',
	'endedAt',
	'price',
	'recordingUrl',
	'customField',
	'digits',
	'agent',
	'legs',
	'sid',
	'status',
];

/**
 * The JSON of an item.
 * @param raw what Exotel sent; added to the full output only
 */
export function callJson(call: Call<string | null>, simplify: boolean, raw?: unknown): IDataObject {
	if (!simplify) return asObject({ ...call, raw: raw ?? null });
	return Object.fromEntries(simpleFields.map((field) => [field, call[field]]));
}

/** Whom an item is about: what its request said, for what a callback leaves out. */
export function requestedIn({ from, to, exoPhone, customField }: IDataObject): KnownOfCall {
	const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
	return { from: text(from), to: text(to), exoPhone: text(exoPhone), customField: text(customField) };
}

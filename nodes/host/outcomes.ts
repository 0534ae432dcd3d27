/**
 * The filter by outcome, which both triggers have and Exotel's list does not.
 */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Call, Outcome } from '../../exotel';

const outcomes: Array<{ name: string; value: Outcome }> = [
	{ name: 'Answered', value: 'answered' },
	{ name: 'Busy', value: 'busy' },
	{ name: 'Canceled', value: 'canceled' },
	{ name: 'Failed', value: 'failed' },
	{ name: 'No Answer', value: 'no-answer' },
	{ name: 'Unknown', value: 'unknown' },
];

/** The entry of a trigger's filters. */
export function outcomesFilter(description: string): INodeProperties {
	return {
		displayName: 'Outcomes',
		name: 'outcomes',
		type: 'multiOptions',
		options: outcomes,
		default: [],
		description,
	};
}

/** True when the call's outcome is among the chosen ones, or none are chosen. */
export function passesOutcomes(call: Call, { outcomes: chosen }: IDataObject): boolean {
	if (!Array.isArray(chosen) || chosen.length === 0) return true;
	return chosen.some((outcome) => outcome === call.outcome);
}

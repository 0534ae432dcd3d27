/**
 * The filter by outcome, which both triggers have and Exotel's list does not.
 */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Call, callOutcomes } from '../../exotel';

/** Every outcome of a call that took place, in the order of their names. */
const names: Readonly<Record<(typeof callOutcomes)[number], string>> = {
	answered: 'Answered',
	busy: 'Busy',
	canceled: 'Canceled',
	failed: 'Failed',
	'no-answer': 'No Answer',
	unknown: 'Unknown',
};

/** The entry of a trigger's filters. */
export function outcomesFilter(description: string): INodeProperties {
	return {
		displayName: 'Outcomes',
		name: 'outcomes',
		type: 'multiOptions',
		options: Object.entries(names).map(([value, name]) => ({ name, value })),
		default: [],
		description,
	};
}

/** True when the call's outcome is among the chosen ones, or none are chosen. */
export function passesOutcomes(call: Call, { outcomes: chosen }: IDataObject): boolean {
	if (!Array.isArray(chosen) || chosen.length === 0) return true;
	return chosen.some((outcome) => outcome === call.outcome);
}

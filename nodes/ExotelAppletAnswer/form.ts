/**
 * The form of the Exotel Applet Answer node.
 */

import type { INodeProperties } from 'n8n-workflow';

import { optionalProperties, property } from '../host/property';

const forConnect = { show: { answer: ['connect'] } };

/** Inputs inside another one have a dot in the core, which n8n would take apart: `playback.value` → `playbackValue`. */
export function flatName(name: string): string {
	return name.replace(/\.(\w)/, (_, letter: string) => letter.toUpperCase());
}

/** The inputs of a Connect answer that are optional, by their names in the core. */
export const optionalInputs = [
	'outgoingExoPhone',
	'record',
	'recordingChannels',
	'ringTimeSeconds',
	'conversationTimeSeconds',
	'musicOnHold.type',
	'musicOnHold.url',
	'parallelRinging',
	'parallelAttempts',
	'fetchAfterAttempt',
	'playback.to',
	'playback.kind',
	'playback.value',
	'eventUrl',
	'stateManagement',
	'stickyAgent',
];

const connectOptions = optionalProperties('connectAnswer', optionalInputs).map((option) => ({
	...option,
	name: flatName(option.name),
}));

/** All fields of the form. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Answer',
		name: 'answer',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Connect', value: 'connect', description: 'Connect the caller to one or more destinations' },
			{ name: 'Connect Nobody', value: 'nobody', description: 'Go on with "didn\'t dial anyone" in the flow' },
			{ name: 'Connect, Written as JSON', value: 'json', description: 'For fields this form does not have' },
			{
				name: 'Passthru Branch',
				value: 'passthru',
				description: 'Take the first or the second branch of a Passthru applet',
			},
			{
				name: 'Switch Case',
				value: 'switchCase',
				description: 'Name the case of a Switch Case applet behind a Passthru',
			},
		],
		default: 'connect',
	},
	property('connectAnswer', 'destinations', { displayOptions: forConnect }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: forConnect,
		options: connectOptions,
	},
	{
		displayName: 'JSON',
		name: 'json',
		type: 'json',
		default: '{\n  "destination": { "numbers": ["+919812345678"] }\n}',
		required: true,
		displayOptions: { show: { answer: ['json'] } },
		description: 'The answer as Exotel documents it. It is checked before it is sent.',
	},
	{
		displayName: 'Branch',
		name: 'branch',
		type: 'options',
		displayOptions: { show: { answer: ['passthru'] } },
		options: [
			{ name: 'First', value: 'a', description: 'The branch Exotel takes for the answer 200' },
			{ name: 'Second', value: 'b', description: 'The branch Exotel takes for the answer 302' },
		],
		default: 'a',
	},
	{
		displayName: 'Case',
		name: 'caseName',
		type: 'string',
		default: '',
		required: true,
		displayOptions: { show: { answer: ['switchCase'] } },
		placeholder: 'e.g. premium',
		description: 'Exactly as the case is named in the Switch Case applet, capitals included',
	},
];

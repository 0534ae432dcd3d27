/**
 * The forms of the operations that read calls: one call, many calls, a recording.
 */

import type { INodeProperties } from 'n8n-workflow';

import { optionalProperties, property } from '../../host/property';

const showFor = (operation: string) => ({ show: { resource: ['call'], operation: [operation] } });

/** Every filter of the list; several become one request each page. */
const filters = [
	'from',
	'to',
	'exoPhone',
	'sids',
	'status',
	'direction',
	'createdAfter',
	'createdBefore',
	'durationMinSeconds',
	'durationMaxSeconds',
	'durationEqualsSeconds',
	'priceMin',
	'priceMax',
	'priceEquals',
	'details',
	'sortBy',
];

const get: INodeProperties[] = [property('getCall', 'sid', { displayOptions: showFor('get') })];

const getMany: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		displayOptions: showFor('getMany'),
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		displayOptions: { show: { ...showFor('getMany').show, returnAll: [false] } },
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
	},
];

const getRecording: INodeProperties[] = [
	{
		displayName: 'Recording Of',
		name: 'recordingBy',
		type: 'options',
		displayOptions: showFor('getRecording'),
		options: [
			{ name: 'Call SID', value: 'sid', description: 'The recording of this call' },
			{ name: 'Recording URL', value: 'url', description: 'The address that came with a call or an event' },
		],
		default: 'sid',
	},
	property('getCall', 'sid', { displayOptions: { show: { ...showFor('getRecording').show, recordingBy: ['sid'] } } }),
	property('downloadRecording', 'url', {
		displayOptions: { show: { ...showFor('getRecording').show, recordingBy: ['url'] } },
	}),
	{
		displayName: 'Put Output in Field',
		name: 'binaryProperty',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		displayOptions: showFor('getRecording'),
		hint: 'The name of the output binary field to put the file in',
	},
];

/** Fields of the operations that read calls. */
export const readingProperties: INodeProperties[] = [...get, ...getMany, ...getRecording];

/** Rarer fields and filters of the operations that read calls. */
export const readingOptions: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showFor('get'),
		options: [
			{
				displayName: 'Call Was Placed As',
				name: 'api',
				type: 'options',
				options: [
					{ name: 'Agent Call', value: 'v2', description: 'Placed with Connect Agent' },
					{ name: 'Any', value: 'auto', description: 'Look for it in both places' },
					{ name: 'Two Numbers, Flow or Incoming', value: 'v1', description: 'All other calls' },
				],
				default: 'auto',
				description: 'Exotel keeps agent calls in a place of their own',
			},
			...optionalProperties('getCall', ['details', 'recordingUrlValidityMinutes']),
		],
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		displayOptions: showFor('getMany'),
		options: optionalProperties('listCalls', filters),
	},
];

/**
 * Call → Get.
 */

import type { INodeProperties } from 'n8n-workflow';

import { findCall, getCall } from '../../../exotel';
import { collection, parameter } from '../../host/parameters';
import { optionalProperties, property } from '../../host/property';
import { callJson } from './output';
import type { ReadingOperation } from './operation';
import { optionalFields, showFor } from './operation';

const apiField: INodeProperties = {
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
};

/** Reads one call by its SID. */
export const getCallOperation: ReadingOperation = {
	resource: 'call',
	value: 'get',
	name: 'Get',
	action: 'Get a call',
	description: 'Read one call by its SID: status, outcome, times, price and recording',
	givesCalls: true,
	properties: [property(getCall.fields, 'sid', { displayOptions: showFor('call', 'get') })],
	options: [optionalFields('call', 'get', [apiField, ...optionalProperties(getCall.fields)])],
	async run(functions, { account, options }, itemIndex) {
		const { api, ...rest } = collection(functions, 'options', itemIndex);
		const input = { ...rest, sid: parameter(functions, 'sid', itemIndex) };
		const where = api === 'v1' || api === 'v2' ? api : 'auto';
		const { result, raw } = await findCall(account, input, { api: where }, options);
		const simplify = functions.getNodeParameter('simplify', itemIndex, true) === true;
		return [{ json: callJson(result, simplify, raw) }];
	},
};

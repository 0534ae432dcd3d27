/**
 * Account → Get Health.
 */

import { asObject } from '../../host/parameters';
import type { ReadingOperation } from './operation';
import { waitsOf } from './waitHealth';

/** When this process began to count. */
const countedSince = new Date().toISOString();

/** How Wait for Outcome is doing: what this n8n process knows of the calls of the account. Asks Exotel nothing. */
export const getHealthOperation: ReadingOperation = {
	resource: 'account',
	value: 'getHealth',
	name: 'Get Health',
	action: 'Get the health of waiting for calls',
	description:
		'See how Wait for Outcome is doing in this n8n process: calls waited for, unknown ones, callbacks missed',
	properties: [],
	options: [],
	async run(_functions, { account }) {
		return [{ json: { ...asObject(waitsOf(account).health(Date.now())), countedSince } }];
	},
};

/**
 * The findings of Account → Check in sentences, with the names of n8n's forms. `%` stands for the detail; what Exotel
 * or the core says follows.
 */

import type { FindingKey } from '../../../exotel';

/** By key; a finding without a sentence brings one of the core. */
export const sentences: Readonly<Partial<Record<FindingKey, string>>> = {
	works: 'The account works: Account SID, API Key, API Token and Region match, and the list of calls can be read.',
	'key-or-token':
		'API Key or API Token is wrong. Copy both again from the API settings page of the Exotel dashboard.',
	sid: 'Exotel does not know this Account SID. Copy it from the API settings page of the Exotel dashboard.',
	'other-region': 'Region is wrong: the account is in the region %. Choose it in the credential.',
	kyc: 'KYC is not complete. Complete it in the Exotel dashboard.',
	forbidden: 'Exotel knows the account but does not allow this.',
	'no-key': 'The server answers. It is on this machine and needs no key, so no key was checked.',
	unreachable: 'The server cannot be reached (%).',
	clock: 'The clock of this machine differs from that of Exotel by % seconds. Set it right.',
	'time-zone': 'Time Zone is wrong: a call would have been made in the future. Set it to Asia/Kolkata (it is %).',
	exophones: 'ExoPhones of the account: %.',
	'no-exophones': 'The account has no ExoPhone that can make calls. Get one in the Exotel dashboard.',
	country: 'Default Country does not fit: the ExoPhones are numbers of %. Choose their country.',
	'public-url.missing': 'This n8n tells no address of its own. Set N8N_WEBHOOK_URL to its public address.',
	'public-url.unreadable': 'The address of this n8n cannot be used. Set N8N_WEBHOOK_URL to its public address.',
	'public-url.private':
		'This n8n has no public address: Exotel cannot send callbacks. Set N8N_WEBHOOK_URL to its public address.',
	'public-url.http': 'The public address of this n8n is not encrypted. Set N8N_WEBHOOK_URL to one with https://.',
	'public-url.untested':
		'Whether the address of this n8n can be reached shows from outside only: open the production URL of a ' +
		'trigger on a phone in another network. 401 or 405 is good.',
	'callback.none':
		'No callback has come to a node of this n8n process that waits. Next step: call your own phone with Connect ' +
		'Numbers and Wait for Outcome.',
	'callback.seen': 'The last callback came at % (those to triggers are not counted).',
};

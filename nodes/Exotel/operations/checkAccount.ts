/**
 * Account → Check: goes through the list of Going live and names the missing step.
 */

import { checkAccount } from '../../../exotel';
import type { Finding } from '../../../exotel';
import { asObject } from '../../host/parameters';
import { titleOf } from '../../host/property';
import { sessionOf } from '../../host/session';
import { sentences } from './checkSentences';
import type { LocalOperation } from './operation';
import { waitsOf } from './waitHealth';
import { resumeOriginOf } from './waiting';

/** Labels of the credential that messages of the core name. */
const labels = ['API key', 'API token', 'Time zone', 'Default country'];

/** Reads only: no call is placed. What is wrong with the account is its result, not an error. */
export const checkAccountOperation: LocalOperation = {
	resource: 'account',
	value: 'check',
	name: 'Check',
	action: 'Check the account',
	description:
		'Find out what is missing before calls can be placed and followed: account, region, key, ExoPhones, public ' +
		'address. Places no call.',
	properties: [],
	options: [],
	async run(functions, itemIndex) {
		const form = await functions.getCredentials('exotelVoiceApi', itemIndex);
		const { findings, report } = await checkAccount({
			host: 'n8n',
			form,
			open: (account) => sessionOf(functions, account, form),
			address: { url: resumeOriginOf(functions) },
			lastCallbackAt: (account) => waitsOf(account).health(Date.now()).lastCallbackAt,
		});
		const isReady = findings.every(({ level }) => level !== 'fault');
		return [{ json: { isReady, findings: findings.map((one) => asObject(textOf(one))), report } }];
	},
};

function textOf({ about, level, key, detail = '', message = '', help }: Finding) {
	const sentence = (sentences[key] ?? '').replace('%', detail);
	const words = labels.reduce((text, label) => text.replaceAll(label, titleOf(label)), message);
	return {
		message: [sentence, words].filter((text) => text !== '').join(' '),
		level,
		about,
		key,
		...(help === undefined ? {} : { help }),
	};
}

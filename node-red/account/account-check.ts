/** The "Test account" button: the core's check of an account, with what only Node-RED knows. */
import {
	checkAccount,
	fault,
	finding,
	type Account,
	type AccountCheck,
	type CheckedAccount,
	type Finding,
} from '../../exotel/index';
import { settingOf, type Config, type Red } from '../host';
import { Runtime } from '../runtime';
import type { Probe } from '../webhooks/self-test';
import { lastCallbackOf } from './last-callbacks';
import { AccountConnection } from './account-connection';
import { isOpenToAnyone } from './open-editor';
import { parseAccount, type AccountSecrets } from './parse-account';

/** The account of a saved or typed form; null while it cannot be read. */
export function accountOf(config: Config<'exotel-account'>): Account | null {
	const parsed = parseAccount(config);
	return 'read' in parsed ? parsed.read : null;
}

/** Checks the account as it stands in the form. Never rejects because of what is wrong with it. */
export async function examineAccount(
	RED: Red,
	config: Config<'exotel-account'>,
	secrets: AccountSecrets,
	more: Pick<CheckedAccount, 'refused' | 'address' | 'webhookToken'> = {},
): Promise<AccountCheck> {
	const check = await checkAccount({
		host: ['Node-RED', settingOf(RED, 'version')].join(' ').trim(),
		form: { ...config, apiKey: secrets.apiKey, apiToken: secrets.apiToken },
		open({ region }) {
			const connection = new AccountConnection(RED, { ...config, region }, secrets);
			return { options: connection.sendOptions(), close: () => connection.close() };
		},
		lastCallbackAt: lastCallbackOf,
		...more,
	});
	if (isOpenToAnyone(RED, accountOf(config))) check.findings.push(finding('note', 'account', 'no-password'));
	return check;
}

/** Says whether the public URL leads to this Node-RED: as far as that can be told from inside. */
export async function reachFinding(RED: Red, probe: () => Promise<Probe>): Promise<Finding> {
	const help = 'no-callbacks';
	if (Runtime.of(RED).router === null) return fault('publicUrl', 'public-url.no-node-routes', { help });
	const { reached, detail } = await probe();
	if (reached) return finding('good', 'publicUrl', 'public-url.reached');
	if (detail === 'login-missing' || detail === 'login-refused' || detail === 'login-again')
		return fault('webhookUser', `public-url.${detail}`, { help: 'no-token' });
	return fault('publicUrl', 'public-url.unreachable', { detail, help });
}

/** The account that is chosen in the open form, and the runtime's answers about it. */
import { defaultRules, readAccount, type CheckRules } from '../../exotel/index';
import { accountSecrets, accountSettings, SAVED_PASSWORD } from '../account-form';

/** The account chosen in the open form; null while there is none. */
export function chosenAccount(): EditorNode | null {
	const id = $('#node-input-account').val();
	return typeof id === 'string' && id !== '' && id !== '_ADD_' ? (RED.nodes.node(id) ?? null) : null;
}

/** The id of the account if there is exactly one; else null. */
export function onlyAccount(): string | null {
	const accounts: string[] = [];
	RED.nodes.eachConfig((node) => {
		if (node.type === 'exotel-account' && node.d !== true) accounts.push(node.id);
	});
	const [first = null] = accounts;
	return accounts.length === 1 ? first : null;
}

/** What a route needs of an account that may not be deployed yet: its values, typed secrets included. */
export function accountValues(account: EditorNode): Record<string, unknown> {
	const values = accountSettings.map((name): [string, unknown] => [name, account[name]]);
	const secrets = accountSecrets.map((name): [string, unknown] => [
		name,
		account.credentials?.[name] ?? SAVED_PASSWORD,
	]);
	return Object.fromEntries([...values, ...secrets]);
}

/** Posts to an admin route of the account, whose answers have the given type. */
export function postToAccount<Answer>(id: string, route: string, data: Record<string, unknown>): JQuery.jqXHR<Answer> {
	return $.ajax({
		url: `exotel-account/${encodeURIComponent(id)}/${route}`,
		method: 'POST',
		contentType: 'application/json',
		data: JSON.stringify(data),
	});
}

/** What the fields of a node are judged by: its account, or as much of it as can be read. */
export function rulesOf(accountId: unknown): CheckRules {
	const account = RED.nodes.node(accountId);
	if (account?.type !== 'exotel-account') return defaultRules;
	const { region, baseUrl, sid, timeZone, defaultCountry } = account;
	try {
		return readAccount({ region, baseUrl, sid, timeZone, defaultCountry });
	} catch {
		return {
			defaultCountry:
				typeof defaultCountry === 'string' && defaultCountry !== ''
					? defaultCountry.toUpperCase()
					: defaultRules.defaultCountry,
			timeZone: defaultRules.timeZone,
		};
	}
}

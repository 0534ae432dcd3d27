/** HTTP Basic authentication: user = API key, password = API token (seeds 001 and 004). */
import type { Accounts, Admission, Credentials } from '../../model/accounts';

/** Whether the request may act for the account; without usable credentials it may not. */
export function admission(accounts: Accounts, authorization: string | undefined, accountSid: string): Admission {
	const credentials = readCredentials(authorization ?? '');
	return credentials ? accounts.admits(credentials, accountSid) : 'no';
}

function readCredentials(authorization: string): Credentials | null {
	const [, encoded] = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization) ?? [];
	if (encoded === undefined) return null;
	const decoded = Buffer.from(encoded, 'base64').toString('utf8');
	const cut = decoded.indexOf(':');
	const key = decoded.slice(0, cut);
	const token = decoded.slice(cut + 1);
	return cut > 0 && token !== '' ? { key, token } : null;
}

/**
 * Where Exotel reaches a webhook of this Node-RED, and the token in that address.
 * The account holds one secret webhook token, from which the core derives that of each path.
 */
import { callbackUrl, inputError, pathToken } from '../../exotel/index';
import { withoutSlashes } from './path';

export { repeatsFolder, webhookPath } from './path';

/** Joins the public address of this Node-RED with its HTTP root, unless the address already ends with it. */
export function webhookBase(publicUrl: string, httpNodeRoot: unknown): string {
	const base = withoutSlashes(publicUrl);
	const root = typeof httpNodeRoot === 'string' ? withoutSlashes(httpNodeRoot) : '';
	return root === '' || new URL(base).pathname.endsWith(`/${root}`) ? base : `${base}/${root}`;
}

/** The full address of a webhook, token and attempt included. */
export function webhookUrl(base: string, path: string, secret: string, attemptId?: string): string {
	return callbackUrl(base + path, {
		...(secret === '' ? {} : { token: pathToken(secret, path) }),
		...(attemptId === undefined ? {} : { attemptId }),
	});
}

/** User name and password that Node-RED (`httpNodeAuth`) or a proxy asks of every request to a webhook. */
export interface WebhookLogin {
	user: string;
	password: string;
}

/** The login of an account's secrets; null while neither part is set. */
export function loginOf(secrets: { webhookUser?: string; webhookPassword?: string }): WebhookLogin | null {
	const { webhookUser: user = '', webhookPassword: password = '' } = secrets;
	return user === '' && password === '' ? null : { user, password };
}

/** False for a user name that Basic authentication cannot carry: it would end at the colon. */
export const isUsableUser = (user: string): boolean => !user.includes(':');

/**
 * The address with the login in it, `https://name:password@…`; without a login as it is.
 * @throws ExotelError for a user that has a colon.
 */
export function withLogin(url: string, login: WebhookLogin | null): string {
	if (login === null) return url;
	if (!isUsableUser(login.user))
		throw inputError([{ field: 'webhookUser', rule: 'format', message: 'Webhook user: no colon can be in it.' }]);
	const [user, password] = [login.user, login.password].map((part) =>
		// An apostrophe would end the address where a text quotes it.
		encodeURIComponent(part).replaceAll("'", '%27'),
	);
	return url.replace('://', () => `://${user}:${password}@`);
}

/** What stands in a shown address in place of the login of an account's secrets; null without one. */
export function hiddenLoginOf(secrets: { webhookUser?: string; webhookPassword?: string }): WebhookLogin | null {
	return loginOf(secrets) && { user: '***', password: '***' };
}

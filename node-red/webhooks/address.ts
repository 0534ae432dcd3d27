/**
 * Where Exotel reaches a webhook of this Node-RED, and the token in that address.
 * The account holds one secret webhook token, from which the core derives that of each path.
 */
import { callbackUrl, pathToken } from '../../exotel/index';
import { withoutSlashes } from './path';

export { webhookPath } from './path';

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

/** The editor of a Node-RED without password: whoever opens it can use the accounts in it. */
import { isOnThisMachine, type Account } from '../../exotel/index';
import { settingOf, type Red } from '../host';

/** What may stand in front of the editor: Node-RED's login, the one before that, or a check of the administrator. */
const guards = ['adminAuth', 'httpAdminAuth', 'httpAdminMiddleware'];

/** True when the account calls people, and the editor asks nobody for a password. Null: it cannot be read. */
export function isOpenToAnyone(RED: Red, account: Account | null): boolean {
	if (account === null || isOnThisMachine(account) || settingOf(RED, 'httpAdminRoot') === false) return false;
	return guards.every((name) => settingOf(RED, name) === undefined);
}

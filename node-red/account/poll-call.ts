/** One poll: how a call is at Exotel now. */
import { eventFromCall, readCall, toIso, type ApiVersion, type CallEvent } from '../../exotel/index';
import type { AccountConnection } from './account-connection';

/**
 * The event of the end of a call, or null while it is active.
 * @throws ExotelError when the call cannot be read.
 */
export async function pollCall(
	connection: AccountConnection,
	sid: string,
	api: ApiVersion,
	signal: AbortSignal,
): Promise<CallEvent | null> {
	const { account } = connection;
	const { result, raw } = await readCall(account, { sid }, api, connection.sendOptions({ signal }));
	return eventFromCall(result, raw, toIso(Date.now(), account.timeZone));
}

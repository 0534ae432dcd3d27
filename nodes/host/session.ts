/**
 * Everything one node run needs to use the core: the account out of the credential and the options of `send`. Requests
 * of the same account share one pacer per process, so that several workflows together stay below Exotel's limit; the
 * pacer only spreads requests in time, nothing is wrong when another process has its own.
 */

import { createPacer, readAccount } from '../../exotel';
import type { Account, Pacer, SendOptions } from '../../exotel';
import { clock } from './clock';
import type { RequestingFunctions } from './functions';
import { transportOf } from './transport';

/** An account and the way to reach it. */
export interface Session {
	account: Account;
	options: SendOptions;
}

/** One pacer per account; more accounts than this in one process share by age. */
const maxPacers = 100;
const pacers = new Map<string, Pacer>();

/**
 * Reads the node's Exotel credential.
 * @throws ExotelError of kind `input` when the credential is incomplete; n8n's own error when there is none.
 */
export async function openSession(functions: RequestingFunctions, itemIndex?: number): Promise<Session> {
	const account = readAccount(await functions.getCredentials('exotelVoiceApi', itemIndex));
	const signal = 'getExecutionCancelSignal' in functions ? functions.getExecutionCancelSignal() : undefined;
	return {
		account,
		options: {
			account,
			clock,
			transport: transportOf(functions),
			pacer: pacerOf(account),
			...(signal === undefined ? {} : { signal }),
			onWait: ({ reason, ms }) =>
				functions.logger.info(`Exotel: waiting ${Math.ceil(ms / 1000)} s before the next request (${reason})`),
		},
	};
}

function pacerOf(account: Account): Pacer {
	const key = `${account.region} ${account.baseUrl ?? ''} ${account.sid}`;
	const known = pacers.get(key);
	if (known !== undefined) return known;
	if (pacers.size >= maxPacers) pacers.delete(pacers.keys().next().value ?? '');
	const pacer = createPacer({ clock });
	pacers.set(key, pacer);
	return pacer;
}

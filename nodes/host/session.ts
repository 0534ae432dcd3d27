/**
 * Everything one node run needs to use the core: the account out of the credential and the options of a request.
 * Requests of the same account share one pacer per process, so that several workflows together stay below Exotel's
 * limit; another process has its own.
 */

import { pacerOf, readAccount } from '../../exotel';
import type { Account, SendOptions } from '../../exotel';
import { clock } from './clock';
import { transportOf } from './transport';
import type { RequestingFunctions } from './transport';

/** An account and the way to reach it. */
export interface Session {
	account: Account;
	options: SendOptions;
}

/**
 * Reads the node's Exotel credential.
 * @throws ExotelError of kind `input` when the credential is incomplete; n8n's own error when there is none.
 */
export async function openSession(functions: RequestingFunctions, itemIndex?: number): Promise<Session> {
	const credential = await functions.getCredentials('exotelVoiceApi', itemIndex);
	return sessionOf(functions, readAccount(credential), credential);
}

/** The same for an account whose credential was read. */
export function sessionOf(
	functions: RequestingFunctions,
	account: Account,
	{ apiKey, apiToken }: { apiKey?: unknown; apiToken?: unknown },
): Session {
	const signal = 'getExecutionCancelSignal' in functions ? functions.getExecutionCancelSignal() : undefined;
	const log = (reason: string, ms: number) =>
		functions.logger.info(`Exotel: waiting ${Math.ceil(ms / 1000)} s before the next request (${reason})`);
	return {
		account,
		options: {
			account,
			clock,
			transport: transportOf(functions),
			pacer: pacerOf(account, apiKey, clock),
			secrets: [apiKey, apiToken],
			...(signal === undefined ? {} : { signal }),
			onWait: ({ reason, ms }) => log(reason, ms),
		},
	};
}

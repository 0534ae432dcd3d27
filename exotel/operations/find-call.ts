/**
 * Finds a call by its SID. Calls of agents live in the v2 API, all others in v1, and a SID does not say where its call
 * is. `auto` reads the likelier API first and the other one when the call is not there.
 */
import type { Account } from '../account';
import type { ApiVersion, Call, CallEvent } from '../call/call';
import { eventFromCall } from '../call/timeline';
import { ExotelError } from '../errors';
import type { RawInput } from '../fields/field';
import type { SendOptions } from '../http/send';
import { getAgentCall } from './get-agent-call';
import { getCall } from './get-call';
import { toIso } from '../time';
import { perform, type Performed } from './operation';

/** Which call to read, with the optional inputs of `getCall`. */
export type FindCallInput = RawInput<typeof getCall.fields>;

/** Where to look: in one API, or in the likelier one first. */
export interface WhereToLook {
	api: ApiVersion | 'auto';
	/** For `auto`: the API to read first; `v1` by default. */
	likely?: ApiVersion;
}

/** Reads a call in the API it lives in. @throws ExotelError what the request throws. */
export function readCall(
	account: Account,
	input: FindCallInput,
	api: ApiVersion,
	options: SendOptions,
): Promise<Performed<Call>> {
	return api === 'v2'
		? perform(getAgentCall, account, { sid: input.sid }, options)
		: perform(getCall, account, input, options);
}

/**
 * Reads whether a call has ended: the event of its end, or null while it is active.
 * @throws ExotelError what `readCall` throws; of kind `exotel` when the answer is about another call.
 */
export async function readEnd(
	account: Account,
	{ sid, api }: Pick<Call, 'sid' | 'api'>,
	options: SendOptions,
): Promise<CallEvent | null> {
	const { result, raw } = await readCall(account, { sid }, api, { ...options, isPoll: true });
	if (result.sid !== sid) {
		throw new ExotelError('exotel', 'Exotel answered about another call than the one it was asked for.');
	}
	return eventFromCall(result, raw, toIso(options.clock.now(), account.timeZone));
}

/**
 * Finds a call. When neither API knows it, the error of the first one counts.
 * @throws ExotelError what the request throws.
 */
export async function findCall(
	account: Account,
	input: FindCallInput,
	{ api, likely = 'v1' }: WhereToLook,
	options: SendOptions,
): Promise<Performed<Call>> {
	if (api !== 'auto') return readCall(account, input, api, options);
	const other = likely === 'v1' ? 'v2' : 'v1';
	return readCall(account, input, likely, options).catch(async (first: unknown) => {
		if (!isNotFound(first)) return Promise.reject(first);
		return readCall(account, input, other, options).catch((second: unknown) =>
			Promise.reject(isNotFound(second) ? first : second),
		);
	});
}

/** A 404 in any dress: without Exotel's own words it is reported as a possibly wrong region. */
function isNotFound(thrown: unknown): boolean {
	return thrown instanceof ExotelError && thrown.httpStatus === 404;
}

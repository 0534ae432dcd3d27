/**
 * *Confirm the End by Asking Exotel*: Exotel gets its answer first, then the call is read from it, and only what its
 * record says starts the workflow.
 */

import type { IWebhookFunctions } from 'n8n-workflow';

import {
	EndConfirmation,
	EndsBeingConfirmed,
	ExotelError,
	isConfirming,
	needsConfirmation,
	readEnd,
} from '../../exotel';
import type { CallEvent } from '../../exotel';
import { clock } from '../host/clock';
import { asObject } from '../host/parameters';
import { openSession } from '../host/session';

/** Calls of one trigger: with each n8n keeps a request. */
const MAX_CONFIRMING = 1_000;
/** The calls whose ends are being confirmed, by trigger. */
const confirming = new Map<string, EndsBeingConfirmed>();

/** True when the trigger is set to ask Exotel about this event. */
export function asksExotel(functions: IWebhookFunctions, event: CallEvent): boolean {
	const options = asObject(functions.getNodeParameter('options', {}));
	return 'confirmEnd' in options && isConfirming(options.confirmEnd) && needsConfirmation(event);
}

/**
 * Answers the request with 200 and reads the call; the end as Exotel's record tells it, or null. `attemptId`: as the
 * address of the request names it.
 * @throws ExotelError before the answer: of kind `input` when the Exotel credential is missing or incomplete, `busy`
 * with `httpStatus` 503 when too many ends are being confirmed
 */
export async function confirmedEnd(
	functions: IWebhookFunctions,
	{ call: { sid, api } }: CallEvent,
	attemptId: string | null,
): Promise<{ event: CallEvent; attemptId: string | null } | null> {
	const { account, options } = await openSession(functions).catch((error: unknown) => {
		throw new ExotelError('input', withoutAccount, { cause: error });
	});
	// What somebody tries out takes nothing from the published workflow.
	const trigger = `${functions.getWorkflow().id ?? ''} ${functions.getNode().id} ${functions.getMode()}`;
	const calls = confirming.get(trigger) ?? new EndsBeingConfirmed(MAX_CONFIRMING);
	confirming.set(trigger, calls);
	const confirmation = new EndConfirmation(
		{
			clock,
			poll: (sid, api, signal) => readEnd(account, { sid, api }, { ...options, signal }),
			warn: (warning) =>
				functions.logger.warn(
					warning.code === 'end-not-confirmed'
						? `Exotel: the end of call ${warning.sid} was reported, but Exotel's record does not confirm it`
						: 'Exotel: the end of a call could not be confirmed',
				),
		},
		calls,
	);
	if (!confirmation.takes(sid)) throw new ExotelError('busy', tooMany, { httpStatus: 503 });
	functions.getResponseObject().status(200).json({ ok: true }).end();
	const confirmed = await confirmation.confirm({
		sid,
		apis: [api],
		attemptIds: attemptId === null ? [] : [attemptId],
	});
	return (
		confirmed && {
			event: confirmed.event,
			attemptId: confirmed.attemptIds.length > 1 ? null : (confirmed.attemptIds[0] ?? null),
		}
	);
}

const tooMany = 'Too many ends are being confirmed. Send this again later.';
const withoutAccount = 'To confirm the end of a call, choose an Exotel credential in this trigger.';

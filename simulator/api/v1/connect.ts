/**
 * `POST /v1/Accounts/<sid>/Calls/connect[.json]` (seed 004): two numbers (`To`), a flow (`Url`) or a bot stream
 * (`StreamUrl`). Answers at once; 200 never means that anybody has picked up.
 */
import { readConnect } from './connect-request';
import { placedRecord } from '../../wire/v1-record';
import { restException, v1Answer, type Format } from '../../wire/v1-answer';
import { afterPlacing, overLimit, refuseByChance, tooMany, type Refuse } from '../failures';
import { place } from '../../engine/place';
import type { Account } from '../../model/accounts';
import { formFields, type Incoming } from '../request';
import type { Exchange } from '../../engine/simulation';
import type { Reply } from '../../wire/answer';

/** Serves a make-call request. */
export async function connect(
	exchange: Exchange,
	account: Account,
	incoming: Incoming,
	format: Format,
): Promise<Reply> {
	const { settings } = exchange;
	const refuse: Refuse = (status, message, extra) => restException(format, status, message, extra);
	const wait = overLimit(exchange, account);
	if (wait !== null) return tooMany(exchange, refuse, wait);
	const reading = readConnect(await formFields(incoming), settings.strictness);
	if ('refusal' in reading) return restException(format, 400, reading.refusal);
	const { request } = reading;
	const exoPhone = request.callerId === null ? account.exoPhones[0] : account.exoPhone(request.callerId);
	if (!exoPhone) return restException(format, 400, 'CallerId is not a valid ExoPhone of this account');

	const subject = { accountSid: account.sid, from: request.from, to: request.to ?? undefined };
	const failure = refuseByChance(exchange, subject, request.to ?? request.from);
	if (failure === 'too-many-requests')
		return tooMany(exchange, refuse, exchange.chaos.amount('retryAfterSeconds', subject) || 30);
	if (failure && failure.answer !== null) return failure.answer(refuse);

	const call = exchange.open({
		accountSid: account.sid,
		api: 'v1',
		kind: request.kind,
		from: request.from,
		to: request.to ?? request.callerId ?? exoPhone.sid,
		exoPhone: request.callerId ?? exoPhone.sid,
		flowId: request.flowId,
		record: request.record,
		recordingChannels: request.recordingChannels,
		timeLimitSeconds: request.timeLimitSeconds,
		ringLimitSeconds: request.ringLimitSeconds,
		customField: request.customField,
		statusCallback: request.statusCallback,
		flags: request.flags,
	});
	await place(exchange, call, failure?.kind === 'slow' ? null : incoming.response);
	return afterPlacing(
		exchange,
		failure,
		v1Answer(format, 200, { Call: placedRecord(exchange, call, format) }),
		refuse,
	);
}

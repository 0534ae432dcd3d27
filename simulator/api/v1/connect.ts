/**
 * `POST /v1/Accounts/<sid>/Calls/connect[.json]` (seed 004): two numbers (`To`), a flow (`Url`) or a bot stream
 * (`StreamUrl`). Answers at once; 200 never means that anybody has picked up.
 */
import { failureReply, goesOnUnanswered, replyAfterPlacing, tooMany } from '../http/failures';
import { formFields } from '../http/request';
import { injectedFailure } from '../../engine/injected-failure';
import { openCall } from '../../engine/running-call';
import { overLimit } from '../../engine/rate-limit';
import { place } from '../../engine/place';
import { placedRecord } from '../../wire/v1-record';
import { readConnect, type ConnectRequest } from './connect-request';
import { v1Answer } from '../../wire/v1-answer';
import type { ApiRequest } from '../http/api-request';
import type { CallStart } from '../../model/call';
import type { ExoPhone } from '../../model/account';
import type { Reply } from '../http/reply';

/** Serves a make-call request. */
export async function connect(request: ApiRequest): Promise<Reply> {
	const { simulation, account, incoming, format, refuse } = request;
	const wait = overLimit(simulation, account);
	if (wait !== null) return tooMany(request, wait);
	const contentType = incoming.headers['content-type'];
	const reading = readConnect(await formFields(incoming), simulation.settings.strictness, contentType);
	if ('refusal' in reading) return refuse(400, reading.refusal);
	const requested = reading.request;
	const exoPhone = requested.callerId === null ? account.exoPhones[0] : account.exoPhone(requested.callerId);
	if (!exoPhone) return refuse(400, 'CallerId is not a valid ExoPhone of this account');

	const subject = { accountSid: account.sid, from: requested.from, to: requested.to ?? undefined };
	const failure = injectedFailure(simulation, subject, requested.to ?? requested.from);
	const failed = failure && failureReply(request, failure, subject);
	if (failed !== null) return failed;

	const running = openCall(simulation, callStart(account.sid, requested, exoPhone));
	await place(running, goesOnUnanswered(failure) ? null : incoming.response);
	const answer = v1Answer(format, 200, { Call: placedRecord(simulation.wire, running.call, format) });
	return replyAfterPlacing(request, failure, answer);
}

function callStart(
	accountSid: string,
	request: ConnectRequest,
	exoPhone: ExoPhone,
): Omit<CallStart, 'sid' | 'createdAt'> {
	return {
		accountSid,
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
		waitUrl: request.waitUrl,
		startPlayback: request.startPlayback,
		statusCallback: request.statusCallback,
		flags: request.flags,
	};
}

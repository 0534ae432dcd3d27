/** `POST /v2/accounts/<sid>/calls` (an agent is rung, then the customer) and `GET …/calls/<call_sid>` (seed 001). */
import { agentObstacle, type Account, type Agent } from '../../model/account';
import { failureReply, goesOnUnanswered, replyAfterPlacing, tooMany } from '../http/failures';
import { injectedFailure } from '../../engine/injected-failure';
import { jsonBody, MAX_API_VALUES } from '../http/request';
import { openCall } from '../../engine/running-call';
import { overLimit } from '../../engine/rate-limit';
import { place } from '../../engine/place';
import { readAgentCall, type AgentCallRequest } from './agent-call-request';
import { v2Error, v2Success } from '../../wire/v2-envelope';
import { v2Errors } from '../../wire/v2-errors';
import { v2Details, v2Record } from '../../wire/v2-record';
import type { ApiRequest } from '../http/api-request';
import type { Reply } from '../http/reply';
import type { Subject } from '../../engine/chaos';

/** Serves a make-call request. */
export async function makeAgentCall(request: ApiRequest): Promise<Reply> {
	const { simulation, account, incoming, envelope, refuse } = request;
	const wait = overLimit(simulation, account);
	if (wait !== null) return tooMany(request, wait);
	const reading = readAgentCall(jsonBody(incoming, MAX_API_VALUES), {
		contentType: incoming.headers['content-type'],
		strict: simulation.settings.strictness === 'strict',
	});
	if ('refusal' in reading) return refuse(400, reading.refusal, { code: reading.code });

	const agent = reading.userId === null ? account.agentByContact(reading.contact) : account.agentById(reading.userId);
	const subject = {
		accountSid: account.sid,
		from: agent?.contact ?? (reading.contact || undefined),
		to: reading.customer,
	};
	const forced = simulation.chaos.amount('v2ErrorCode', subject);
	if (forced in v2Errors) return v2Error(envelope, forced);
	if (agent === null) return v2Error(envelope, 10731);
	const obstacle = obstacleTo(account, agent, reading);
	if (obstacle !== null) return v2Error(envelope, obstacle);
	return placeAgentCall(request, reading, agent, subject);
}

/** Why the call is not possible, as a code of seed 001. */
function obstacleTo(account: Account, agent: Agent, reading: AgentCallRequest): number | null {
	return agentObstacle(agent) ?? (account.exoPhone(reading.virtualNumber) ? null : 10716);
}

async function placeAgentCall(
	request: ApiRequest,
	reading: AgentCallRequest,
	agent: Agent,
	subject: Subject,
): Promise<Reply> {
	const { simulation, account, envelope, incoming } = request;
	const failure = injectedFailure(simulation, subject, reading.customer);
	const failed = failure && failureReply(request, failure, subject);
	if (failed !== null) return failed;
	const running = openCall(simulation, {
		accountSid: account.sid,
		api: 'v2',
		kind: 'agent',
		from: agent.contact,
		to: reading.customer,
		exoPhone: reading.virtualNumber,
		record: reading.record,
		recordingChannels: reading.channels,
		timeLimitSeconds: reading.timeLimit,
		ringLimitSeconds: reading.ringLimit,
		customField: reading.customField,
		waitUrl: reading.waitUrl,
		eventCallbacks: reading.callbacks,
		agent,
		flags: reading.flags,
	});
	agent.busyWith = running.call.sid;
	const answer = v2Success(envelope, v2Record(simulation.url, running.call));
	await place(running, goesOnUnanswered(failure) ? null : incoming.response);
	return replyAfterPlacing(request, failure, answer);
}

/** Answers one v2 call of the account. */
export function agentCallDetails({ simulation, account, envelope, parameters }: ApiRequest): Reply {
	const call = simulation.calls.findFor(account.sid, parameters.call_sid ?? '');
	const subject = { accountSid: account.sid, from: call?.from, to: call?.to };
	const forced = simulation.chaos.amount('v2ErrorCode', subject);
	if (forced in v2Errors) return v2Error(envelope, forced);
	if (!call) return v2Error(envelope, 3043);
	// a v1 call is not known to this API (deduced from the wording "unsupported in this API")
	return call.ccm ? v2Success(envelope, v2Details(simulation.wire, call)) : v2Error(envelope, 3044);
}

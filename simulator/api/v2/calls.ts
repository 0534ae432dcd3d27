/** `POST /v2/accounts/<sid>/calls` (an agent is rung, then the customer) and `GET …/calls/<call_sid>` (seed 001). */
import { afterPlacing, overLimit, refuseByChance, tooMany, type Refuse } from '../failures';
import { isDiallable, repaired } from '../../model/phone-numbers';
import { place } from '../../engine/place';
import { v2Error, v2Refusal, v2Success, type V2Request } from '../../wire/v2-envelope';
import { v2Record } from '../../wire/v2-record';
import { V2_ERRORS } from '../../wire/v2-errors';
import { fieldText, jsonBody, type Incoming } from '../request';
import { agentObstacle, type Account, type Agent } from '../../model/accounts';
import type { Exchange } from '../../engine/simulation';
import type { Reply } from '../../wire/answer';

/** Serves a make-call request. */
export async function makeAgentCall(
	exchange: Exchange,
	account: Account,
	incoming: Incoming,
	request: V2Request,
): Promise<Reply> {
	const refuse: Refuse = (status, message, extra) => v2Refusal(request, status, message, extra);
	const wait = overLimit(exchange, account);
	if (wait !== null) return tooMany(exchange, refuse, wait);
	const reading = readAgentCall(jsonBody(incoming), exchange.settings.strictness === 'strict');
	if ('refusal' in reading) return refuse(400, reading.refusal, { code: reading.code });

	const agent =
		reading.userId !== null ? account.agentById(reading.userId) : account.agentByContact(reading.contact as string);
	const subject = {
		accountSid: account.sid,
		from: agent?.contact ?? reading.contact ?? undefined,
		to: reading.customer,
	};
	const forced = exchange.chaos.amount('v2ErrorCode', subject);
	if (forced in V2_ERRORS) return v2Error(request, forced);
	const obstacle = agent === null ? 10731 : agentObstacle(agent);
	if (obstacle !== null) return v2Error(request, obstacle);
	const exoPhone = account.exoPhone(reading.virtualNumber);
	if (!exoPhone) return v2Error(request, 10716);

	const failure = refuseByChance(exchange, subject, reading.customer);
	if (failure === 'too-many-requests')
		return tooMany(exchange, refuse, exchange.chaos.amount('retryAfterSeconds', subject) || 30);
	if (failure && failure.answer !== null) return failure.answer(refuse);

	const known = agent as Agent;
	const call = exchange.open({
		accountSid: account.sid,
		api: 'v2',
		kind: 'agent',
		from: known.contact,
		to: reading.customer,
		exoPhone: reading.virtualNumber,
		record: reading.record,
		recordingChannels: reading.channels,
		timeLimitSeconds: reading.timeLimit,
		ringLimitSeconds: reading.ringLimit,
		customField: reading.customField,
		eventCallbacks: reading.callbacks,
		agent: known,
		flags: reading.flags,
	});
	known.busyWith = call.sid;
	const answer = v2Success(request, v2Record(exchange, call));
	await place(exchange, call, failure?.kind === 'slow' ? null : incoming.response);
	return afterPlacing(exchange, failure, answer, refuse);
}

/** Answers one v2 call of the account. */
export function agentCallDetails(exchange: Exchange, account: Account, callSid: string, request: V2Request): Reply {
	const call = exchange.calls.findFor(account.sid, callSid);
	const forced = exchange.chaos.amount('v2ErrorCode', { accountSid: account.sid, from: call?.from, to: call?.to });
	if (forced in V2_ERRORS) return v2Error(request, forced);
	if (!call) return v2Error(request, 3043);
	// a v1 call is not known to this API (deduced from the wording "unsupported in this API")
	return !call.ccm ? v2Error(request, 3044) : v2Success(request, v2Record(exchange, call));
}

interface AgentCallRequest {
	userId: string | null;
	contact: string | null;
	customer: string;
	virtualNumber: string;
	record: boolean;
	channels: 'single' | 'dual';
	timeLimit: number | undefined;
	ringLimit: number | undefined;
	customField: string | null;
	callbacks: { event: string; url: string }[];
	flags: string[];
}

type Reading = AgentCallRequest | { refusal: string; code?: number };

function readAgentCall(body: unknown, strict: boolean): Reading {
	if (!isObject(body)) return { refusal: 'The request body must be a JSON object' };
	const flags: string[] = [];
	const from = isObject(body.from) ? body.from : {};
	const to = isObject(body.to) ? body.to : {};
	const userId = text(from.user_id);
	const contact = text(from.user_contact_uri);
	if (userId === null && contact === null) return { refusal: 'from.user_contact_uri or from.user_id is mandatory' };
	if (userId === null && !isDiallable(repaired(contact as string)))
		return { refusal: 'from.user_contact_uri is not a valid phone number or SIP address' };
	// the service's own message names the key without "customer_" (Exotel fact sheet 8.16)
	const customer = text(to.customer_contact_uri);
	if (customer === null || !isDiallable(repaired(customer)))
		return { refusal: 'to.contact_uri is mandatory and must be in E.164 format' };
	const virtualNumber = text(body.virtual_number);
	if (virtualNumber === null || !isDiallable(repaired(virtualNumber)))
		return { refusal: 'virtual_number is mandatory' };
	const channels = body.recording_channels ?? 'single';
	if (channels !== 'single' && channels !== 'dual') return { refusal: V2_ERRORS[1002].description, code: 1002 };
	const flagText = (value: unknown, name: string, wanted: string) => {
		if (value !== undefined && value !== null && typeof value !== wanted)
			flags.push(`${name} came as ${typeof value}; documented is ${wanted}`);
	};
	flagText(body.recording, 'recording', 'boolean');
	flagText(body.max_time_limit, 'max_time_limit', 'number');
	flagText(body.attempt_time_out, 'attempt_time_out', 'number');
	if (strict && flags.length > 0) return { refusal: flags[0] };
	const limits = [body.max_time_limit, body.attempt_time_out].map((value) =>
		value === undefined || value === null ? undefined : Number(text(value) ?? NaN),
	);
	if (limits.some((limit) => limit !== undefined && !(Number.isInteger(limit) && limit > 0 && limit < 1e9)))
		return { refusal: 'max_time_limit and attempt_time_out must be whole numbers of seconds' };
	const callbacks = readCallbacks(body.status_callback);
	if (!callbacks)
		return { refusal: 'status_callback must be an array of { "event": "answered" | "terminal", "url": "…" }' };
	return {
		userId,
		contact: contact === null ? null : repaired(contact),
		customer: repaired(customer),
		virtualNumber: repaired(virtualNumber),
		record: body.recording === true || body.recording === 'true',
		channels,
		timeLimit: limits[0],
		ringLimit: limits[1],
		customField:
			body.custom_field === undefined || body.custom_field === null
				? null
				: fieldText(body.custom_field).slice(0, 4096),
		callbacks,
		flags,
	};
}

function readCallbacks(given: unknown): { event: string; url: string }[] | null {
	if (given === undefined || given === null) return [];
	if (!Array.isArray(given) || given.length > 10) return null;
	const callbacks: { event: string; url: string }[] = [];
	for (const entry of given as unknown[]) {
		const event = isObject(entry) ? text(entry.event) : null;
		const url = isObject(entry) ? text(entry.url) : null;
		if ((event !== 'answered' && event !== 'terminal') || url === null || url.length > 4096 || !URL.canParse(url))
			return null;
		callbacks.push({ event, url });
	}
	return callbacks;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
	return (typeof value === 'string' || typeof value === 'number') && String(value).trim() !== ''
		? String(value).trim()
		: null;
}

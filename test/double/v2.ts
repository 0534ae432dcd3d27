/** `POST` and `GET /v2/accounts/<sid>/calls`: seed 001. */
import { randomBytes } from 'node:crypto';
import { findCall, ownedExoPhone, place, ringsFor, takeScript, type Account, type Agent, type Made } from './account';
import { newCall, readOnce, type Subscription } from './calls';
import type { ReceivedRequest, Reply } from './http';
import { isPhone, sameNumber } from './numbers';
import { jsonReply } from './v1-errors';
import { v2Record } from './v2-record';

type Json = Record<string, unknown>;

/** A documented error: HTTP status, code, description. */
type Failure = [status: number, code: number, description: string];

/** What each unfit device of an agent answers with: seed 001, "Possible error scenarios". */
const unfit: Record<Exclude<Agent['device'], 'free'>, Failure> = {
	busy: [409, 10706, 'User device is currently busy'],
	unavailable: [409, 1012, 'User device is unavailable'],
	unverified: [409, 10705, 'User device is unverified'],
	off: [404, 10703, 'Device is currently unavailable (turned off)'],
	missing: [404, 10702, 'User Device not found'],
	none: [404, 10806, 'No device found for user'],
};

/** The envelope around every answer; `data` and `error` exclude each other. */
export function envelope(method: string, status: number, data: unknown, error: unknown): Reply {
	return jsonReply(
		{
			request_id: randomBytes(16).toString('hex'),
			method,
			http_code: status,
			metadata: null,
			response: { code: status, error_data: error, status: error === null ? 'success' : 'failure', data },
		},
		status,
	);
}

/** An error in the envelope. Seed 001 lists code, description and message; it prints no text for the message. */
export function v2Refuse(method: string, [status, code, description]: Failure): Reply {
	return envelope(method, status, null, { code, description, message: description });
}

/** Serves the POST: refuses it, or makes the call and answers it. */
export function makeCall(account: Account, request: ReceivedRequest): Made {
	const read = readBody(account, request);
	if (Array.isArray(read)) return { reply: v2Refuse('POST', read), script: null, sid: null };
	const script = takeScript(account, read.to);
	const call = newCall({ ...read, api: 'v2', kind: 'two-numbers', dialled: ringsFor(script) }, script);
	place(account, call);
	return { reply: envelope('POST', 200, v2Record(account, call, 'made'), null), script, sid: call.sid };
}

/** One call. A call of v1 is "unsupported in this API". */
export function readV2Call(account: Account, sid: string): Reply {
	const call = findCall(account, sid);
	if (call === undefined || call.api !== 'v2') {
		return v2Refuse('GET', [404, 3043, 'Call not found / unsupported in this API']);
	}
	// "active: call is not yet over OR post call processing data is yet to be processed".
	const phase = readOnce(call);
	return envelope('GET', 200, v2Record(account, call, phase === 'complete' ? 'over' : 'made'), null);
}

/** What a valid body asks for. */
interface Asked {
	from: string;
	to: string;
	exoPhone: string;
	userId: string;
	record: boolean;
	customField: string | null;
	subscriptions: Subscription[];
	unknownParameters: string[];
}

const fields = [
	'from',
	'to',
	'virtual_number',
	'recording',
	'recording_channels',
	'wait_audio_url',
	'max_time_limit',
	'attempt_time_out',
	'custom_field',
	'status_callback',
];

/**
 * Reads the body or finds the error. No code is documented for a missing or malformed field but the two 400s of the
 * table: the double gives 1001 ("… is mandatory") and 1002 ("Valid values for …") with the field's name.
 */
function readBody(account: Account, request: ReceivedRequest): Asked | Failure {
	const missing = (name: string): Failure => [400, 1001, `${name} is mandatory`];
	const wrong = (text: string): Failure => [400, 1002, text];
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
		return wrong('Content-Type must be application/json');
	const body = parsed(request.text);
	if (body === null) return wrong('The body is no JSON object');
	const [from, to] = [object(body.from), object(body.to)];
	const agentUri = from?.user_contact_uri;
	const userId = from?.user_id;
	if (agentUri === undefined && userId === undefined) return missing('from');
	const customer = to?.customer_contact_uri;
	if (typeof customer !== 'string' || customer === '') return missing('to');
	// E.164 by the table, `0995312XXXX` in the code samples: both are taken.
	if (!isPhone(customer)) return wrong('customer_contact_uri must be a phone number');
	if (typeof body.virtual_number !== 'string' || body.virtual_number === '') return missing('virtual_number');
	const channels = body.recording_channels;
	if (channels !== undefined && channels !== 'single' && channels !== 'dual') {
		return wrong('Valid values for RecordingChannels are single, dual');
	}
	for (const name of ['max_time_limit', 'attempt_time_out']) {
		if (body[name] !== undefined && !(Number.isInteger(body[name]) && Number(body[name]) > 0))
			return wrong(`${name} must be an integer`);
	}
	if (body.recording !== undefined && typeof body.recording !== 'boolean')
		return wrong('recording must be a boolean');
	for (const name of ['custom_field', 'wait_audio_url']) {
		if (body[name] !== undefined && typeof body[name] !== 'string') return wrong(`${name} must be a string`);
	}
	const subscriptions = readSubscriptions(body.status_callback);
	if (subscriptions === null) return wrong('status_callback must hold answered or terminal, each with a url');
	const exoPhone = ownedExoPhone(account, body.virtual_number);
	if (exoPhone === null) return [404, 10716, 'Given virtual_number not found'];
	// "If more than 1 agent matches with the same contact_uri, the first agent by default will be selected."
	const agent = account.agents.find((one) =>
		userId === undefined ? sameNumber(one.contactUri, String(agentUri)) : one.userId === userId,
	);
	if (agent === undefined) return userId === undefined ? unfit.missing : [404, 10731, 'User not found'];
	const running = account.calls.some(
		(call) => call.api === 'v2' && call.userId === agent.userId && call.dialled && !call.ended,
	);
	const device = running ? 'busy' : agent.device;
	if (device !== 'free') return unfit[device];
	return {
		from: agent.contactUri,
		to: customer,
		exoPhone,
		userId: agent.userId,
		record: body.recording === true,
		customField: typeof body.custom_field === 'string' ? body.custom_field : null,
		subscriptions,
		unknownParameters: Object.keys(body).filter((name) => !fields.includes(name)),
	};
}

function parsed(text: string): Json | null {
	try {
		return object(JSON.parse(text) as unknown);
	} catch {
		return null;
	}
}

function object(value: unknown): Json | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** Seed 001, "status_callback": an array of event and url. */
function readSubscriptions(value: unknown): Subscription[] | null {
	if (value === undefined) return [];
	if (!Array.isArray(value)) return null;
	const read = value.map(object);
	const known = read.every(
		(one) =>
			(one?.event === 'answered' || one?.event === 'terminal') &&
			typeof one.url === 'string' &&
			/^https?:\/\//.test(one.url),
	);
	return known ? read.map((one) => ({ event: String(one?.event), url: String(one?.url) })) : null;
}

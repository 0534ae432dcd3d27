/**
 * Reads a call as the contact-centre API (v2, and the v3 names where they differ) describes it into a `Call`: the
 * record of the make-call response, of call details and of every v2 callback. Fields: seed 001, facts 5.2, 5.3, 5.5.
 */
import type { Account } from '../account';
import { amount, asPayload, items, lowerText, ownText, type Payload, secondsBetween, text } from '../payload';
import { normalisePhone } from '../phone';
import { readTime } from '../time';
import { emptyCall, type Agent, type Call, type Leg, type Party } from './call';
import { determineOutcome, isFinalWord } from './outcome';
import { notACallRecord, readDirection } from './record-v1';

/** The two people of a v2 record, as legs and numbers. */
interface Parties {
	from: string | null;
	to: string | null;
	legs: Leg[];
	agent: Agent | null;
	agentParty: Party;
}

function readAgent(details: Payload, defaultCountry: string): Agent {
	return {
		id: text(details.user_id),
		// The prose of seed 001 says `name`, its samples `user_name`.
		name: text(details.user_name) ?? text(details.name),
		contact: normalisePhone(details.contact_uri, defaultCountry),
		groupId: text(details.group_id),
		groupName: text(details.group_name),
	};
}

function readLeg(details: Payload | null, party: Party): Leg {
	const status = text(details?.status) ?? text(details?.call_status);
	return { party, status, onCallSeconds: null, ringingSeconds: null, answeredBy: null };
}

/**
 * The agent is the first leg of a call that connects an agent to a customer, and the second leg of an inbound or flow
 * call (seed 001).
 */
function readParties(call: Payload, direction: Call['direction'], defaultCountry: string): Parties {
	const agentDetails = asPayload(call.assigned_agent_details);
	const customerDetails = asPayload(call.customer_details);
	const agentParty: Party = direction === 'outbound' && text(call.app_id) === null ? 'from' : 'to';
	const agent = agentDetails === null ? null : readAgent(agentDetails, defaultCountry);
	if (agentDetails === null && customerDetails === null) {
		const [from, to] = [normalisePhone(call.from, defaultCountry), normalisePhone(call.to, defaultCountry)];
		return { from, to, legs: [], agent, agentParty };
	}
	const agentContact = agent?.contact ?? null;
	const customerContact = normalisePhone(customerDetails?.contact_uri, defaultCountry);
	if (agentParty === 'from') {
		const legs = [readLeg(agentDetails, 'from'), readLeg(customerDetails, 'to')];
		return { from: agentContact, to: customerContact, legs, agent, agentParty };
	}
	const legs = [readLeg(customerDetails, 'from'), readLeg(agentDetails, 'to')];
	return { from: customerContact, to: agentContact, legs, agent, agentParty };
}

/** A record without a state is ended when its word is final. */
function hasEnded(call: Payload, status: string | null): boolean {
	const state = lowerText(call.call_state) ?? lowerText(call.state);
	return state === null ? isFinalWord(status) : state === 'terminal';
}

/**
 * Turns a v2 call record (or the `{ call_details: … }` around it) into a `Call`.
 * @throws ExotelError of kind `exotel` when it is not a call record.
 */
export function callFromV2(record: unknown, account: Account): Call {
	const outer = asPayload(record);
	const call = asPayload(outer?.call_details) ?? outer;
	const sid = text(call?.call_sid) ?? text(call?.sid);
	if (call === null || sid === null) throw notACallRecord(record);
	const { timeZone, defaultCountry } = account;
	const direction = readDirection(call.direction);
	const { agentParty, ...parties } = readParties(call, direction, defaultCountry);
	const status = text(call.call_status) ?? text(call.status);
	const ended = hasEnded(call, status);
	const talkSeconds = amount(call.total_talk_time);
	const startedAt = readTime(call.start_time, timeZone);
	const endedAt = readTime(call.end_time, timeZone);
	const recordingUrls = readRecordingUrls(call.recordings);
	return {
		...emptyCall(sid, 'v2'),
		direction,
		state: ended ? 'ended' : 'active',
		status,
		...(ended ? determineOutcome({ status, direction, legs: parties.legs, talkSeconds, agentParty }) : {}),
		...parties,
		exoPhone: normalisePhone(call.virtual_number, defaultCountry),
		createdAt: readTime(call.created_time, timeZone),
		startedAt,
		endedAt,
		updatedAt: readTime(call.updated_time, timeZone),
		durationSeconds: amount(call.total_duration) ?? secondsBetween(startedAt, endedAt),
		talkSeconds,
		recordingUrl: recordingUrls[0] ?? null,
		recordingUrls,
		customField: ownText(call.custom_field),
		digits: text(call.digits),
		customerName: text(asPayload(call.customer_details)?.contact_name),
		directionWord: text(call.direction),
		flowId: text(call.app_id),
		flowName: text(call.app_name),
	};
}

/** More recordings than a call has transfers; a longer list is cut. */
const MAX_RECORDINGS = 50;

/** Seed 001: "all recordings associated with the call", each with its `url`. */
function readRecordingUrls(recordings: unknown): string[] {
	return items(recordings)
		.slice(0, MAX_RECORDINGS)
		.flatMap((recording) => text(asPayload(recording)?.url) ?? []);
}

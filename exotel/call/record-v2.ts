/**
 * Reads a call as the contact-centre API (v2, and the v3 names where they differ) describes it into a `Call`: the
 * record of the make-call answer, of call details and of every v2 callback. Fields: seed 001, facts 5.2, 5.3, 5.5.
 */
import type { Account } from '../account';
import { ExotelError } from '../errors';
import { normalisePhone } from '../phone';
import { readTime } from '../time';
import type { Agent, Call, Leg, Party } from './call';
import { isFinalWord, judge } from './outcome';
import { readDirection } from './record-v1';
import { amount, asPayload, items, lowerText, type Payload, secondsBetween, text } from './values';

function readAgent(details: Payload, defaultCountry: string): Agent {
	return {
		id: text(details['user_id']),
		// The prose of seed 001 says `name`, its samples `user_name`.
		name: text(details['user_name']) ?? text(details['name']),
		contact: normalisePhone(details['contact_uri'], defaultCountry),
		groupId: text(details['group_id']),
		groupName: text(details['group_name']),
	};
}

function readLeg(details: Payload | null, party: Party): Leg {
	return {
		party,
		status: text(details?.['status']) ?? text(details?.['call_status']),
		onCallSeconds: null,
		ringingSeconds: null,
		answeredBy: null,
	};
}

/**
 * Turns a v2 call record (or the `{ call_details: … }` around it) into a `Call`. The agent is the first leg of a call
 * that connects an agent to a customer, and the second leg of an inbound or flow call (seed 001). Throws `ExotelError`
 * of kind `exotel` when it is no call record.
 */
export function callFromV2(record: unknown, account: Account): Call {
	const outer = asPayload(record);
	const call = asPayload(outer?.['call_details']) ?? outer;
	const sid = text(call?.['call_sid']) ?? text(call?.['sid']);
	if (call === null || sid === null) {
		throw new ExotelError('exotel', 'Exotel answered with something that is no call record.', {
			hint: 'Try again; if it stays, check the region and the account SID.',
			raw: record,
		});
	}
	const { timeZone, defaultCountry } = account;
	const direction = readDirection(call['direction']);
	const agentDetails = asPayload(call['assigned_agent_details']);
	const customerDetails = asPayload(call['customer_details']);
	const agent = agentDetails === null ? null : readAgent(agentDetails, defaultCountry);
	const agentContact = agent?.contact ?? null;
	const customerContact = normalisePhone(customerDetails?.['contact_uri'], defaultCountry);
	const agentFirst = direction === 'outbound' && text(call['app_id']) === null;
	const hasParties = agentDetails !== null || customerDetails !== null;
	const firstDetails = agentFirst ? agentDetails : customerDetails;
	const secondDetails = agentFirst ? customerDetails : agentDetails;
	const legs = hasParties ? [readLeg(firstDetails, 'from'), readLeg(secondDetails, 'to')] : [];
	const status = text(call['call_status']) ?? text(call['status']);
	const state = lowerText(call['call_state']) ?? lowerText(call['state']);
	// A record without a state is judged by its word.
	const ended = state === null ? isFinalWord(status) : state === 'terminal';
	const talkSeconds = amount(call['total_talk_time']);
	const agentParty: Party = agentFirst ? 'from' : 'to';
	const verdict = ended ? judge({ status, direction, legs, talkSeconds, agentParty }) : null;
	const startedAt = readTime(call['start_time'], timeZone);
	const endedAt = readTime(call['end_time'], timeZone);
	return {
		sid,
		api: 'v2',
		direction,
		state: ended ? 'ended' : 'active',
		status,
		outcome: verdict?.outcome ?? null,
		unansweredBy: verdict?.unansweredBy ?? null,
		from: hasParties ? (agentFirst ? agentContact : customerContact) : normalisePhone(call['from'], defaultCountry),
		to: hasParties ? (agentFirst ? customerContact : agentContact) : normalisePhone(call['to'], defaultCountry),
		exoPhone: normalisePhone(call['virtual_number'], defaultCountry),
		createdAt: readTime(call['created_time'], timeZone),
		startedAt,
		endedAt,
		updatedAt: readTime(call['updated_time'], timeZone),
		durationSeconds: amount(call['total_duration']) ?? secondsBetween(startedAt, endedAt),
		talkSeconds,
		price: null,
		recordingUrl: recordingOf(call['recordings']),
		customField: text(call['custom_field']),
		legs,
		agent,
	};
}

/** The first recording that has an address. */
function recordingOf(recordings: unknown): string | null {
	for (const recording of items(recordings)) {
		const url = text(asPayload(recording)?.['url']);
		if (url !== null) return url;
	}
	return null;
}

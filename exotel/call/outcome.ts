/**
 * How a call ended, in one word, and who did not pick up. Exotel's `Status` alone does not say: an inbound call is
 * `completed` although no agent answered, an agent who hangs up while the customer's phone rings leaves `failed`, and
 * a documented sample says `no-answer` after 32 seconds of talk. The legs and the talk time decide first.
 * Sources: facts 2.4 (rule of the two legs), 5.3 and 5.5 (words of v2 and v3), seed 004 (the sample).
 */
import type { Call, Leg, Outcome, OutcomeReason, Party } from './call';

/** How a call ended and who did not answer (null when both did, or when Exotel does not say). */
export interface CallOutcome {
	outcome: Outcome;
	unansweredBy: Party | null;
	/** Only with the outcome `unknown`. */
	reason: OutcomeReason | null;
}

/** What is known of an ended call, enough to determine its outcome. */
export interface EndedCall {
	/** Exotel's word for the call, any vocabulary, any case. */
	status: string | null;
	direction: Call['direction'];
	legs: readonly Leg[];
	talkSeconds: number | null;
	/** Which party is the agent, where the words speak of agent and customer (v2). */
	agentParty?: Party;
}

const UNANSWERED_WORDS: Readonly<Record<string, Outcome>> = {
	'no-answer': 'no-answer',
	busy: 'busy',
	failed: 'failed',
	canceled: 'canceled',
	cancelled: 'canceled',
};

const ACTIVE_WORDS: readonly string[] = ['queued', 'ringing', 'in-progress'];

/** Words of v2 (agent, customer) and v3 (from, to): who did not answer, and what became of the call. */
const PARTY_WORD = /^(agent|customer|from|to)(?:_leg)?_(unanswered|cancell?ed|no_dial)$/;

const ANSWERED: CallOutcome = { outcome: 'answered', unansweredBy: null, reason: null };
const NOT_STATED: CallOutcome = { outcome: 'unknown', unansweredBy: null, reason: 'not-stated' };

function unanswered(outcome: Outcome, unansweredBy: Party | null): CallOutcome {
	return { outcome, unansweredBy, reason: null };
}

function word(status: string | null): string {
	return status === null ? '' : status.toLowerCase();
}

/** True for a word that says the call is queued, ringing or running. */
export function isActiveWord(status: string | null): boolean {
	return ACTIVE_WORDS.includes(word(status));
}

/** The outcome that a leg's or call's word names when there was no answer, or null for any other word. */
export function unansweredOutcome(status: string | null): Outcome | null {
	const known = word(status);
	return Object.hasOwn(UNANSWERED_WORDS, known) ? (UNANSWERED_WORDS[known] ?? null) : null;
}

/** True for a word that names an end: `completed`, one of the unanswered words, or a v2/v3 word. */
export function isFinalWord(status: string | null): boolean {
	const known = word(status);
	return known === 'completed' || Object.hasOwn(UNANSWERED_WORDS, known) || PARTY_WORD.test(known);
}

function otherParty(party: Party): Party {
	return party === 'from' ? 'to' : 'from';
}

function statusOf(legs: readonly Leg[], party: Party): string | null {
	return legs.find((leg) => leg.party === party)?.status ?? null;
}

/** Reads `agent_unanswered`, `to_leg_no_dial` and similar words; the named leg's own word, if any, is more exact. */
function byPartyWord(call: EndedCall): CallOutcome | null {
	const [, who, what] = PARTY_WORD.exec(word(call.status)) ?? [];
	if (who === undefined) return null;
	const agent = call.agentParty ?? 'from';
	const parties: Partial<Record<string, Party>> = { agent, customer: otherParty(agent), from: 'from', to: 'to' };
	const named = parties[who] ?? 'from';
	if (what === 'no_dial') return unanswered('failed', named);
	if (what !== 'unanswered') return unanswered('canceled', otherParty(named));
	return unanswered(unansweredOutcome(statusOf(call.legs, named)) ?? 'no-answer', named);
}

/** The first leg that was not answered decides; a first leg that was answered leaves it to the second. */
function byLegs(legs: readonly Leg[]): CallOutcome | null {
	const first = unansweredOutcome(statusOf(legs, 'from'));
	if (first !== null) return unanswered(first, 'from');
	const second = unansweredOutcome(statusOf(legs, 'to'));
	if (second !== null) return unanswered(second, 'to');
	return word(statusOf(legs, 'to')) === 'completed' ? ANSWERED : null;
}

/** What Exotel's word for the call says when neither the talk time nor the legs decide. */
function byCallWord(call: EndedCall): CallOutcome {
	const own = unansweredOutcome(call.status);
	const firstAnswered = word(statusOf(call.legs, 'from')) === 'completed';
	if (own !== null) return unanswered(own, firstAnswered ? 'to' : null);
	if (word(call.status) !== 'completed') return NOT_STATED;
	// v2 says `completed` when agent and customer had a conversation (seed 001).
	if (call.direction === 'outbound' || (call.agentParty !== undefined && call.talkSeconds === null)) return ANSWERED;
	// v1 says it as soon as the flow picked up (facts 2.4). Without a dialled leg nothing says that anybody was
	// called: an announcement or a menu is such a call, too (seed 002, "IVR only").
	return NOT_STATED;
}

/**
 * How an ended call ended. There was a conversation: answered. Else v2's own words, then the legs, then Exotel's word
 * for the call. What they leave open is `unknown` (`not-stated`), never taken for a success or a failure: an unknown
 * word, no word, and `completed` of an incoming v1 call of which no dialled leg is known and nobody talked.
 */
export function determineOutcome(call: EndedCall): CallOutcome {
	if (call.talkSeconds !== null && call.talkSeconds > 0) return ANSWERED;
	return byPartyWord(call) ?? byLegs(call.legs) ?? byCallWord(call);
}

/**
 * How a call ended, in one of five words, and who did not pick up. Exotel's `Status` alone does not tell: an inbound
 * call is `completed` although no agent answered, an agent who hangs up while the customer's phone rings leaves
 * `failed`, and a documented sample says `no-answer` after 32 seconds of talk. The legs and the talk time decide first.
 * Sources: facts 2.4 (rule of the two legs), 5.3 and 5.5 (words of v2 and v3), seed 004 (the sample).
 */
import type { Call, Leg, Outcome, Party } from './call';

/** How a call ended and who did not answer (null when both did, or when Exotel does not tell). */
export interface Verdict {
	outcome: Outcome;
	unansweredBy: Party | null;
}

/** What is known of an ended call, enough to judge it. */
export interface EndedCall {
	/** Exotel's word for the call, any vocabulary, any case. */
	status: string | null;
	direction: Call['direction'];
	legs: readonly Leg[];
	talkSeconds: number | null;
	/** Which party is the agent, where the words speak of agent and customer (v2). */
	agentParty?: Party;
}

const UNANSWERED: Readonly<Record<string, Outcome>> = {
	'no-answer': 'no-answer',
	busy: 'busy',
	failed: 'failed',
	canceled: 'canceled',
	cancelled: 'canceled',
};

const ACTIVE_WORDS: readonly string[] = ['queued', 'ringing', 'in-progress'];

/** Words of v2 (agent, customer) and v3 (from, to): who did not answer, and what became of the call. */
const PARTY_WORD = /^(agent|customer|from|to)(?:_leg)?_(unanswered|cancell?ed|no_dial)$/;

function word(status: string | null): string {
	return status === null ? '' : status.toLowerCase();
}

/** True for a word that says the call is queued, ringing or running. */
export function isActiveWord(status: string | null): boolean {
	return ACTIVE_WORDS.includes(word(status));
}

/** The outcome that a leg's or call's word names when nobody answered, or null for any other word. */
export function unansweredOutcome(status: string | null): Outcome | null {
	const known = word(status);
	return Object.hasOwn(UNANSWERED, known) ? (UNANSWERED[known] as Outcome) : null;
}

/** True for a word that names an end: `completed`, one of the unanswered words, or a v2/v3 word. */
export function isFinalWord(status: string | null): boolean {
	const known = word(status);
	return known === 'completed' || Object.hasOwn(UNANSWERED, known) || PARTY_WORD.test(known);
}

function otherParty(party: Party): Party {
	return party === 'from' ? 'to' : 'from';
}

function legOf(legs: readonly Leg[], party: Party): Leg | undefined {
	return legs.find((leg) => leg.party === party);
}

/**
 * Reads `agent_unanswered`, `to_leg_no_dial` and their kin; the named leg's own word is more exact where it is there.
 */
function byPartyWord(call: EndedCall): Verdict | null {
	const match = PARTY_WORD.exec(word(call.status));
	if (match === null) return null;
	const [, who, what] = match;
	const agent = call.agentParty ?? 'from';
	const parties: Record<string, Party> = { agent, customer: otherParty(agent), from: 'from', to: 'to' };
	const named = parties[who as string] as Party;
	if (what === 'no_dial') return { outcome: 'failed', unansweredBy: named };
	if (what !== 'unanswered') return { outcome: 'canceled', unansweredBy: otherParty(named) };
	return { outcome: unansweredOutcome(legOf(call.legs, named)?.status ?? null) ?? 'no-answer', unansweredBy: named };
}

/**
 * Judges an ended call. Somebody talked: answered. Else the first leg that was not answered decides; a first leg
 * that was answered leaves it to the second. Without legs, Exotel's word stands; a word nobody knows counts as failed
 * unless there was talk.
 */
export function judge(call: EndedCall): Verdict {
	if (call.talkSeconds !== null && call.talkSeconds > 0) return { outcome: 'answered', unansweredBy: null };
	const spoken = byPartyWord(call);
	if (spoken !== null) return spoken;
	const first = legOf(call.legs, 'from')?.status ?? null;
	const firstUnanswered = unansweredOutcome(first);
	if (firstUnanswered !== null) return { outcome: firstUnanswered, unansweredBy: 'from' };
	const second = legOf(call.legs, 'to')?.status ?? null;
	const secondUnanswered = unansweredOutcome(second);
	if (secondUnanswered !== null) return { outcome: secondUnanswered, unansweredBy: 'to' };
	if (word(second) === 'completed') return { outcome: 'answered', unansweredBy: null };
	const own = unansweredOutcome(call.status);
	const firstAnswered = word(first) === 'completed';
	if (own !== null) return { outcome: own, unansweredBy: firstAnswered ? 'to' : null };
	if (word(call.status) === 'completed') {
		// The flow picked up, but no agent ever spoke (facts 2.4).
		const nobodySpoke = call.direction === 'inbound' && call.talkSeconds === 0;
		return nobodySpoke ? { outcome: 'no-answer', unansweredBy: 'to' } : { outcome: 'answered', unansweredBy: null };
	}
	return { outcome: 'failed', unansweredBy: null };
}

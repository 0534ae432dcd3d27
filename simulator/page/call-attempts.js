// Who was dialled when. A flow can ring several agents, one after the other or at once; the call's second leg is only
// the
// last of them. The moments of the timeline tell all.
import { moment } from './call-words.js';

const ENDS = { 'hang-up': 'completed', 'no-answer': 'no-answer', busy: 'busy', failed: 'failed', canceled: 'canceled' };

/** The legs to draw: the caller's, then one per number dialled, in order. */
export function lanesOf(call, timeline) {
	const [first, second] = call.legs ?? [];
	const { attempts } = walk(call, timeline);
	if (attempts.length < 2) return [first, second].filter(Boolean);
	return [first, ...attempts];
}

/** The moments with the number each one is about; null if it is about no number. */
export function momentsWithNumbers(call, timeline) {
	return walk(call, timeline).moments;
}

function walk(call, timeline) {
	const attempts = [];
	const moments = timeline.map((entry) => {
		if (entry.party === 'from') return { ...entry, number: call.from };
		if (entry.party !== 'to') return { ...entry, number: null };
		if (entry.type === 'dial')
			attempts.push({
				party: 'to',
				number: entry.detail ?? call.legs[1].number,
				status: 'in-progress',
				dialledAt: entry.at,
				ringingAt: null,
				answeredAt: null,
				endedAt: null,
			});
		const about = attemptMeant(attempts, entry);
		if (!about) return { ...entry, number: null };
		if (entry.type === 'ringing') about.ringingAt = entry.at;
		else if (entry.type === 'answered') about.answeredAt = entry.at;
		else if (ENDS[entry.type]) {
			about.status = ENDS[entry.type];
			about.endedAt = entry.at;
		}
		return { ...entry, number: about.number };
	});
	return { attempts, moments };
}

/** A moment names its number when several ring at once; a hang-up is of the one who answered. */
function attemptMeant(attempts, { type, detail }) {
	const open = attempts.filter((attempt) => attempt.endedAt === null);
	const answered = type === 'hang-up' ? open.findLast((attempt) => attempt.answeredAt !== null) : undefined;
	return answered ?? open.find((attempt) => attempt.number === detail) ?? open.at(-1) ?? attempts.at(-1);
}

/** The times two sides could talk, [{ from, to }], from the answered legs of the other side. */
export function conversationsWith(others, now) {
	return others
		.filter((leg) => moment(leg?.answeredAt) !== null)
		.map((leg) => ({ from: moment(leg.answeredAt), to: moment(leg.endedAt) ?? now }))
		.sort((one, other) => one.from - other.from);
}

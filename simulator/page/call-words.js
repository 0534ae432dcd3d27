// Says in plain words what happened to a call, and writes moments and durations the way people read them.

const CLOCK = new Intl.DateTimeFormat('en-GB', {
	timeZone: 'Asia/Kolkata',
	hour: '2-digit',
	minute: '2-digit',
	second: '2-digit',
	hourCycle: 'h23',
});
const DAY = new Intl.DateTimeFormat('en-GB', {
	timeZone: 'Asia/Kolkata',
	weekday: 'short',
	day: 'numeric',
	month: 'short',
	year: 'numeric',
});
const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', {
	timeZone: 'Asia/Kolkata',
	day: 'numeric',
	month: 'short',
	hour: '2-digit',
	minute: '2-digit',
	hourCycle: 'h23',
});

/** Outcome → the word on the badge and the tone of its colour. */
const OUTCOME_WORDS = {
	answered: { word: 'Answered', tone: 'good' },
	'no-answer': { word: 'No answer', tone: 'warn' },
	busy: { word: 'Busy', tone: 'busy' },
	failed: { word: 'Failed', tone: 'bad' },
	canceled: { word: 'Canceled', tone: 'quiet' },
};

/** How far a running call has got → the word on the badge. */
const STAGE_WORDS = { dialling: 'Dialling', ringing: 'Ringing', 'on-the-line': 'On the line', talking: 'Talking' };

/** Epoch milliseconds of an ISO stamp or a number; null for anything else. */
export function moment(value) {
	if (value === null || value === undefined || value === '') return null;
	const time = typeof value === 'number' ? value : Date.parse(value);
	return Number.isFinite(time) ? time : null;
}

/** `14:32:05`, Indian time, or a dash. */
export function clockTime(value) {
	const time = moment(value);
	return time === null ? '–' : CLOCK.format(time);
}

/** `Sat, 21 Nov 2026`, Indian time. */
export function dayOf(value) {
	const time = moment(value);
	return time === null ? '–' : DAY.format(time);
}

/** `14:32:05` for today, else `21 Nov, 14:32`; Indian time. */
export function whenOf(value, now) {
	const time = moment(value);
	return time === null || dayOf(time) === dayOf(now) ? clockTime(value) : DAY_AND_TIME.format(time);
}

/** Milliseconds as `850 ms`, `6 s`, `2.5 s`, `1 min 30 s`, `2 h 5 min`. */
export function duration(milliseconds) {
	if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return '–';
	if (milliseconds < 1000) return milliseconds <= 0 ? '0 s' : `${Math.round(milliseconds)} ms`;
	const tenths = Math.round(milliseconds / 100) / 10;
	if (tenths < 60) return `${tenths < 10 ? tenths : Math.round(tenths)} s`;
	const whole = Math.round(milliseconds / 1000);
	if (whole < 3600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
	const minutes = Math.round(whole / 60);
	return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long an answer took, real milliseconds; nothing while it is under way. */
export function answerTime(milliseconds) {
	if (milliseconds === null || milliseconds === undefined) return '';
	return milliseconds < 1000 ? `${milliseconds} ms` : duration(milliseconds);
}

/** Badge of a call: word and tone. A word the page does not know is shown as it is. */
export function badgeOf(call) {
	if (call.state === 'active' || call.outcome === null) return { word: liveWord(call), tone: 'live' };
	return OUTCOME_WORDS[call.outcome] ?? { word: String(call.outcome), tone: 'quiet' };
}

/** Who did not pick up: the dialled leg that ended without an answer. */
function unansweredLeg(call) {
	return (
		(call.legs ?? []).find((leg) => leg.status !== null && leg.answeredAt === null && leg.endedAt !== null) ?? null
	);
}

/** One sentence about the whole call. */
export function sentence(call, now) {
	const [first, second] = call.legs ?? [];
	if (call.outcome === null) return liveSentence(call, first, second, now);
	if (call.outcome === 'answered')
		return call.talkSeconds
			? `Answered. Both sides talked for ${duration(call.talkSeconds * 1000)}.`
			: 'The flow took the call; nobody was connected.';
	const missing = unansweredLeg(call);
	if (!missing) return 'The flow took the call; nobody was rung.';
	const who = missing.number;
	const rang = missing?.ringingSeconds ? ` after ringing for ${duration(missing.ringingSeconds * 1000)}` : '';
	if (call.outcome === 'no-answer') return `${who} did not answer${rang}.`;
	if (call.outcome === 'busy') return `${who} was busy.`;
	if (call.outcome === 'failed') return `${who} could not be reached.`;
	if (call.outcome === 'canceled') return `Given up before ${who} answered${rang}.`;
	return `The call ended: ${call.outcome}.`;
}

function liveWord(call) {
	return STAGE_WORDS[call.stage] ?? 'In progress';
}

function isRinging(leg) {
	return Boolean(leg && leg.dialledAt !== null && leg.answeredAt === null && leg.endedAt === null);
}

function liveSentence(call, first, second, now) {
	if (second?.answeredAt)
		return (
			'Both sides have been talking for ' +
			`${duration(Math.max(0, Math.floor((now - moment(second.answeredAt)) / 1000) * 1000))}.`
		);
	if (isRinging(second)) return `${first.number} is on the line; ${second.number} is ringing.`;
	if (isRinging(first)) return `${first.number} is ringing.`;
	if (first?.answeredAt) return `${first.number} is on the line.`;
	return 'The call is under way.';
}

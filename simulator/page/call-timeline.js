// Draws one call to scale: a lane per party with ring, talk and hang-up, a lane with every delivery, and a time axis
// below.
// What is drawn is also said in words (the figure's caption and the list of moments), for those who do not see it.
import { conversationsWith, lanesOf } from './call-attempts.js';
import { append, element, fill } from './element.js';
import { clockTime, duration, moment } from './call-words.js';

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((seconds) => seconds * 1000);
const SHORTEST_SPAN = 6_000;
/** The caller and those dialled; further ones are only counted. */
const MOST_LANES = 9;
const STRETCH_WORDS = { dial: 'dialling', ring: 'rings', wait: 'on the line', talk: 'talks' };
const END_WORDS = {
	busy: 'busy',
	failed: 'failed',
	'no-answer': 'no answer',
	canceled: 'canceled',
	completed: 'hung up',
};

function momentsOf({ dialledAt, ringingAt, answeredAt, endedAt }) {
	return {
		dialled: moment(dialledAt ?? ringingAt ?? answeredAt),
		ringing: moment(ringingAt),
		answered: moment(answeredAt),
		ended: moment(endedAt),
	};
}

/**
 * The stretches of one leg, [{ kind: 'dial' | 'ring' | 'wait' | 'talk', from, to, open }], and how it ended. A leg
 * talks while one of the `others` is on the line too; before and after it only waits there. Times are epoch
 * milliseconds; `open` marks what is still going on at `now`.
 */
function stretchesOf(leg, others, now) {
	const { dialled, ringing, answered, ended } = momentsOf(leg ?? {});
	if (dialled === null) return { dialled: false, stretches: [], endedAt: ended, ending: endingOf(leg) };
	const stop = ended ?? Math.max(now, answered ?? ringing ?? dialled);
	const stretches = [];
	const add = (kind, from, to) =>
		to > from && stretches.push({ kind, from, to, open: ended === null && to === stop });
	add('dial', dialled, ringing ?? answered ?? stop);
	if (ringing !== null) add('ring', ringing, answered ?? stop);
	if (answered !== null) {
		let reached = answered;
		for (const { from, to } of conversationsWith(others, stop)) {
			const begin = Math.min(stop, Math.max(reached, from));
			const until = Math.min(stop, Math.max(begin, to));
			add('wait', reached, begin);
			add('talk', begin, until);
			reached = until;
		}
		add('wait', reached, stop);
	}
	return { dialled: true, stretches, endedAt: ended, ending: endingOf(leg) };
}

/** Milliseconds; whole seconds while it is still growing, so that the figure does not flicker. */
function lengthOf({ from, to, open }) {
	return open ? Math.floor((to - from) / 1000) * 1000 : to - from;
}

function endingOf(leg) {
	return moment(leg?.endedAt) === null ? null : (END_WORDS[leg.status] ?? leg.status ?? 'ended');
}

/** Where the drawing begins and ends; deliveries long after the call (retries) do not squeeze it. */
function spanOf(call, legs, now) {
	const start = moment(call.createdAt) ?? now;
	const points = legs
		.flatMap((leg) => [leg.dialledAt, leg.answeredAt, leg.endedAt])
		.map(moment)
		.filter((time) => time !== null);
	const end = moment(call.endedAt) ?? now;
	const last = Math.max(end, ...points, start + SHORTEST_SPAN);
	return { start, end: last + (last - start) * 0.06 };
}

/** The ticks of the axis: at most about `most`, at round distances from the start. */
function ticksOf(span, most) {
	const length = span.end - span.start;
	const step =
		STEPS.find((candidate) => length / candidate <= most) ?? Math.ceil(length / most / 3_600_000) * 3_600_000;
	const ticks = [];
	for (let offset = 0; offset <= length; offset += step) ticks.push(offset);
	return ticks;
}

/** The figure. Draw again with `update(detail, now)`. */
export function callTimeline() {
	const lanes = element('div', { class: 'lanes', 'aria-hidden': 'true' });
	const caption = element('figcaption', { class: 'visually-hidden' });
	const figure = element('figure', { class: 'timeline' }, caption, lanes, legend());
	const update = ({ call, timeline, deliveries, questions }, now) => {
		const legs = lanesOf(call, timeline);
		const shown = legs.slice(0, MOST_LANES);
		const others = (leg) => legs.filter((other) => other.party !== leg.party);
		const span = spanOf(call, legs, now);
		const sent = [...deliveries, ...questions.map(asDelivery)];
		const place = (time) => `${(100 * (time - span.start)) / (span.end - span.start)}%`;
		fill(
			lanes,
			shown.map((leg) => legLane(leg, stretchesOf(leg, others(leg), now), place)),
			legs.length > shown.length &&
				element(
					'p',
					{ class: 'lane-more' },
					`${legs.length - shown.length} more were dialled; see the moments below.`,
				),
			sentLane(sent, span, place),
			axis(span, figure.clientWidth),
		);
		const said = legs.map((leg) => legWords(leg, stretchesOf(leg, others(leg), now)));
		fill(caption, [...said, sentWords(sent)].join(' ').trim());
	};
	return { figure, update };
}

/** One leg in words, for the caption. */
function legWords(leg, { dialled, stretches, ending }) {
	const who = leg.number || 'The other side';
	if (!dialled) return `${who} was not dialled.`;
	const said = stretches.map((stretch) => `${STRETCH_WORDS[stretch.kind]} ${duration(lengthOf(stretch))}`);
	return `${who}: ${[...said, ending ?? 'still going on'].join(', then ')}.`;
}

/** The requests to the user's side in words, for the caption. */
function sentWords(deliveries) {
	const refused = deliveries.filter((delivery) => deliveryTone(delivery) === 'bad').length;
	return refused === 0 ? '' : `${requestsSent(deliveries)}, ${refused} of them refused.`;
}

function requestsSent({ length }) {
	return `${length} ${length === 1 ? 'request' : 'requests'} to your side`;
}

function legLane(leg, { dialled, stretches, endedAt, ending }, place) {
	const track = element('div', { class: 'track' });
	for (const stretch of stretches) {
		const word = STRETCH_WORDS[stretch.kind];
		const length = duration(lengthOf(stretch));
		const position = { from: place(stretch.from), to: place(stretch.to) };
		const label = element(
			'span',
			{ class: 'stretch-label' },
			element('span', { class: `stretch-word stretch-word-${stretch.kind}` }, `${word} `),
			length,
		);
		track.append(
			element(
				'div',
				{
					class: `stretch stretch-${stretch.kind}${stretch.open ? ' is-open' : ''}`,
					title: `${word} ${length}`,
					place: position,
				},
				label,
			),
		);
	}
	if (endedAt !== null) {
		track.append(
			element('div', {
				class: `ending ending-${leg.status ?? 'ended'}`,
				title: `${ending} at ${clockTime(endedAt)}`,
				place: { from: place(endedAt) },
			}),
		);
	}
	if (!dialled) track.append(element('span', { class: 'track-empty' }, endedAt === null ? 'not dialled' : ending));
	return element(
		'div',
		{ class: 'lane' },
		element(
			'div',
			{ class: 'lane-head' },
			element('span', { class: 'lane-party' }, leg.party === 'from' ? 'From' : 'To'),
			element('span', { class: 'lane-number' }, leg.number || '–'),
			ending && element('span', { class: `lane-ending ending-${leg.status ?? 'ended'}` }, ending),
		),
		track,
	);
}

/** A question an applet asked, as the lane draws it. */
function asDelivery({ at, applet, status, accepted, reasons }) {
	return { at, event: applet, kind: applet, status, error: accepted ? null : (reasons[0] ?? null) };
}

function sentLane(deliveries, span, place) {
	if (deliveries.length === 0) return null;
	const track = element('div', { class: 'track track-thin' });
	let later = 0;
	for (const delivery of deliveries) {
		const at = moment(delivery.at);
		if (at === null) continue;
		if (at > span.end) {
			later++;
			continue;
		}
		track.append(
			element('span', {
				class: `pip pip-${deliveryTone(delivery)}`,
				title: `${delivery.event ?? delivery.kind} → ${delivery.status ?? delivery.error ?? 'under way'}`,
				place: { from: place(Math.max(at, span.start)) },
			}),
		);
	}
	const laterWords = later === 0 ? null : element('span', { class: 'lane-ending' }, `${later} later →`);
	return element(
		'div',
		{ class: 'lane' },
		element(
			'div',
			{ class: 'lane-head' },
			element('span', { class: 'lane-party' }, 'Sent'),
			element('span', { class: 'lane-number' }, requestsSent(deliveries)),
			laterWords,
		),
		track,
	);
}

function axis(span, width) {
	const ticks = ticksOf(span, width > 620 ? 10 : 5);
	const length = span.end - span.start;
	const line = element('div', { class: 'axis' });
	for (const offset of ticks) {
		line.append(
			element(
				'span',
				{ class: 'tick', place: { from: `${(100 * offset) / length}%` } },
				element('span', { class: 'tick-label' }, offset === 0 ? clockTime(span.start) : `+${duration(offset)}`),
			),
		);
	}
	return line;
}

function legend() {
	return append(element('ul', { class: 'legend', 'aria-hidden': 'true' }), [
		element('li', {}, element('span', { class: 'swatch stretch-ring' }), 'ringing'),
		element('li', {}, element('span', { class: 'swatch stretch-wait' }), 'on the line'),
		element('li', {}, element('span', { class: 'swatch stretch-talk' }), 'talking'),
		element('li', {}, element('span', { class: 'swatch-line' }), 'hung up'),
		element('li', {}, element('span', { class: 'pip pip-good' }), 'sent and accepted'),
		element('li', {}, element('span', { class: 'pip pip-bad' }), 'sent and refused'),
	]);
}

/** Colour of a delivery: accepted, refused, or still under way. */
export function deliveryTone(delivery) {
	if (delivery.error) return 'bad';
	if (delivery.status === null || delivery.status === undefined) return 'live';
	return (delivery.status >= 200 && delivery.status < 300) ||
		(delivery.kind === 'passthru' && delivery.status === 302)
		? 'good'
		: 'bad';
}

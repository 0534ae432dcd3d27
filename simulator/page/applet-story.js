// What happened in a flow, step by step: which applet was asked, what the user's side answered, whether Exotel would
// accept
// it and why not, what the caller hears and who is rung because of it.
import { element, fill } from './element.js';
import { answerTime, clockTime } from './call-words.js';
import { readable } from './deliveries.js';
import { refusalOf } from './refusals.js';

const APPLETS = { connect: 'Connect', passthru: 'Passthru', gather: 'Gather', greeting: 'Greeting' };

/** The questions of a call; redrawn with `update(questions)`. */
export function appletStory() {
	const list = element('ol', { class: 'story' });
	const opened = new Set();
	let drawn = '';
	const update = (questions) => {
		const state = JSON.stringify(questions);
		if (state === drawn) return;
		drawn = state;
		fill(list, ...questions.map((question, index) => storyStep(question, index, opened)));
	};
	return { list, update };
}

/** What the caller hears, in order; redrawn with `update(heard)`. */
export function heardList() {
	const list = element('ol', { class: 'heard' });
	let drawn = '';
	const update = (heard) => {
		const state = JSON.stringify(heard);
		if (state === drawn) return;
		drawn = state;
		fill(
			list,
			...heard.map(({ at, line }) =>
				element('li', {}, element('time', {}, clockTime(at)), element('q', {}, line)),
			),
		);
	};
	return { list, update };
}

function storyStep(question, index, opened) {
	const asked = `${APPLETS[question.applet] ?? question.applet}${question.version ? ` ${question.version}` : ''}${
		question.method === 'HEAD' ? ' (HEAD)' : ''
	}`;
	return element(
		'li',
		{ class: 'story-step' },
		element(
			'div',
			{ class: 'story-head' },
			element('h4', {}, asked),
			question.source === 'fallback' && element('span', { class: 'mark mark-warn' }, 'fallback URL'),
			resultText(question),
			element('time', {}, clockTime(question.at)),
		),
		element(
			'dl',
			{ class: 'story-result' },
			question.reasons.length > 0
				? [element('dt', {}, 'Because'), element('dd', { class: 'reasons' }, lines(question.reasons))]
				: null,
			refusalLines(question),
			question.notes?.length > 0 ? [element('dt', {}, 'Note'), element('dd', {}, lines(question.notes))] : null,
			question.hears?.length > 0
				? [element('dt', {}, 'Caller hears'), element('dd', { class: 'said' }, lines(question.hears))]
				: null,
			question.rings?.length > 0
				? [element('dt', {}, 'Rings'), element('dd', { class: 'said' }, question.rings.join(', '))]
				: null,
			question.branch ? [element('dt', {}, 'What follows'), element('dd', {}, String(question.branch))] : null,
		),
		exchange(question, index, opened),
	);
}

function refusalLines({ accepted, status, reasons, body }) {
	const error = reasons[0]?.replace(/^no answer: /, '') ?? null;
	const refusal = accepted ? null : refusalOf({ status, error, body });
	if (refusal === null) return null;
	return [
		status !== null && [element('dt', {}, 'It was'), element('dd', {}, refusal.what)],
		element('dt', {}, 'What to do'),
		element('dd', {}, refusal.remedy),
	];
}

function resultText(question) {
	if (question.status === null && question.reasons.length === 0)
		return element('span', { class: 'badge badge-live' }, 'asking');
	return question.accepted
		? element('span', { class: 'badge badge-good' }, 'Exotel accepts it')
		: element('span', { class: 'badge badge-bad' }, 'Exotel refuses it');
}

function lines(texts) {
	return texts.length === 1
		? texts[0]
		: element(
				'ul',
				{},
				texts.map((text) => element('li', {}, text)),
			);
}

function exchange(question, index, opened) {
	const took = question.ms === null ? '' : `, ${answerTime(question.ms)}`;
	const sent = `${question.status} ${question.contentType ?? 'without a content type'}${took}`;
	const answer = question.status === null ? 'no answer' : sent;
	const details = element(
		'details',
		{ open: opened.has(index) },
		element(
			'summary',
			{ on: { click: () => (details.open ? opened.delete(index) : opened.add(index)) } },
			'Question and answer as sent',
		),
		element('h5', {}, 'Question'),
		element('p', { class: 'wire-note' }, `${question.method} ${question.url}`),
		element('h5', {}, 'Answer'),
		element('p', { class: 'wire-note' }, answer),
		question.body
			? element(
					'pre',
					{ class: 'payload', tabindex: '0', role: 'group', 'aria-label': 'Answer' },
					readable(question.body, question.contentType),
				)
			: null,
	);
	return details;
}

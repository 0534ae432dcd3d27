// Every request the simulator sent to the user's side for one call: what was sent, what came back, how long it took,
// which
// attempt it was. Open entries stay open while the list is redrawn.
import { element, fill } from './element.js';
import { answerTime, clockTime, moment } from './call-words.js';
import { deliveryTone } from './call-timeline.js';
import { copyButton } from './copy-button.js';
import { refusedDelivery } from './refusals.js';

const KIND_WORDS = {
	'status-callback': 'Status callback',
	'agent-passthru': 'Agent pop-up',
	'call-event': 'Call event',
	passthru: 'Passthru question',
};
const LONGEST_SHOWN = 20_000;

/** A list that is redrawn with `update(deliveries)`. */
export function deliveryList() {
	const list = element('ol', { class: 'deliveries' });
	const opened = new Set();
	let drawn = '';
	const update = (deliveries) => {
		const state = JSON.stringify(deliveries);
		if (state === drawn) return;
		drawn = state;
		if (deliveries.length === 0) {
			fill(
				list,
				element(
					'li',
					{ class: 'nothing' },
					'Nothing has been sent for this call. Give the request a StatusCallback address and it will ' +
						'be shown here.',
				),
			);
			return;
		}
		const focused = document.activeElement?.closest?.('.delivery')?.dataset.key ?? null;
		fill(list, ...deliveries.map((delivery, index) => deliveryItem(delivery, index, opened)));
		if (focused !== null)
			[...list.querySelectorAll('.delivery')]
				.find((item) => item.dataset.key === focused)
				?.querySelector('summary')
				.focus();
	};
	return { list, update };
}

function deliveryItem(delivery, index, opened) {
	const key = String(index);
	const details = element('details', { class: 'delivery', dataset: { key }, open: opened.has(key) });
	const summary = element(
		'summary',
		{},
		element('span', { class: `pip pip-${deliveryTone(delivery)}` }),
		element('span', { class: 'delivery-event' }, delivery.event || kindWord(delivery)),
		element('span', { class: 'delivery-kind' }, kindWord(delivery)),
		element('span', { class: 'delivery-marks' }, marks(delivery)),
		element('span', { class: `delivery-status tone-${deliveryTone(delivery)}` }, statusWords(delivery)),
		element('span', { class: 'delivery-ms' }, answerTime(delivery.ms)),
		element('time', { class: 'delivery-at' }, clockTime(delivery.at)),
		element('span', { class: 'delivery-url' }, `${delivery.method} ${delivery.url}`),
	);
	details.append(summary);
	const build = () => details.append(deliveryBody(delivery));
	if (details.open) build();
	// A click comes before the state changes, also when it was made with the keyboard; `toggle` would come after a
	// redraw.
	summary.addEventListener('click', () => {
		if (details.open) opened.delete(key);
		else {
			opened.add(key);
			if (details.children.length === 1) build();
		}
	});
	return element('li', {}, details);
}

function kindWord({ kind }) {
	return KIND_WORDS[kind] ?? kind;
}

/** What was sent, in words: the event, and what it is sent as. */
export function deliveryName(delivery) {
	const { kind, event } = delivery;
	return kind === 'passthru' || !event ? kindWord(delivery) : `${kindWord(delivery)} “${event}”`;
}

function marks(delivery) {
	const shown = [];
	if (delivery.attempt > 1) shown.push(element('span', { class: 'mark mark-warn' }, `attempt ${delivery.attempt}`));
	if (delivery.duplicate) shown.push(element('span', { class: 'mark' }, 'duplicate'));
	if (moment(delivery.retryAt) !== null)
		shown.push(element('span', { class: 'mark mark-warn' }, `again at ${clockTime(delivery.retryAt)}`));
	return shown;
}

function statusWords(delivery) {
	if (delivery.status !== null && delivery.status !== undefined) return String(delivery.status);
	return delivery.error ? 'no answer' : 'under way';
}

function deliveryBody(delivery) {
	return element(
		'div',
		{ class: 'delivery-body' },
		delivery.error && element('p', { class: 'problem' }, delivery.error),
		remedyLine(delivery),
		element('h5', {}, 'Request'),
		element(
			'div',
			{ class: 'wire' },
			copyButton(() => delivery.url, 'Copy the address'),
			element('code', {}, `${delivery.method} ${delivery.url}`),
		),
		headerLines(delivery),
		payload(delivery.body, delivery.contentType),
		queryTable(delivery),
		element('h5', {}, 'Answer'),
		delivery.answer
			? [
					element(
						'p',
						{ class: 'wire-note' },
						`${delivery.status ?? ''} ${delivery.answer.contentType ?? 'no content type'}`,
					),
					payload(delivery.answer.body, delivery.answer.contentType),
				]
			: element(
					'p',
					{ class: 'wire-note' },
					delivery.status ? `${delivery.status}, without a body` : statusWords(delivery),
				),
	);
}

function remedyLine(delivery) {
	const refusal = refusedDelivery(delivery);
	return refusal && element('p', {}, refusal.remedy);
}

function headerLines(delivery) {
	const headers = Object.entries(
		delivery.headers ?? (delivery.contentType ? { 'content-type': delivery.contentType } : {}),
	);
	if (headers.length === 0) return null;
	return element(
		'p',
		{ class: 'wire-note' },
		headers.map(([name, value]) => element('span', { class: 'header-line' }, `${name}: ${value}`)),
	);
}

/** The parameters of a question in the order they were sent, decoded. */
function queryTable(delivery) {
	if (delivery.method !== 'GET') return null;
	const query = String(delivery.url).split('?').slice(1).join('?').split('#')[0];
	if (query === '') return null;
	const rows = [...new URLSearchParams(query)].slice(0, 200);
	return element(
		'table',
		{ class: 'fields' },
		element(
			'tbody',
			{},
			rows.map(([name, value]) =>
				element(
					'tr',
					{},
					element('th', { scope: 'row' }, name),
					element('td', {}, value === '' ? '(empty)' : value),
				),
			),
		),
	);
}

function payload(body, contentType) {
	if (body === null || body === undefined || body === '') return null;
	return element(
		'pre',
		{ class: 'payload', tabindex: '0', role: 'group', 'aria-label': 'Body' },
		readable(body, contentType),
	);
}

/** JSON is indented; everything else is shown as it was sent. Very long bodies are cut, and say so. */
export function readable(body, contentType) {
	let text = String(body);
	if (/json/i.test(contentType ?? '')) {
		try {
			text = JSON.stringify(JSON.parse(text), null, 2);
		} catch {
			// Not JSON after all: shown as it was sent.
		}
	}
	return text.length > LONGEST_SHOWN
		? `${text.slice(0, LONGEST_SHOWN)}\n… ${text.length - LONGEST_SHOWN} more characters`
		: text;
}

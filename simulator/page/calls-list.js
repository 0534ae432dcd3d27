// The list of calls, newest first. Rows are kept and only changed where something changed; at most `shown` rows exist.
import { drawing, element, fill } from './element.js';
import { badgeOf, duration, whenOf } from './call-words.js';
import { simulatedNow } from './simulator-state.js';

/** Rows shown at first and added by "Show more". */
export const PAGE_OF_ROWS = 200;

const WAYS = {
	outbound: 'M7 17L17 7M9 7h8v8',
	inbound: 'M17 7L7 17M15 17H7V9',
	flow: 'M5 5h5v5H5zM14 14h5v5h-5zM10 7.5h4v6.5',
};

/**
 * @param options.onMore called when more rows are wanted
 */
export function callsList({ onMore }) {
	const list = element('ol', { class: 'calls-list', 'aria-label': 'Calls, newest first' });
	const more = element(
		'button',
		{ type: 'button', class: 'button more', hidden: true, on: { click: onMore } },
		'Show more',
	);
	const rows = new Map();
	let first = true;

	const update = (calls, chosenSid, left) => {
		const severalAccounts = calls.some((call) => call.account !== calls[0].account);
		const wanted = new Set(calls.map((call) => call.sid));
		for (const [sid, row] of rows) {
			if (wanted.has(sid)) continue;
			row.item.remove();
			rows.delete(sid);
		}
		let before = null;
		for (const call of calls) {
			const row = rows.get(call.sid) ?? newRow(call, rows, first);
			drawRow(row, call, severalAccounts);
			if (call.sid === chosenSid) row.link.setAttribute('aria-current', 'true');
			else row.link.removeAttribute('aria-current');
			const place = before === null ? list.firstChild : before.nextSibling;
			if (place !== row.item) list.insertBefore(row.item, place);
			before = row.item;
		}
		first = false;
		more.hidden = left <= 0;
		more.textContent = `Show more (${left} older)`;
	};
	return { list, more, update };
}

function newRow(call, rows, quiet) {
	const link = element('a', {
		class: quiet ? 'call-row' : 'call-row is-new',
		on: { animationend: () => link.classList.remove('is-new') },
		href: `#/calls/${encodeURIComponent(call.sid)}`,
	});
	const row = { link, item: element('li', {}, link), drawn: '' };
	rows.set(call.sid, row);
	return row;
}

function drawRow(row, call, withAccount) {
	const when = whenOf(call.createdAt, simulatedNow());
	const state = JSON.stringify([call, withAccount, when]);
	if (state === row.drawn) return;
	row.drawn = state;
	const badge = badgeOf(call);
	fill(
		row.link,
		element(
			'span',
			{ class: 'call-way', title: wayWords(call) },
			drawing(wayOf(call)),
			element('span', { class: 'visually-hidden' }, `${wayWords(call)}: `),
		),
		element('span', { class: 'call-numbers' }, call.from || '–', arrow(), call.to || '–'),
		element(
			'span',
			{ class: 'call-under' },
			element('span', { class: `badge badge-${badge.tone}` }, badge.word),
			call.outcome === 'answered' && call.talkSeconds
				? element('span', {}, duration(call.talkSeconds * 1000))
				: null,
			call.flags?.length > 0 ? element('span', { class: 'call-flag' }, 'flagged') : null,
			call.failedDeliveries > 0
				? element('span', { class: 'call-failed' }, `${call.failedDeliveries} refused`)
				: null,
			element(
				'span',
				{ class: 'call-when' },
				withAccount && element('span', { class: 'call-account' }, call.account),
				element('span', {}, call.api),
				element('time', {}, when),
			),
		),
	);
}

function wayOf(call) {
	if (call.direction === 'inbound') return WAYS.inbound;
	return call.kind === 'flow' ? WAYS.flow : WAYS.outbound;
}

/** The arrow between two numbers; read out as “to”. */
export function arrow() {
	return [
		' ',
		element('span', { class: 'visually-hidden' }, 'to'),
		element('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'),
		' ',
	];
}

/** What kind of call it is, in words. */
export function wayWords(call) {
	if (call.direction === 'inbound') return 'Inbound call';
	if (call.kind === 'flow') return 'Call into a flow';
	if (call.kind === 'agent') return 'Call from an agent';
	if (call.kind === 'stream') return 'Call to a bot';
	return 'Outbound call';
}

/** True if the filter's words are all found in the call. */
export function matches(call, filter) {
	const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return true;
	const text = [
		call.sid,
		call.from,
		call.to,
		call.exoPhone,
		call.customField,
		call.status,
		call.outcome,
		call.account,
		call.api,
		badgeOf(call).word,
	]
		.join(' ')
		.toLowerCase();
	return words.every((word) => text.includes(word));
}

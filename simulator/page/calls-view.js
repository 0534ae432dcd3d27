// The calls view: keeps the list and the chosen call up to date with the news, without asking more often than it can
// draw.
import { announce, attempt } from './notices.js';
import { askFirst } from './ask-first.js';
import { ask, segment } from './control-api.js';
import { badgeOf } from './call-words.js';
import { callsList, matches, PAGE_OF_ROWS } from './calls-list.js';
import { callView } from './call-view.js';
import { connectionCard } from './connection.js';
import { element, fill } from './element.js';
import { outcomeCard } from './outcome-table.js';
import { keepCalls, onStateChange } from './simulator-state.js';

const PAUSE_MS = 300;

/** Builds the view into `root`. */
export function callsView(root) {
	let calls = [];
	let total = 0;
	let limit = PAGE_OF_ROWS;
	let chosen = null;
	let known = null;

	const filter = element('input', {
		type: 'search',
		id: 'calls-filter',
		placeholder: 'Number, SID, status …',
		'aria-label': 'Filter the calls',
		autocomplete: 'off',
		spellcheck: 'false',
		on: { input: () => draw() },
	});
	const count = element('span', { class: 'calls-count' });
	const rows = callsList({
		onMore: () => {
			limit += PAGE_OF_ROWS;
			refreshList();
		},
	});
	const nothing = element('p', { class: 'nothing', hidden: true });
	const resetButton = element(
		'button',
		{ type: 'button', class: 'button button-small', on: { click: reset } },
		'Reset',
	);
	const view = callView();
	const pane = element('div', { class: 'call-pane' });
	const side = element(
		'div',
		{ class: 'calls-side' },
		element('div', { class: 'calls-head' }, element('h2', { id: 'title-calls' }, 'Calls'), count, resetButton),
		filter,
		element('div', { class: 'calls-scroll' }, nothing, rows.list, rows.more),
	);
	const columns = element('div', { class: 'calls', dataset: { chosen: 'no' } }, side, pane);
	const welcome = element(
		'div',
		{},
		element(
			'div',
			{ class: 'view-head' },
			element(
				'div',
				{ class: 'view-head-words' },
				element('h2', {}, 'No calls yet'),
				element(
					'p',
					{},
					'Point your program at the simulator instead of Exotel, or try it right here. Every call ' +
						'appears on this page the moment it is placed.',
				),
			),
		),
		element('div', { class: 'columns' }, connectionCard(), outcomeCard()),
	);
	root.append(columns, welcome);
	// On which day a call was depends on the simulator's clock, which may be read after the list.
	onStateChange(draw);

	function draw() {
		const words = filter.value;
		const found = words.trim() === '' ? calls : calls.filter((call) => matches(call, words));
		rows.update(found, chosen, words.trim() === '' ? total - calls.length : 0);
		nothing.hidden = found.length > 0;
		fill(
			nothing,
			words.trim() === '' ? 'No calls.' : `None of the newest ${calls.length} calls matches “${words.trim()}”.`,
		);
		count.textContent = String(total);
		const empty = total === 0 && chosen === null;
		welcome.hidden = !empty;
		columns.hidden = empty;
		columns.dataset.chosen = chosen === null ? 'no' : 'yes';
		welcome.querySelector('h2').id = empty ? 'title-calls' : '';
		side.querySelector('h2').id = empty ? '' : 'title-calls';
	}

	async function loadList() {
		const answer = await ask(`calls?limit=${limit}`);
		calls = answer.calls;
		total = answer.total ?? calls.length;
		tellNewCalls();
		keepCalls(calls);
	}

	function tellNewCalls() {
		const isFirst = known?.size === 0 && calls.length === 1;
		const fresh = known === null ? [] : calls.filter((call) => !known.has(call.sid));
		known = new Set(calls.map((call) => call.sid));
		// Whoever waits for the first call wants to see it, and nothing else is being read.
		if (isFirst && chosen === null && !root.hidden) location.hash = `#/calls/${segment(calls[0].sid)}`;
		if (fresh.length === 1) announce(`New call from ${fresh[0].from} to ${fresh[0].to}, ${badgeOf(fresh[0]).word}`);
		else if (fresh.length > 1) announce(`${fresh.length} new calls`);
	}

	async function loadCall() {
		const sid = chosen;
		if (sid === null) {
			showPane(element('p', { class: 'choose' }, 'Choose a call to see its timeline and what was sent.'));
			return;
		}
		try {
			const detail = await ask(`calls/${segment(sid)}`);
			if (sid !== chosen) return;
			showPane(view.root);
			view.update(detail);
		} catch (error) {
			if (sid !== chosen) return;
			const gone = error.status === 404;
			showPane(
				element(
					'div',
					{ class: 'choose' },
					element(
						'p',
						{},
						gone ? 'This call is no longer remembered. ' : `${error.message} `,
						element('a', { href: '#/calls' }, 'Back to the calls'),
					),
				),
			);
		}
	}

	function showPane(content) {
		if (pane.firstChild !== content) pane.replaceChildren(content);
	}

	const refreshList = paced(() => loadList().catch(() => undefined));
	const refreshCall = paced(() => loadCall());

	async function reset() {
		const sure = await askFirst({
			title: 'Back to the beginning?',
			words: 'Calls, agents and chaos switches are forgotten; flows stay. The clock goes on; no SID comes twice.',
			yes: 'Reset',
			no: 'Keep everything',
		});
		if (!sure) return;
		const done = await attempt(() => ask('reset', { method: 'POST', body: { keepFlows: true } }));
		if (done !== null) location.hash = '#/calls';
	}

	return {
		/** Shows a call, or none. */
		open(sid) {
			const before = chosen;
			chosen = sid;
			draw();
			loadCall();
			if (sid !== null && sid !== before) scrollTo(0, 0);
		},
		/** Takes in a piece of news. */
		hear(news) {
			if (['call', 'delivery', 'reset', 'everything'].includes(news.type)) refreshList();
			if (chosen !== null && (news.sid === chosen || news.sid === undefined)) refreshCall();
		},
	};
}

/** Runs `work` at once, then at most once per pause; what is asked for meanwhile is done at the end of the pause. */
export function paced(work, pause = PAUSE_MS) {
	let busy = false;
	let again = false;
	const run = async () => {
		if (busy) {
			again = true;
			return;
		}
		busy = true;
		again = false;
		try {
			await work();
		} finally {
			setTimeout(() => {
				busy = false;
				if (again) run();
			}, pause);
		}
	};
	return run;
}

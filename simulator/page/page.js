// Starts the page: the views, the news, and which view an address such as #/calls/<sid> means.
import { announce } from './notices.js';
import { callsView, paced } from './calls-view.js';
import { chaosCards } from './chaos.js';
import { clockCard, startClockChip } from './clock.js';
import { connectionCard } from './connection.js';
import { dialPadView } from './dial-pad.js';
import { element, append } from './element.js';
import { flowsView } from './flows.js';
import { followNews } from './live-updates.js';
import { leniencyCard } from './leniencies.js';
import { outcomeCard } from './outcome-table.js';
import { refreshState } from './simulator-state.js';
import { startTheme } from './theme.js';

const VIEWS = ['calls', 'dial', 'flows', 'network', 'guide'];
const LINK_WORDS = { connecting: 'Connecting', live: 'Live', polling: 'Asking', lost: 'Not reachable' };
const place = (name) => document.getElementById(`view-${name}`);

function viewHead(name, title, words) {
	return element(
		'div',
		{ class: 'view-head' },
		element(
			'div',
			{ class: 'view-head-words' },
			element('h2', { id: `title-${name}` }, title),
			element('p', {}, words),
		),
	);
}

startTheme(document.getElementById('theme-button'));
startClockChip(document.getElementById('clock-time'), document.getElementById('clock-speed'));
const calls = callsView(place('calls'));
const dialPad = dialPadView(place('dial'));
flowsView(place('flows'));
const [callbackChaos, requestChaos] = chaosCards();
append(place('network'), [
	viewHead(
		'network',
		'Clock & chaos',
		'Let simulated time run faster or by hand, and let things go wrong on purpose.',
	),
	element('div', { class: 'columns' }, element('div', { class: 'stack' }, clockCard(), callbackChaos), requestChaos),
]);
append(place('guide'), [
	viewHead('guide', 'Guide', 'Where to point your program, and what each number does.'),
	element(
		'div',
		{ class: 'columns' },
		element('div', { class: 'stack' }, connectionCard(), leniencyCard()),
		outcomeCard(),
	),
]);

function follow() {
	const [name, argument] = location.hash.replace(/^#\//, '').split('/');
	const view = VIEWS.includes(name) ? name : 'calls';
	const moved = place(view).hidden;
	for (const other of VIEWS) place(other).hidden = other !== view;
	for (const tab of document.querySelectorAll('.tabs a')) {
		if (tab.dataset.view === view) tab.setAttribute('aria-current', 'page');
		else tab.removeAttribute('aria-current');
	}
	document.title = `${document.querySelector(`.tabs a[data-view="${view}"]`).textContent.trim()} – Exotel simulator`;
	if (view === 'calls') calls.open(name === 'calls' && argument ? readSid(argument) : null);
	if (moved) scrollTo(0, 0);
}

function readSid(written) {
	try {
		return decodeURIComponent(written);
	} catch {
		return written;
	}
}

const refresh = paced(() => refreshState().catch(() => undefined));
const link = document.getElementById('link-state');

addEventListener('hashchange', follow);
follow();
followNews(
	(news) => {
		if (news.type !== 'call' && news.type !== 'delivery') refresh();
		calls.hear(news);
		dialPad.hear(news);
	},
	(state) => {
		if (link.dataset.state === state) return;
		link.dataset.state = state;
		document.getElementById('link-words').textContent = LINK_WORDS[state];
		link.title =
			state === 'polling'
				? 'Live updates are not possible here; the simulator is asked every two seconds'
				: LINK_WORDS[state];
		if (state === 'lost') announce('The simulator is not reachable');
	},
);

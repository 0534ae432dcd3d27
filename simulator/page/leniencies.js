// What was accepted although the documentation does not have it: spellings and omissions seen in the field.
import { element, fill } from './element.js';
import { onStateChange, state } from './simulator-state.js';

const SHOWN = 30;
const STRICTNESS = {
	strict:
		'Strict: what the documentation does not have is refused. Started with --as-seen-in-the-field, the ' +
		'simulator lets pass what is listed here.',
	'as-seen-in-the-field': 'As seen in the field: what is listed here passes; what was flagged comes first.',
};

/** The card; counts what the newest calls were flagged with. */
export function leniencyCard() {
	const mode = element('p', { class: 'card-note' });
	const list = element('ul', { class: 'leniencies' });
	const all = element('dl', { class: 'leniency-list' });
	let drawn = '';
	const draw = () => {
		const { strictness } = state.about?.settings ?? {};
		const passing = state.about?.leniencies ?? [];
		mode.textContent = STRICTNESS[strictness] ?? '';
		const found = countFlags(state.calls);
		const now = JSON.stringify([found, passing]);
		if (now === drawn) return;
		drawn = now;
		fill(
			list,
			found.length === 0
				? element('li', { class: 'nothing' }, 'Nothing to flag: every request was as documented.')
				: found.slice(0, SHOWN).map(leniency),
		);
		fill(
			all,
			passing.flatMap(({ name, meaning }) => [element('dt', {}, name), element('dd', {}, meaning)]),
		);
	};
	onStateChange(draw);
	draw();
	return element('section', { class: 'card' }, element('h3', {}, 'Strict, or as seen in the field'), mode, list, all);
}

/** Flags of all rows with how often they came and the newest call that has them, most frequent first. */
function countFlags(calls) {
	const found = new Map();
	for (const call of calls) {
		for (const flag of call.flags ?? []) {
			const entry = found.get(flag) ?? { flag, times: 0, sid: call.sid };
			entry.times++;
			found.set(flag, entry);
		}
	}
	return [...found.values()].sort((one, other) => other.times - one.times);
}

function leniency({ flag, times, sid }) {
	return element(
		'li',
		{},
		element('span', {}, flag),
		element('a', { href: `#/calls/${encodeURIComponent(sid)}` }, times === 1 ? '1 call' : `${times} calls, newest`),
	);
}

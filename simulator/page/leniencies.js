// What was accepted although the documentation does not have it: spellings and omissions seen in the field.
import { element, fill } from './element.js';
import { onStateChange, state } from './simulator-state.js';

const SHOWN = 30;
const STRICTNESS = {
	documented: 'Documented limits are enforced; spellings the field is known to send are accepted and flagged here.',
	strict: 'Strict: only what the documentation has is accepted.',
	lenient:
		'Lenient, as seen in the field: documented limits, missing and foreign ExoPhones and national numbers in ' +
		'Connect answers pass as well.',
};

/** The card; counts what the newest calls were flagged with. */
export function leniencyCard() {
	const mode = element('p', { class: 'card-note' });
	const list = element('ul', { class: 'leniencies' });
	let drawn = '';
	const draw = () => {
		mode.textContent = STRICTNESS[state.about?.settings?.strictness] ?? '';
		const found = countFlags(state.calls);
		const now = JSON.stringify(found);
		if (now === drawn) return;
		drawn = now;
		fill(
			list,
			found.length === 0
				? element('li', { class: 'nothing' }, 'Nothing to flag: every request was as documented.')
				: found.slice(0, SHOWN).map(leniency),
		);
	};
	onStateChange(draw);
	draw();
	return element('section', { class: 'card' }, element('h3', {}, 'Accepted leniently'), mode, list);
}

/** Flags of all rows with how often they came and the newest call that has them, most frequent first. */
export function countFlags(calls) {
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

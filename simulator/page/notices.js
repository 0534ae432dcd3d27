// Short messages in the corner: what went wrong, what was done. And what a screen reader is told about new calls.
import { element } from './element.js';

const LIMIT = 3;
const STAY_MS = 6000;

/** Shows a message; a problem stays until it is closed. */
export function notify(words, tone = 'plain') {
	const place = document.getElementById('notices');
	const close = element(
		'button',
		{ type: 'button', class: 'button button-small button-plain', on: { click: () => notice.remove() } },
		'Close',
	);
	const notice = element('div', { class: `notice notice-${tone}` }, element('span', {}, words), close);
	while (place.children.length >= LIMIT) place.firstChild.remove();
	place.append(notice);
	if (tone !== 'bad') setTimeout(() => notice.remove(), STAY_MS);
}

/** Runs something the user asked for; a refusal is shown instead of thrown. Resolves to null then. */
export async function attempt(work) {
	try {
		return await work();
	} catch (error) {
		notify(error.message, 'bad');
		return null;
	}
}

/** Tells a screen reader. Several messages in one second become the last one. */
export function announce(words) {
	const place = document.getElementById('announcer');
	clearTimeout(announce.timer);
	announce.timer = setTimeout(() => {
		place.textContent = words;
	}, 700);
}

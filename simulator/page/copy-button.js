// A small button that copies a text to the clipboard and says so.
import { drawing, element } from './element.js';

const SHEETS = 'M9 9h10v11H9zM15 9V4H5v11h4';
const TICK = 'M5 12.5l4.5 4.5L19 7.5';

/** @param text called when the button is pressed, gives what to copy */
export function copyButton(text, label) {
	const button = element(
		'button',
		{ type: 'button', class: 'copy-button', 'aria-label': label, title: label },
		drawing(SHEETS),
	);
	let timer = 0;
	button.addEventListener('click', async () => {
		const copied = await copy(text());
		button.replaceChildren(drawing(copied ? TICK : SHEETS));
		button.classList.toggle('is-done', copied);
		button.setAttribute('aria-label', copied ? 'Copied' : 'Copying is not allowed here');
		clearTimeout(timer);
		timer = setTimeout(() => {
			button.replaceChildren(drawing(SHEETS));
			button.classList.remove('is-done');
			button.setAttribute('aria-label', label);
		}, 1500);
	});
	return button;
}

async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}

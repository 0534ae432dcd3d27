// Asks before something is thrown away.
import { element } from './element.js';

/** Resolves to true if the user wants it. */
export function askFirst({ title, words, yes, no }) {
	return new Promise((resolve) => {
		const answer = (value) => () => dialog.close(value);
		const dialog = element(
			'dialog',
			{ 'aria-labelledby': 'ask-title' },
			element('h3', { id: 'ask-title' }, title),
			element('p', {}, words),
			element(
				'div',
				{ class: 'buttons' },
				element('button', { type: 'button', class: 'button button-main', on: { click: answer('yes') } }, yes),
				element('button', { type: 'button', class: 'button', on: { click: answer('no') } }, no),
			),
		);
		dialog.addEventListener('close', () => {
			dialog.remove();
			resolve(dialog.returnValue === 'yes');
		});
		document.body.append(dialog);
		dialog.showModal();
	});
}

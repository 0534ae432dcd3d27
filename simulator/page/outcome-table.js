// The outcome table: which last two digits of a dialled number make what happen.
import { copyButton } from './copy-button.js';
import { element, fill } from './element.js';
import { onStateChange, state } from './simulator-state.js';

/** The card with the table as the simulator tells it. */
export function outcomeCard() {
	const body = element('tbody');
	let drawn = '';
	const draw = () => {
		const outcomes = JSON.stringify(state.about?.outcomes ?? []);
		if (outcomes === drawn) return;
		drawn = outcomes;
		fill(body, (state.about?.outcomes ?? []).map(row));
	};
	onStateChange(draw);
	draw();
	return element(
		'section',
		{ class: 'card' },
		element('h3', {}, 'The number decides what happens'),
		element(
			'p',
			{ class: 'card-note' },
			'The last two digits of a dialled number decide how it behaves. Same number, same result.',
		),
		element(
			'table',
			{ class: 'outcomes' },
			element(
				'thead',
				{},
				element(
					'tr',
					{},
					element('th', { scope: 'col' }, 'Ends in'),
					element('th', { scope: 'col' }, 'What happens'),
					element('th', { scope: 'col' }, element('span', { class: 'visually-hidden' }, 'Example')),
				),
			),
			body,
		),
	);
}

function row({ digits, meaning, leg, api }) {
	const example = digits === 'other' ? '09999900022' : `099999000${digits}`;
	const tone = api ? 'api' : leg;
	return element(
		'tr',
		{ class: `outcome outcome-${tone}` },
		element('th', { scope: 'row' }, element('code', {}, digits === 'other' ? 'else' : digits)),
		element('td', {}, meaning),
		element(
			'td',
			{},
			copyButton(() => example, `Copy ${example}`),
		),
	);
}

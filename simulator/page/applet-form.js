// The fields of one applet in the flow editor. Values are written into the applet object as they are typed.
import { element } from './element.js';

const NAMES = { connect: 'Connect', passthru: 'Passthru', gather: 'Gather', greeting: 'Greeting' };
const WORDS = {
	connect: 'Asks whom to ring.',
	passthru: 'Tells your server; its answer (200 or 302) decides the branch.',
	gather: 'Lets the caller press keys.',
	greeting: 'Says something to the caller.',
};
const BRANCHES = ['afterConversation', 'nobodyAnswers', 'didNotDial', 'onTrue', 'onFalse', 'cases'];

/** A fresh applet of that type. */
export function emptyApplet(type) {
	if (type === 'connect') return { type, version: '1.0', url: '', fallbackUrl: '' };
	if (type === 'passthru') return { type, url: '', async: false };
	if (type === 'gather') return { type, prompt: '', digits: '' };
	return { type, text: '' };
}

/** One applet as a fieldset. */
export function appletForm(applet, index, count, { move, remove }) {
	const name = NAMES[applet.type] ?? applet.type;
	const branches = BRANCHES.filter((branch) => applet[branch] !== undefined);
	const step = (label, by, possible) =>
		element(
			'button',
			{
				type: 'button',
				class: 'button button-small button-plain',
				disabled: !possible,
				'aria-label': `Move ${name} ${label}`,
				title: `Move ${label}`,
				on: { click: () => move(index, by) },
			},
			by < 0 ? '↑' : '↓',
		);
	return element(
		'li',
		{ class: 'applet' },
		element(
			'fieldset',
			{ class: 'form' },
			element('legend', {}, `${index + 1}. ${name}`),
			element(
				'div',
				{ class: 'applet-tools' },
				step('up', -1, index > 0),
				step('down', 1, index < count - 1),
				element(
					'button',
					{
						type: 'button',
						class: 'button button-small button-plain',
						'aria-label': `Remove ${name}`,
						on: { click: () => remove(index) },
					},
					'Remove',
				),
			),
			element('p', { class: 'field-hint' }, WORDS[applet.type]),
			fields(applet, `applet-${index}`),
			branches.length > 0 &&
				element(
					'p',
					{ class: 'field-hint' },
					`Branches set through the control API are kept: ${branches.join(', ')}.`,
				),
		),
	);
}

function fields(applet, id) {
	if (applet.type === 'connect') {
		return [
			element(
				'div',
				{ class: 'field' },
				element('label', { for: `${id}-version` }, 'Kind'),
				choice(applet, 'version', `${id}-version`, [
					['1.0', 'Connect 1.0'],
					['1.1', 'Connect 1.1 (contact centre, CCM)'],
				]),
			),
			text(applet, 'url', `${id}-url`, 'URL', 'url', 'http://127.0.0.1:1880/exotel/whom-to-ring'),
			text(
				applet,
				'fallbackUrl',
				`${id}-fallback`,
				'Fallback URL (optional)',
				'url',
				'http://127.0.0.1:1880/exotel/fallback',
			),
		];
	}
	if (applet.type === 'passthru') {
		return [
			text(applet, 'url', `${id}-url`, 'URL', 'url', 'http://127.0.0.1:1880/exotel/passthru'),
			element(
				'label',
				{ class: 'check' },
				checkbox(applet, 'async'),
				'Asynchronous: the caller does not wait, the answer is ignored',
			),
		];
	}
	if (applet.type === 'gather') {
		return [
			text(applet, 'prompt', `${id}-prompt`, 'What the caller hears', 'text', 'Press 1 for sales'),
			text(
				applet,
				'url',
				`${id}-url`,
				'URL asked for the prompt (optional)',
				'url',
				'http://127.0.0.1:1880/exotel/menu',
			),
			text(applet, 'digits', `${id}-digits`, 'Keys pressed when the dial pad gives none (optional)', 'text', '1'),
		];
	}
	return text(applet, 'text', `${id}-text`, 'What the caller hears', 'text', 'Welcome to Acme');
}

function text(applet, key, id, label, type, example) {
	const input = element('input', {
		type,
		id,
		value: applet[key] ?? '',
		placeholder: `for example ${example}`,
		autocomplete: 'off',
		spellcheck: 'false',
	});
	input.addEventListener('input', () => (applet[key] = input.value.trim()));
	return element('div', { class: 'field' }, element('label', { for: id }, label), input);
}

function choice(applet, key, id, options) {
	const select = element(
		'select',
		{ id },
		options.map(([value, label]) => element('option', { value }, label)),
	);
	select.value = applet[key];
	select.addEventListener('change', () => (applet[key] = select.value));
	return select;
}

function checkbox(applet, key) {
	const input = element('input', { type: 'checkbox', checked: applet[key] === true });
	input.addEventListener('change', () => (applet[key] = input.checked));
	return input;
}

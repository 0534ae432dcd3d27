// The flow editor: a list of applets, each with its fields and its branches, which are lists of applets again. Values
// are written into the applets as they are typed; a blank field is left out.
import { APPLETS, emptyApplet } from './flow-words.js';
import { element, fill } from './element.js';

/** Lists that stay unfolded when their applet is drawn again. */
const unfolded = new WeakSet();
let ids = 0;

/** The applets as an editable list. */
export function appletList(applets, label) {
	const steps = element('ol', { class: 'applets' });
	const draw = () =>
		fill(
			steps,
			applets.map((applet, index) => appletForm(applet, index, applets.length, { move, remove })),
		);
	const move = (index, by) => {
		applets.splice(index + by, 0, ...applets.splice(index, 1));
		draw();
		steps.children[index + by]?.querySelector('button')?.focus();
	};
	const remove = (index) => {
		applets.splice(index, 1);
		draw();
		add.firstChild.focus();
	};
	const append = (type) => {
		applets.push(emptyApplet(type));
		draw();
		steps.lastChild.querySelector('input, select, button')?.focus();
	};
	const add = element(
		'div',
		{ class: 'buttons', role: 'group', 'aria-label': label },
		Object.entries(APPLETS).map(([type, { name }]) => smallButton(`+ ${name}`, () => append(type))),
	);
	draw();
	return element('div', { class: 'applet-list' }, steps, add);
}

/** One applet as a fieldset. */
function appletForm(applet, index, count, { move, remove }) {
	const { name, does, fields, more } = APPLETS[applet.type];
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
	const branches = element('div', { class: 'branches' });
	const drawBranches = () => {
		if (applet.keys && Object.keys(applet.keys).length === 0) delete applet.keys;
		return fill(branches, branchForms(applet, drawBranches));
	};
	drawBranches();
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
				smallButton('Remove', () => remove(index), { 'aria-label': `Remove ${name}`, plain: true }),
			),
			element('p', { class: 'field-hint' }, does),
			applet.type === 'connect' && versionField(applet),
			fields.map((field) => valueField(applet, field)),
			more &&
				element(
					'details',
					{ open: more.some(([field]) => applet[field] !== undefined) },
					element('summary', {}, 'Keys, time and repetitions'),
					element(
						'div',
						{ class: 'form' },
						more.map((field) => valueField(applet, field)),
					),
				),
			applet.type === 'passthru' && asyncField(applet, drawBranches),
			branches,
		),
	);
}

function branchForms(applet, redraw) {
	const { branches = [], named } = APPLETS[applet.type];
	if (applet.async) return [];
	return [
		named && namedBranches(applet, named, redraw),
		branches.map(([field, label]) => branchForm(applet, field, label, redraw)),
	];
}

/** Branches by name, and a field for a further one. */
function namedBranches(applet, [field, word], redraw) {
	const id = `branch-${++ids}`;
	const input = element('input', { type: 'text', id, autocomplete: 'off', spellcheck: 'false' });
	const add = () => {
		const name = input.value.trim();
		if (name === '') return input.focus();
		const branches = { ...applet[field] };
		if (!Object.hasOwn(branches, name)) define(branches, name, []);
		unfolded.add(branches[name]);
		applet[field] = branches;
		focusBranch(redraw(), `${word} ${name}`);
	};
	input.addEventListener('keydown', (event) => {
		if (event.key !== 'Enter') return;
		event.preventDefault();
		add();
	});
	return [
		Object.keys(applet[field] ?? {}).map((name) => branchForm(applet[field], name, `${word} ${name}`, redraw)),
		element(
			'div',
			{ class: 'field branch-add' },
			element('label', { for: id }, `New ${word.toLowerCase()}`),
			element('div', { class: 'buttons' }, input, smallButton(`Add ${word.toLowerCase()}`, add)),
		),
	];
}

/** What happens where a branch is not set. */
function withoutBranch(applet, field) {
	return field === 'didNotDial' && applet.nobodyAnswers !== undefined
		? 'as for Nobody answered'
		: 'the next applet, or the call ends';
}

/** One branch: unfolds to its applets; where it is not set, a button that sets it. */
function branchForm(holder, field, label, redraw) {
	const applets = holder[field];
	if (applets === undefined) {
		const set = () => {
			holder[field] = [];
			unfolded.add(holder[field]);
			focusBranch(redraw(), label);
		};
		return element(
			'p',
			{ class: 'branch-unset' },
			element('span', {}, `${label}: ${withoutBranch(holder, field)}`),
			smallButton('Branch', set, { 'aria-label': `Branch: ${label}` }),
		);
	}
	const remove = () => {
		delete holder[field];
		redraw().querySelector('button, summary')?.focus();
	};
	const details = element(
		'details',
		{ class: 'branch', open: unfolded.has(applets) },
		element('summary', {}, label),
		appletList(applets, `Add an applet: ${label}`),
		smallButton('Remove the branch', remove, { 'aria-label': `Remove the branch ${label}`, plain: true }),
	);
	details.addEventListener('toggle', () => (details.open ? unfolded.add(applets) : unfolded.delete(applets)));
	return details;
}

function valueField(applet, [field, label, kind, example]) {
	const id = `applet-${++ids}`;
	const input = element('input', {
		type: kind === 'number' ? 'text' : kind,
		inputmode: kind === 'number' ? 'numeric' : null,
		id,
		// an empty finishing key is not the same as none given
		value: field === 'finishOnKey' && applet[field] === '' ? 'none' : (applet[field] ?? ''),
		placeholder: kind === 'number' || field === 'finishOnKey' ? example : `for example ${example}`,
		autocomplete: 'off',
		spellcheck: 'false',
	});
	input.addEventListener('input', () => {
		const value = input.value.trim();
		if (value === '') delete applet[field];
		else if (field === 'finishOnKey' && value.toLowerCase() === 'none') applet[field] = '';
		else applet[field] = kind === 'number' && Number.isFinite(Number(value)) ? Number(value) : value;
	});
	return element('div', { class: 'field' }, element('label', { for: id }, label), input);
}

function versionField(applet) {
	const id = `applet-${++ids}`;
	const select = element(
		'select',
		{ id },
		element('option', { value: '1.0' }, 'Connect 1.0'),
		element('option', { value: '1.1' }, 'Connect 1.1 (contact centre, CCM)'),
	);
	select.value = applet.version ?? '1.0';
	select.addEventListener('change', () => (applet.version = select.value));
	return element('div', { class: 'field' }, element('label', { for: id }, 'Kind'), select);
}

function asyncField(applet, redraw) {
	const input = element('input', { type: 'checkbox', checked: applet.async === true });
	input.addEventListener('change', () => {
		applet.async = input.checked;
		if (input.checked) for (const field of ['onTrue', 'onFalse']) delete applet[field];
		redraw();
	});
	return element(
		'label',
		{ class: 'check' },
		input,
		'Asynchronous: the caller does not wait, the answer is ignored, there are no branches',
	);
}

function smallButton(words, run, { plain = false, ...attributes } = {}) {
	return element(
		'button',
		{
			type: 'button',
			class: `button button-small${plain ? ' button-plain' : ''}`,
			...attributes,
			on: { click: run },
		},
		words,
	);
}

function focusBranch(branches, label) {
	[...branches.querySelectorAll('summary')].find((summary) => summary.textContent === label)?.focus();
}

/** An own property whatever its name is. */
function define(object, name, value) {
	Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

// Flows: which applets an inbound call (or an outbound call into a flow) goes through, and the addresses they ask.
import { appletForm, emptyApplet } from './applet-form.js';
import { ask, segment } from './control-api.js';
import { attempt, notify } from './notices.js';
import { element, fill } from './element.js';
import { onStateChange, refreshState, state } from './simulator-state.js';

const TYPES = [
	['connect', 'Connect'],
	['passthru', 'Passthru'],
	['gather', 'Gather'],
	['greeting', 'Greeting'],
];

/** Builds the view into `root`. */
export function flowsView(root) {
	const list = element('ul', { class: 'flow-list' });
	const editor = element('div', { class: 'flow-editor' });
	root.append(
		element(
			'div',
			{ class: 'view-head' },
			element(
				'div',
				{ class: 'view-head-words' },
				element('h2', { id: 'title-flows' }, 'Flows'),
				element(
					'p',
					{},
					'At Exotel a flow is drawn in the dashboard. Here it is a list of applets run in order; each ' +
						'asks your server what to do next.',
				),
			),
		),
		element(
			'div',
			{ class: 'flows' },
			element(
				'section',
				{ class: 'card', 'aria-label': 'Flows' },
				list,
				element(
					'button',
					{ type: 'button', class: 'button button-small', on: { click: () => edit(null) } },
					'New flow',
				),
			),
			editor,
		),
	);
	let edited = null;
	let drawn = null;

	const drawList = () => {
		const flows = state.about?.flows ?? [];
		const now = JSON.stringify([flows, edited]);
		if (now === drawn) return;
		drawn = now;
		fill(
			list,
			flows.length === 0
				? element('li', { class: 'nothing' }, 'No flow yet. Make one, then ring it from the dial pad.')
				: flows.map((flow) =>
						element(
							'li',
							{},
							element(
								'button',
								{
									type: 'button',
									class: 'flow-row',
									'aria-pressed': String(edited === keyOf(flow)),
									on: { click: () => edit(flow) },
								},
								element('span', { class: 'flow-id' }, flow.id),
								element(
									'span',
									{ class: 'flow-applets' },
									flow.applets.map((applet) => applet.type).join(' → ') || 'no applets',
								),
								flow.account && element('span', { class: 'mark' }, `only ${flow.account}`),
							),
						),
					),
		);
	};
	function edit(flow, focus = true) {
		edited = flow === null ? null : keyOf(flow);
		drawList();
		fill(editor, flowForm(flow, { saved: (id) => (edited = id), removed: () => edit(null) }));
		if (focus) editor.querySelector('h3').focus();
	}
	onStateChange(drawList);
	drawList();
	edit(null, false);
}

function keyOf(flow) {
	return `${flow.account ?? ''}/${flow.id}`;
}

function flowForm(flow, { saved, removed }) {
	// Copies, so that leaving the form changes nothing. Branches the form does not show are kept as they are.
	const applets = structuredClone(flow?.applets ?? [emptyApplet('connect')]);
	const id = element('input', {
		type: 'text',
		id: 'flow-id',
		value: flow?.id ?? '',
		placeholder: 'for example support',
		autocomplete: 'off',
		spellcheck: 'false',
		readonly: flow !== null,
		'aria-describedby': 'flow-id-hint',
	});
	const steps = element('ol', { class: 'applets' });
	const problem = element('p', { class: 'field-problem', role: 'alert' });
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
	const add = element(
		'div',
		{ class: 'buttons', role: 'group', 'aria-label': 'Add an applet' },
		TYPES.map(([type, name]) =>
			element(
				'button',
				{
					type: 'button',
					class: 'button button-small',
					on: {
						click: () => {
							applets.push(emptyApplet(type));
							draw();
							steps.lastChild.querySelector('input, select')?.focus();
						},
					},
				},
				`+ ${name}`,
			),
		),
	);
	const save = async (event) => {
		event.preventDefault();
		problem.textContent = '';
		const name = id.value.trim();
		if (!/^[\w.-]{1,64}$/.test(name)) {
			problem.textContent = 'Give the flow a name of letters, digits, “.”, “_” and “-”.';
			id.focus();
			return;
		}
		try {
			await ask(pathOf(name, flow?.account), { method: 'PUT', body: { applets: applets.map(withoutBlanks) } });
		} catch (error) {
			problem.textContent = plainRefusal(error.message);
			return;
		}
		saved(keyOf({ id: name, account: flow?.account }));
		await attempt(refreshState);
		notify(`Flow “${name}” is saved.`);
	};
	const remover =
		flow &&
		element(
			'button',
			{
				type: 'button',
				class: 'button button-plain',
				on: {
					click: async () => {
						await attempt(() => ask(pathOf(flow.id, flow.account), { method: 'DELETE' }));
						await attempt(refreshState);
						removed();
					},
				},
			},
			'Remove this flow',
		);
	draw();
	return element(
		'form',
		{
			class: 'card form',
			novalidate: true,
			'aria-label': flow ? `Flow ${flow.id}` : 'New flow',
			on: { submit: save },
		},
		element('h3', { tabindex: '-1' }, flow ? `Flow ${flow.id}` : 'New flow'),
		element(
			'div',
			{ class: 'field' },
			element('label', { for: 'flow-id' }, 'Flow id'),
			id,
			element(
				'p',
				{ class: 'field-hint', id: 'flow-id-hint' },
				'What follows /exoml/start_voice/ in the Url of an outbound call, and what the dial pad offers.',
			),
		),
		steps,
		add,
		problem,
		element(
			'div',
			{ class: 'buttons' },
			element('button', { type: 'submit', class: 'button button-main' }, 'Save flow'),
			remover,
		),
	);
}

function pathOf(id, account) {
	return `flows/${segment(id)}${account ? `?account=${segment(account)}` : ''}`;
}

/** Empty optional fields are left out. */
function withoutBlanks(applet) {
	return Object.fromEntries(
		Object.entries(applet).filter(([, value]) => value !== '' && value !== undefined && value !== null),
	);
}

/** `applets[0].url must be …` → `Applet 1: url must be …`. */
function plainRefusal(message) {
	return message.replace(/^applets\[(\d+)\]\.?/, (_, index) => `Applet ${Number(index) + 1}: `);
}

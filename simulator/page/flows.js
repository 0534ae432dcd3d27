// Flows: which applets an inbound call (or an outbound call into a flow) goes through, and the addresses they ask.
import { appletList } from './applet-form.js';
import { ask, segment } from './control-api.js';
import { APPLETS, emptyApplet, plainRefusal } from './flow-words.js';
import { attempt, notify } from './notices.js';
import { element, fill } from './element.js';
import { flowOutline } from './flow-outline.js';
import { importForm, saveAs } from './flow-import.js';
import { onStateChange, refreshState, state } from './simulator-state.js';

/** Builds the view into `root`. */
export function flowsView(root) {
	const small = (words, click) =>
		element('button', { type: 'button', class: 'button button-small', on: { click } }, words);
	const exportAll = small('Export all', () => attempt(async () => saveAs('exotel-flows.json', await ask('flows'))));
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
					'At Exotel a flow is drawn in the dashboard. Here it is a list of applets run in order, with ' +
						'branches. A branch takes the place of everything that follows its applet.',
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
					'div',
					{ class: 'buttons' },
					small('New flow', () => edit(null)),
					small('Import', () => showImport()),
					exportAll,
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
		exportAll.disabled = flows.length === 0;
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
									flow.applets.map(({ type }) => APPLETS[type]?.name ?? type).join(' → ') ||
										'no applets',
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
		const outline = element('section', { class: 'card', hidden: flow === null, 'aria-label': 'The flow to read' });
		const drawOutline = () => {
			const saved = (state.about?.flows ?? []).find((one) => keyOf(one) === edited);
			outline.hidden = !saved;
			if (saved) fill(outline, element('h3', {}, 'How a call goes'), flowOutline(saved.applets));
		};
		const saved = (key) => {
			edited = key;
			drawList();
			drawOutline();
		};
		fill(editor, outline, flowForm(flow, { saved, removed: () => edit(null) }));
		drawOutline();
		if (focus) editor.querySelector('form h3').focus();
	}
	function showImport() {
		edited = null;
		drawList();
		const imported = async (flows) => {
			await attempt(refreshState);
			notify(flows.length === 1 ? `Flow “${flows[0].id}” is imported.` : `${flows.length} flows are imported.`);
			edit(flows[0] ?? null);
		};
		fill(editor, importForm(imported));
		editor.querySelector('h3').focus();
	}
	onStateChange(drawList);
	drawList();
	edit(null, false);
}

function keyOf(flow) {
	return `${flow.account ?? ''}/${flow.id}`;
}

function flowForm(flow, { saved, removed }) {
	// Copies, so that leaving the form changes nothing.
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
	const problem = element('p', { class: 'field-problem', role: 'alert' });
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
			await ask(pathOf(name, flow?.account), { method: 'PUT', body: { applets } });
		} catch (error) {
			problem.textContent = plainRefusal(error);
			return;
		}
		await attempt(refreshState);
		saved(keyOf({ id: name, account: flow?.account }));
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
		appletList(applets, 'Add an applet'),
		problem,
		element(
			'div',
			{ class: 'buttons' },
			element('button', { type: 'submit', class: 'button button-main' }, 'Save flow'),
			flow &&
				element('button', { type: 'button', class: 'button', on: { click: () => exportFlow(flow) } }, 'Export'),
			remover,
		),
	);
}

function pathOf(id, account) {
	return `flows/${segment(id)}${account ? `?account=${segment(account)}` : ''}`;
}

function exportFlow(flow) {
	return attempt(async () => saveAs(`${flow.id}.json`, await ask(pathOf(flow.id, flow.account))));
}

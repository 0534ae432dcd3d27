// Flows: which applets an inbound call (or an outbound call into a flow) goes through, and the addresses they ask.
import { appletList } from './applet-form.js';
import { askFirst } from './ask-first.js';
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
					small('New flow', () => leave(() => edit(null))),
					small('Import', () => leave(showImport)),
					exportAll,
				),
			),
			editor,
		),
	);
	let edited = null;
	let drawn = null;
	let isChanged = () => false;
	/** Goes on at once, or when the user gives up what was changed. */
	const leave = async (goOn) => {
		const sure =
			!isChanged() ||
			(await askFirst({
				title: 'Leave without saving?',
				words: 'What you changed in this flow is not saved yet.',
				yes: 'Leave without saving',
				no: 'Go on editing',
			}));
		if (sure) goOn();
	};

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
									on: { click: () => leave(() => edit(flow)) },
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
		const form = flowForm(flow, { saved, removed: () => edit(null) });
		isChanged = form.isChanged;
		fill(editor, outline, form.root);
		drawOutline();
		if (focus) editor.querySelector('form h3').focus();
	}
	function showImport() {
		edited = null;
		isChanged = () => false;
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
	let current = flow;
	const id = element('input', {
		type: 'text',
		id: 'flow-id',
		value: flow?.id ?? '',
		placeholder: 'for example support',
		autocomplete: 'off',
		spellcheck: 'false',
		'aria-describedby': 'flow-id-hint',
	});
	const heading = element('h3', { tabindex: '-1' });
	const buttons = element('div', { class: 'buttons' });
	const problem = element('p', { class: 'field-problem', role: 'alert' });
	const contents = () => JSON.stringify([id.value.trim(), applets]);
	let kept = contents();
	const save = async (event) => {
		event.preventDefault();
		problem.textContent = '';
		const name = id.value.trim();
		if (!/^[\w.-]{1,64}$/.test(name)) {
			problem.textContent = 'Give the flow a name of letters, digits, “.”, “_” and “-”.';
			id.focus();
			return;
		}
		if (current === null && !(await mayReplace(name))) return id.focus();
		try {
			await ask(pathOf(name, current?.account), { method: 'PUT', body: { applets } });
		} catch (error) {
			problem.textContent = plainRefusal(error);
			return;
		}
		kept = contents();
		current ??= { id: name };
		draw();
		await attempt(refreshState);
		saved(keyOf(current));
		notify(`Flow “${name}” is saved.`);
	};
	const remove = async () => {
		const sure = await askFirst({
			title: `Remove flow “${current.id}”?`,
			words: 'Calls can no longer go through it. Export it first if you may need it again.',
			yes: 'Remove',
			no: 'Keep it',
		});
		if (!sure) return;
		await attempt(() => ask(pathOf(current.id, current.account), { method: 'DELETE' }));
		await attempt(refreshState);
		removed();
	};
	const root = element(
		'form',
		{ class: 'card form', novalidate: true, on: { submit: save } },
		heading,
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
		buttons,
	);
	const draw = () => {
		const title = current ? `Flow ${current.id}` : 'New flow';
		heading.textContent = title;
		root.setAttribute('aria-label', title);
		id.readOnly = current !== null;
		const plain = (words, className, click) =>
			element('button', { type: 'button', class: `button ${className}`.trim(), on: { click } }, words);
		fill(
			buttons,
			element('button', { type: 'submit', class: 'button button-main' }, 'Save flow'),
			current && plain('Export', '', () => exportFlow(current)),
			current && plain('Remove this flow', 'button-plain', remove),
		);
	};
	draw();
	return { root, isChanged: () => contents() !== kept };
}

/** A new flow takes the place of one with the same id only if the user wants it. */
async function mayReplace(id) {
	if (!(state.about?.flows ?? []).some((flow) => flow.id === id && !flow.account)) return true;
	return await askFirst({
		title: `Replace flow “${id}”?`,
		words: 'There is a flow with this id. What it does now would be lost.',
		yes: 'Replace it',
		no: 'Choose another id',
	});
}

function pathOf(id, account) {
	return `flows/${segment(id)}${account ? `?account=${segment(account)}` : ''}`;
}

function exportFlow(flow) {
	return attempt(async () => saveAs(`${flow.id}.json`, await ask(pathOf(flow.id, flow.account))));
}

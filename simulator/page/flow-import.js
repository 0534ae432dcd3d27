// Flows as files: saves them, and takes them from a file or from pasted text. A mistake is marked where it stands.
import { ask } from './control-api.js';
import { askFirst } from './ask-first.js';
import { breakOf, lineAt, placeOf } from './json-place.js';
import { element } from './element.js';
import { state } from './simulator-state.js';

/** Saves a document as a file of the reader. */
export function saveAs(name, document_) {
	const address = URL.createObjectURL(
		new Blob([`${JSON.stringify(document_, null, '\t')}\n`], { type: 'application/json' }),
	);
	const link = document.createElement('a');
	link.href = address;
	link.download = name;
	link.click();
	URL.revokeObjectURL(address);
}

/** The form; `imported(flows)` is told which flows were set. */
export function importForm(imported) {
	const text = element('textarea', {
		id: 'import-text',
		class: 'import-text',
		rows: '14',
		spellcheck: 'false',
		autocomplete: 'off',
		'aria-describedby': 'import-problem',
		placeholder: '{ "id": "support", "applets": [ … ] }',
	});
	const file = element('input', { type: 'file', id: 'import-file', accept: '.json,application/json' });
	const replace = element('input', { type: 'checkbox' });
	const problem = element('p', { class: 'field-problem', id: 'import-problem', role: 'alert' });
	file.addEventListener('change', async () => {
		const [chosen] = file.files;
		if (!chosen) return;
		text.value = await chosen.text();
		clear();
	});
	const clear = () => {
		problem.textContent = '';
		text.removeAttribute('aria-invalid');
	};
	text.addEventListener('input', clear);
	const mark = (start, end, words) => {
		problem.textContent = `Line ${lineAt(text.value, start)}: ${words}`;
		text.setAttribute('aria-invalid', 'true');
		text.focus();
		text.setSelectionRange(start, Math.max(end, start + 1));
		// brings the line to where it can be seen
		const lines = text.value.split('\n').length;
		text.scrollTop = (text.scrollHeight * (lineAt(text.value, start) - 1)) / lines - text.clientHeight / 3;
	};
	const submit = async (event) => {
		event.preventDefault();
		clear();
		let body;
		try {
			body = JSON.parse(text.value);
		} catch (error) {
			const position = breakOf(text.value, error.message);
			return mark(position, position + 1, `this is not JSON (${error.message})`);
		}
		if (!(await mayReplace(body, replace.checked))) return;
		try {
			const { flows } = await ask('flows', { method: replace.checked ? 'PUT' : 'POST', body });
			imported(flows);
		} catch (error) {
			if (!Array.isArray(error.path)) return void (problem.textContent = error.message);
			const { start, end } = placeOf(text.value, error.path);
			mark(start, end, error.message);
		}
	};
	return element(
		'form',
		{ class: 'card form', novalidate: true, 'aria-label': 'Import flows', on: { submit } },
		element('h3', { tabindex: '-1' }, 'Import flows'),
		element(
			'p',
			{ class: 'field-hint' },
			'A file exported here, or one that follows docs/simulator-flows.md: one flow with its id, or many.',
		),
		element('div', { class: 'field' }, element('label', { for: 'import-file' }, 'File'), file),
		element('div', { class: 'field' }, element('label', { for: 'import-text' }, 'or text'), text),
		element('label', { class: 'check' }, replace, 'Replace all flows (flows that are not in the text are removed)'),
		problem,
		element(
			'div',
			{ class: 'buttons' },
			element('button', { type: 'submit', class: 'button button-main' }, 'Import'),
		),
	);
}

/** Asks before flows that exist are lost. */
async function mayReplace(body, all) {
	const there = (state.about?.flows ?? []).map(({ id }) => id);
	const brought = [body?.flows ?? body].flat().map((flow) => flow?.id);
	const lost = all ? there : there.filter((id) => brought.includes(id));
	if (lost.length === 0) return true;
	return await askFirst({
		title: lost.length === 1 ? 'Replace a flow?' : `Replace ${lost.length} flows?`,
		words: `What is there now would be lost: ${lost.join(', ')}.`,
		yes: 'Replace',
		no: 'Keep what is there',
	});
}

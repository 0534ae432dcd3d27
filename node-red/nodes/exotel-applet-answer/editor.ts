/** The form of *applet answer*: the fields of each kind of answer. */
import { answerRules, menuDigits, onlyInVersion } from '../../../exotel/index';
import { defineForm, type Validity } from '../../editor/form';
import type { NodeView } from '../../editor/node-view';
import { checkTyped } from '../../editor/validation';

/** The properties of the answers that have exactly one. */
const PARTS = { branch: 'branch', caseName: 'case', own: 'own' } as const;

function kindOf(view: NodeView): string {
	return view.text('answer') || 'connect';
}

function isJson(view: NodeView, text: string): Validity {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return view.word('form.json');
	}
}

/** The check of a property that only one kind of answer has, and needs. */
function needed(property: keyof typeof PARTS) {
	return (view: NodeView, value: unknown, options: Record<string, unknown>): Validity => {
		if (kindOf(view) !== PARTS[property]) return true;
		const check = property === 'own' ? (text: string) => isJson(view, text) : undefined;
		const rules = { label: view.word(`label.${property}`), required: true, ...(check && { check }) };
		return checkTyped(view, { property, value, options }, rules);
	};
}

/** A value for the name on the canvas; an ellipsis for one that comes with the message. */
function fixed(view: NodeView, property: string): string {
	const isFixed = ['str', 'bool', 'choice', ''].includes(view.text(`${property}Type`));
	return (isFixed && view.text(property)) || '…';
}

function show(view: NodeView): void {
	const kind = kindOf(view);
	for (const part of Object.values(PARTS)) $(`#exotel-applet-answer-${part}`).toggle(kind === part);
	$('#exotel-applet-answer-fields, #exotel-applet-answer-more-fields').toggle(kind in answerRules);
	$('#exotel-applet-answer-note').text(view.word(`form.note-${kind}`));
}

/** Says below each field of a Connect answer that one version of the applet has, which version that is. */
function markVersions(view: NodeView): void {
	for (const [name, version] of Object.entries(onlyInVersion)) {
		const note = $('<div class="exotel-only-version"></div>').text(view.word('form.only-version', { version }));
		note.css({ margin: '3px 0 0 105px', 'font-size': '12px', color: 'var(--red-ui-secondary-text-color)' });
		view.input(name).closest('.form-row').append(note);
	}
}

export default defineForm({
	type: 'exotel-applet-answer',
	inputs: 1,
	outputs: 0,
	align: 'right',
	paletteLabel: 'applet answer',
	sources: answerRules,
	mode: 'answer',
	defaults: { maxDigits: String(menuDigits) },
	own: {
		answer: { value: 'connect' },
		branch: {
			value: 'true',
			typed: {
				type: 'bool',
				types: (view) => [
					{
						value: 'bool',
						label: view.word('form.choose'),
						icon: 'fa fa-code-fork',
						options: [
							{ value: 'true', label: view.word('branch.first') },
							{ value: 'false', label: view.word('branch.second') },
						],
					},
				],
			},
			check: needed('branch'),
		},
		caseName: {
			value: '',
			typed: { type: 'str', types: ['str'], placeholder: 'sales' },
			check: needed('caseName'),
		},
		own: { value: 'payload', typed: { type: 'msg', types: ['json'] }, check: needed('own') },
		callSid: {
			value: '',
			typed: { type: 'msg', types: ['str'], placeholder: 'payload.call.sid' },
			check: (view, value, options) =>
				checkTyped(view, { property: 'callSid', value, options }, { label: view.word('label.callSid') }),
		},
	},
	checkField: (view) => (kindOf(view) in answerRules ? undefined : true),
	label(view) {
		const kind = kindOf(view);
		if (kind === 'connect') return view.word('name.connect', { to: fixed(view, 'destinations') });
		if (kind === 'gather') return view.word('name.gather', { words: fixed(view, 'promptText') });
		if (kind === 'greeting') return view.word('name.greeting', { words: fixed(view, 'greetingText') });
		if (kind === 'case') return view.word('name.case', { name: fixed(view, 'caseName') });
		if (kind === 'branch' && view.text('branchType') === 'bool')
			return view.word(`name.branch-${view.text('branch')}`);
		return view.word(`name.${kind}`);
	},
	inputLabel: (view) => view.word('port.input'),
	prepare(view) {
		view.input('answer').on('change', () => show(view));
		show(view);
		markVersions(view);
	},
});

/** The form of *make call*: three ways to place a call, and how the call is followed. */
import { callbackAddresses, connectAgent, connectFlow, connectNumbers } from '../../../exotel/index';
import { chosenAccount } from '../../editor/accounts';
import { defineForm } from '../../editor/form';
import { plain, type NodeView } from '../../editor/node-view';
import { fillStores } from '../../editor/stores';
import { shared } from '../../editor/texts';
import { checkNumber } from '../../editor/validation';
import { ranges } from '../../ranges';
import { checkPath } from '../../editor/webhook-address';

const sources = { numbers: connectNumbers, flow: connectFlow, agent: connectAgent };

/** A value for the name on the canvas; an ellipsis for one that is blank or calculated. */
function short(view: NodeView, property: string): string {
	const value = view.text(property);
	const type = view.text(`${property}Type`);
	if (value === '' || type === 'jsonata') return '…';
	return ['str', 'choice', 'num', ''].includes(type) ? value : `${type}.${value}`;
}

/** Where Exotel is to report, what, and how: rows that a node which follows its calls does not need. */
const CALLBACK_FIELDS = [...callbackAddresses, 'statusCallbackEvents', 'statusCallbackContentType'] as const;

function isCallbackUrl(name: string): boolean {
	return callbackAddresses.some((field) => field === name);
}

function isCallbackField(name: string): boolean {
	return CALLBACK_FIELDS.some((field) => field === name);
}

function sourceOf(mode: string): keyof typeof sources {
	return mode === 'flow' || mode === 'agent' ? mode : 'numbers';
}

function showFollowing(view: NodeView): void {
	const follows = view.value('follow') === true;
	const mode = view.text('mode');
	$('.exotel-make-call-following').toggle(follows);
	$('#exotel-make-call-ringing').toggle(mode === 'numbers');
	for (const name of CALLBACK_FIELDS) {
		view.input(name)
			.closest('.form-row')
			.toggle(!follows && name in sources[sourceOf(mode)].fields);
	}
	$('#exotel-make-call-follow-note').text(view.word(`form.${noteFor(mode)}`));
}

function noteFor(mode: string): string {
	const account = chosenAccount();
	if (account !== null && plain(account.publicUrl) === '') return 'note-asking';
	return mode === 'flow' ? 'note-flow' : 'note-callbacks';
}

export default defineForm({
	type: 'exotel-make-call',
	inputs: 1,
	outputs: 3,
	paletteLabel: 'make call',
	account: true,
	sources,
	mode: 'mode',
	own: {
		mode: { value: 'numbers' },
		follow: { value: true },
		ringing: { value: false },
		callbackPath: {
			value: '',
			check: (view, value) => checkPath(view, value, { optional: true, label: view.word('label.callbackPath') }),
		},
		patienceMinutes: {
			value: String(ranges.patienceMinutes.fallback),
			check: (_view, value) =>
				checkNumber(
					value,
					ranges.patienceMinutes,
					shared('form.patience', 'Poll Exotel after: more than 0 and at most 30 minutes'),
				),
		},
		store: { value: '' },
	},
	instead(view, name, text) {
		// A node that follows its calls fills them in itself; a path of a webhook of ours becomes its address.
		if (isCallbackField(name) && String(view.value('follow') ?? true) === 'true') return 'nothing';
		return isCallbackUrl(name) && /^\/exotel\/./.test(text) ? 'own' : undefined;
	},
	label(view) {
		if (view.text('mode') === 'flow') {
			return view.word('name.flow', { from: short(view, 'from'), flow: short(view, 'flowId') });
		}
		if (view.text('mode') === 'agent') {
			const agent = short(view, view.text('agentContact') === '' ? 'agentId' : 'agentContact');
			return view.word('name.agent', { agent, to: short(view, 'to') });
		}
		const blank = view.text('from') === '' && view.text('to') === '';
		return blank
			? view.word('name.blank')
			: view.word('name.numbers', { from: short(view, 'from'), to: short(view, 'to') });
	},
	inputLabel: (view) => view.word('port.input'),
	outputLabel: (view, index) => view.word(`port.${['placed', 'progress', 'ended'][index]}`),
	prepare(view) {
		fillStores(view, 'store');
		$('#node-input-follow, #node-input-mode, #node-input-account').on('change', () => showFollowing(view));
		showFollowing(view);
	},
});

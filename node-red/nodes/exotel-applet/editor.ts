/** The form of *applet*: the address to paste into Exotel, and what a caller gets when the flow does not answer. */
import { checkField, connectAnswerFields } from '../../../exotel/index';
import { parsingRules } from '../../editor/accounts';
import { defineForm } from '../../editor/form';
import { plain, type NodeView } from '../../editor/node-view';
import { missing } from '../../editor/texts';
import { checkNumber } from '../../editor/validation';
import { checkPath, showAddress } from '../../editor/webhook-address';
import { webhookPath } from '../../webhooks/path';

function showFallback(view: NodeView): void {
	$('#exotel-applet-numbers').toggle(view.text('fallback') === 'numbers');
	$('#exotel-applet-case').toggle(view.text('fallbackBranch') === 'case');
}

export default defineForm({
	type: 'exotel-applet',
	inputs: 0,
	outputs: 1,
	paletteLabel: 'applet',
	account: true,
	sources: {},
	own: {
		path: { value: '', check: (view, value) => checkPath(view, value, { optional: false }) },
		deadlineSeconds: {
			value: '4',
			check: (view, value) => checkNumber(value, 0.2, 4.8, view.word('form.deadline')),
		},
		fallback: { value: 'nobody' },
		fallbackNumbers: {
			value: '',
			check(view, value) {
				if (view.text('fallback') !== 'numbers') return true;
				return checkField(
					connectAnswerFields,
					'destinations',
					plain(value),
					parsingRules(view.value('account')),
				);
			},
		},
		fallbackBranch: { value: 'second' },
		fallbackCase: {
			value: '',
			check: (view, value) =>
				view.text('fallbackBranch') !== 'case' ||
				plain(value).trim() !== '' ||
				missing(view.word('label.fallbackCase')),
		},
	},
	label: (view) => webhookPath(view.text('path')) ?? view.word('name.blank'),
	outputLabel: (view) => view.word('port.output'),
	prepare(view) {
		showAddress(view, '#exotel-applet-address');
		$('#node-input-fallback, #node-input-fallbackBranch').on('change', () => showFallback(view));
		showFallback(view);
	},
});

/** The form of *applet*: the address to paste into Exotel, and what a caller gets when the flow does not answer. */
import {
	appletKinds,
	appletTimeoutSeconds,
	appletUrl,
	connectAnswerFields,
	fallbackWordsFault,
	usualWords,
	type AppletKind,
} from '../../../exotel/index';
import { defineForm, type Validity } from '../../editor/form';
import { plain, type NodeView } from '../../editor/node-view';
import { missing } from '../../editor/texts';
import { checkByRule, checkNumber } from '../../editor/validation';
import { checkPath, showAddress } from '../../editor/webhook-address';
import { webhookPath } from '../../webhooks/path';

function showFallback(view: NodeView): void {
	$('#exotel-applet-numbers').toggle(view.text('fallback') === 'numbers');
	$('#exotel-applet-case').toggle(view.text('fallbackBranch') === 'case');
}

function checkWords(applet: 'gather' | 'greeting', property: string) {
	return (view: NodeView, value: unknown): Validity =>
		fallbackWordsFault(applet, plain(value)) === null ||
		view.word('form.words', { label: view.word(`label.${property}`) });
}

/** The applet whose address is shown; it is a view of the form and not saved. */
function shownApplet(): AppletKind {
	const chosen = plain($('#exotel-applet-for').val());
	return appletKinds.find((kind) => kind === chosen) ?? 'connect';
}

export default defineForm({
	type: 'exotel-applet',
	inputs: 0,
	outputs: 1,
	paletteLabel: 'applet',
	account: true,
	sources: {},
	own: {
		path: {
			value: '',
			check: (view, value) => checkPath(view, value, { optional: false, label: view.word('label.path') }),
		},
		deadlineSeconds: {
			value: String(appletTimeoutSeconds.default),
			check(view, value) {
				const { min, max } = appletTimeoutSeconds;
				return checkNumber(value, appletTimeoutSeconds, view.word('form.deadline', { min, max }));
			},
		},
		fallback: { value: 'nobody' },
		fallbackNumbers: {
			value: '',
			check(view, value) {
				if (view.text('fallback') !== 'numbers') return true;
				return checkByRule(connectAnswerFields.destinations, view.word('label.fallbackNumbers'), view, value);
			},
		},
		fallbackGather: { value: '', check: checkWords('gather', 'fallbackGather') },
		fallbackGreeting: { value: '', check: checkWords('greeting', 'fallbackGreeting') },
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
		const refresh = showAddress(view, '#exotel-applet-address', (url) => appletUrl(url, shownApplet()));
		$('#exotel-applet-for').on('change', refresh);
		view.input('fallbackGather').attr('placeholder', usualWords.gather);
		view.input('fallbackGreeting').attr('placeholder', usualWords.greeting);
		$('#node-input-fallback, #node-input-fallbackBranch').on('change', () => showFallback(view));
		showFallback(view);
	},
});

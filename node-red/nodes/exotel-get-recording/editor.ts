/** The form of *get recording*: where the recording is named, and whether it becomes a Buffer or a file. */
import { downloadRecording, getCall } from '../../../exotel/index';
import { defineForm } from '../../editor/form';
import { plain, type NodeView } from '../../editor/node-view';
import { fieldText } from '../../editor/texts';
import { checkByRule, checkNumber, checkTyped } from '../../editor/validation';
import { ranges } from '../../ranges';

const { sid } = getCall.fields;

function showFile(view: NodeView): void {
	$('#exotel-get-recording-file').toggle(view.text('output') === 'file');
}

export default defineForm({
	type: 'exotel-get-recording',
	inputs: 1,
	outputs: 1,
	paletteLabel: 'get recording',
	account: true,
	sources: { downloadRecording },
	defaults: { url: ['payload.recordingUrl', 'msg'] },
	own: {
		sid: {
			value: 'payload.sid',
			typed: { type: 'msg', types: ['str'], placeholder: 'b6cfaf5f5cef3ca0fc937749ef960e25' },
			check(view, value, options) {
				const label = fieldText(getCall.name, 'sid', 'label', sid.label);
				const check = (text: string) => checkByRule(sid, label, view, text);
				return checkTyped(view, { property: 'sid', value, options }, { label, check });
			},
		},
		output: { value: 'buffer' },
		filename: {
			value: '',
			typed: { type: 'str', types: ['str'], placeholder: '/data/recordings/call.mp3' },
			check(view, value, options) {
				if (view.text('output') !== 'file') return true;
				const label = view.word('label.filename');
				return checkTyped(view, { property: 'filename', value, options }, { label, required: true });
			},
		},
		waitSeconds: {
			value: String(ranges.waitSeconds.fallback),
			check: (view, value) => checkNumber(value, ranges.waitSeconds, view.word('form.wait')),
		},
	},
	checkField(view, _name, value) {
		// The URL or the SID is enough.
		if (plain(value) !== '') return undefined;
		return view.text('sid') !== '' || view.word('form.url-or-sid');
	},
	label: (view) => view.word(view.text('output') === 'file' ? 'name.file' : 'name.blank'),
	inputLabel: (view) => view.word('port.input'),
	outputLabel: (view) => view.word('port.output'),
	prepare(view) {
		view.input('output').on('change', () => showFile(view));
		showFile(view);
	},
});

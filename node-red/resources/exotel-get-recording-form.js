/** The form of *get recording*: where the recording is named, and whether it becomes a Buffer or a file. */
(function () {
	'use strict';

	function check(node, name, value, opt) {
		var editor = window.exotelEditor;
		var own = window.exotelOwnFields;
		var word = function (key) {
			return node._('exotel-get-recording.' + key);
		};
		if (name === 'url') {
			// One of the two names the recording.
			if (!value) return editor.current(node, 'sid') ? true : word('form.url-or-sid');
			return editor.check(node, 'downloadRecording', 'url', value, opt);
		}
		if (name === 'sid') return value ? editor.check(node, 'getCall', 'sid', value, opt) : true;
		if (name === 'waitSeconds') return own.checkNumber(value, 0, 3600, word('form.wait'));
		return editor.current(node, 'output') === 'file'
			? own.check(node, 'filename', value, opt, { label: word('label.filename'), required: true })
			: true;
	}

	function prepare(node) {
		var editor = window.exotelEditor;
		editor.opened(node);
		if (!node.output) $('#node-input-output').val('buffer');
		editor.fields(node, {
			container: '#exotel-get-recording-fields',
			names: ['url'],
			operations: { only: 'downloadRecording' },
			mode: null,
		});
		window.exotelOwnFields.typed(node, 'sid', {
			types: ['str'],
			label: node._('exotel-get-recording.label.sid'),
			placeholder: 'b6cfaf5f5cef3ca0fc937749ef960e25',
		});
		window.exotelOwnFields.typed(node, 'filename', {
			types: ['str'],
			label: node._('exotel-get-recording.label.filename'),
			placeholder: '/data/recordings/call.mp3',
		});
		var output = $('#node-input-output');
		var show = function () {
			$('#exotel-get-recording-file').toggle(output.val() === 'file');
		};
		output.on('change', show);
		show();
	}

	window.exotelGetRecordingForm = { check: check, prepare: prepare };
})();

/** The form of *applet*: the address to paste into Exotel, and what a caller gets when the flow does not answer. */
/* global exotelRules */
(function () {
	'use strict';

	function check(node, name, value) {
		var editor = window.exotelEditor;
		if (name === 'deadlineSeconds')
			return window.exotelOwnFields.checkNumber(value, 0.2, 4.8, node._('exotel-applet.form.deadline'));
		if (name === 'fallbackNumbers')
			return editor.current(node, 'fallback') === 'numbers'
				? exotelRules.checkField('connectAnswer', 'destinations', value || '')
				: true;
		if (editor.current(node, 'fallbackBranch') !== 'case') return true;
		return String(value || '').trim() === ''
			? editor.shared('form.missing', '__label__ is missing', {
					label: node._('exotel-applet.label.fallbackCase'),
				})
			: true;
	}

	function label(node) {
		return exotelRules.webhookPath(String(node.path || '')) || node._('exotel-applet.name.blank');
	}

	function prepare(node) {
		var editor = window.exotelEditor;
		editor.opened(node);
		if (!node.fallback) $('#node-input-fallback').val('nobody');
		if (!node.fallbackBranch) $('#node-input-fallbackBranch').val('second');
		window.exotelWebhookAddress.show({
			container: '#exotel-applet-address',
			path: function () {
				return $('#node-input-path').val();
			},
			follow: '#node-input-path',
		});
		var show = function () {
			$('#exotel-applet-numbers').toggle($('#node-input-fallback').val() === 'numbers');
			$('#exotel-applet-case').toggle($('#node-input-fallbackBranch').val() === 'case');
		};
		$('#node-input-fallback, #node-input-fallbackBranch').on('change', show);
		show();
	}

	window.exotelAppletForm = { check: check, label: label, prepare: prepare };
})();

/**
 * The webhook of a node in its form: the address to paste into Exotel, with copy and test buttons, and the check of its
 * path.
 */
/* global exotelRules */
(function () {
	'use strict';

	/**
	 * Shows the address to paste into Exotel, with copy and test buttons, below a path field.
	 * options: { container, path: function () → typed path }
	 */
	function show(options) {
		var editor = window.exotelEditor;
		var shared = editor.shared;
		var box = $('<div class="form-row"></div>').appendTo(options.container);
		$(
			'<label for="exotel-webhook-url" style="vertical-align: top;"><i class="fa fa-globe"></i> ' +
				'<span></span></label>',
		)
			.appendTo(box)
			.find('span')
			.text(shared('form.address-label', 'Address'));
		box.append(' ');
		// All of it is to be seen, in the colour of what can be used: the editor greys out what cannot be typed into.
		var output = $(
			'<textarea id="exotel-webhook-url" readonly rows="3" style="width: calc(70% - 84px); resize: ' +
				'vertical; word-break: break-all; color: var(--red-ui-form-text-color);"></textarea>',
		).appendTo(box);
		output.on('focus', function () {
			this.select();
		});
		var copy = $(
			'<button type="button" class="red-ui-button" style="margin-left: 4px; vertical-align: ' +
				'top;"><i class="fa fa-clipboard"></i></button>',
		).appendTo(box);
		var test = $(
			'<button type="button" class="red-ui-button" style="margin-left: 4px; vertical-align: ' +
				'top;"><i class="fa fa-stethoscope"></i></button>',
		).appendTo(box);
		copy.attr({
			'aria-label': shared('form.copy', 'Copy the address'),
			title: shared('form.copy', 'Copy the address'),
		});
		test.attr({
			'aria-label': shared('form.self-test', 'Test the address'),
			title: shared('form.self-test', 'Test the address'),
		});
		var note = $('<div class="form-tips" role="status" style="margin: 4px 0 0 105px;"></div>').appendTo(box);

		var asked = 0;

		function ask(probe) {
			// Somebody who types fast gets the answer to the last letter, whichever answer comes last.
			var mine = ++asked;
			var account = editor.chosenAccount();
			if (!account) {
				output.val('');
				note.text(shared('form.address-needs-account', 'Choose an account to see the address.'));
				return;
			}
			var question = $.extend(editor.accountForm(account), { path: options.path(), probe: probe });
			if (probe) note.text(shared('form.testing', 'Testing …'));
			editor.post('exotel-account/' + encodeURIComponent(account.id) + '/webhook-address', question).then(
				function (found) {
					if (mine !== asked) return;
					output.val(found.url || '');
					copy.prop('disabled', !found.url);
					test.prop('disabled', !found.url);
					var key = found.probe
						? found.probe.reached
							? 'probe.reached'
							: 'probe.missed'
						: found.fault
							? 'address.' + found.fault
							: found.protected
								? 'address.ready'
								: 'address.open';
					note.text(shared('form.' + key, key, { detail: found.probe ? found.probe.detail : '' }));
				},
				function () {
					note.text(shared('form.address-failed', 'The address could not be fetched; is Node-RED running?'));
				},
			);
		}
		copy.on('click', function () {
			if (output.val()) RED.clipboard.copyText(output.val(), copy, shared('form.copied', 'copied'));
		});
		test.on('click', function () {
			ask(true);
		});
		$('#node-input-account').on('change', function () {
			ask(false);
		});
		if (options.follow)
			$(options.follow).on('change input', function () {
				ask(false);
			});
		ask(false);
	}

	/** The reason a webhook path cannot be used, or true. Also refuses the path of another node of ours. */
	function checkPath(node, value, optional) {
		var shared = window.exotelEditor.shared;
		var typed = String(value || '').trim();
		if (typed === '') return optional ? true : shared('form.path-missing', 'Path: type one, for example calls');
		var path = exotelRules.webhookPath(typed);
		if (path === null) return shared('form.path-form', 'Path: use letters, digits, - . _ ~ and /');
		var twin = null;
		RED.nodes.eachNode(function (other) {
			if (other.id === (node && node.id) || !/^exotel-/.test(other.type) || other.d) return;
			if (exotelRules.webhookPath(String(other.path || other.callbackPath || '')) === path) twin = other;
		});
		return twin
			? shared('form.path-taken', 'Path: already used by __name__', { name: twin.name || twin.type })
			: true;
	}

	window.exotelWebhookAddress = { show: show, checkPath: checkPath };
})();

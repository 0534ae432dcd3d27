/** The form of the account node: its validators (the core's rules), the test button and the webhook token. */
/* global exotelRules */
(function () {
	'use strict';

	/** The account whose form is open. */
	var open = null;

	function shared(key, otherwise, values) {
		return window.exotelEditor.shared(key, otherwise, values);
	}

	function current(node, property) {
		if (open && open.id === node.id) return $('#node-config-input-' + property).val();
		return node[property];
	}

	/** True, or what is wrong with a property. */
	function check(node, property, value) {
		if (property === 'publicUrl') {
			if (!value) return true;
			return /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(value)
				? true
				: shared('form.public-url', 'Public URL: write it like https://nodered.example.com');
		}
		if (property === 'requestsPerMinute') {
			return value === '' || (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 6000)
				? true
				: shared('form.per-minute', 'Requests a minute: a whole number from 1 to 6000');
		}
		if (property === 'allowedAddresses' || property === 'trustedProxies') {
			var wrong = String(value || '')
				.split(/[\s,;]+/)
				.filter(Boolean)
				.map(exotelRules.checkAddressRule)
				.filter(function (result) {
					return result !== true;
				});
			return wrong.length === 0 ? true : wrong;
		}
		var account = {};
		['region', 'baseUrl', 'sid', 'timeZone', 'defaultCountry'].forEach(function (name) {
			account[name] = name === property ? value : current(node, name);
		});
		try {
			exotelRules.readAccount(account);
		} catch (error) {
			var own = (error.violations || []).filter(function (violation) {
				return violation.field === property;
			});
			if (own.length > 0) return own[0].message;
		}
		return true;
	}

	/** A random token: 192 bits, in letters and digits that survive every copy and paste. */
	function newToken() {
		var bytes = new Uint8Array(24);
		window.crypto.getRandomValues(bytes);
		return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, '-').replace(/\//g, '_');
	}

	function showFindings(list, findings) {
		list.empty();
		findings.forEach(function (finding) {
			var item = $('<li style="margin: 2px 0;"></li>').appendTo(list);
			item.css(
				'color',
				finding.good
					? 'var(--red-ui-text-color-success, var(--red-ui-primary-text-color))'
					: 'var(--red-ui-text-color-error)',
			);
			$('<i class="fa" aria-hidden="true" style="width: 18px;"></i>')
				.addClass(finding.good ? 'fa-check' : 'fa-times')
				.appendTo(item);
			var known = shared('finding.' + finding.key, '', { detail: finding.detail || '' });
			var sentence =
				finding.key === 'field' || finding.key === 'failed' ? finding.message : known || finding.message;
			if (finding.message && (finding.key === 'forbidden' || finding.key === 'unreachable'))
				sentence = known + ' ' + finding.message;
			$('<span></span>').text(sentence).appendTo(item);
		});
	}

	function prepare(node) {
		open = node;
		var region = $('#node-config-input-region');
		var showServer = function () {
			$('#exotel-account-base-url').toggle(region.val() === 'custom');
		};
		region.on('change', showServer);
		showServer();

		var token = $('#node-config-input-webhookToken');
		// A new account gets its token at once: nobody should have to invent one.
		if (
			!node.credentials ||
			(!node.credentials.has_webhookToken && node.credentials.webhookToken === undefined && !node.sid)
		)
			token.val(newToken());
		$('#exotel-account-new-token').on('click', function () {
			token.val(newToken());
			RED.notify(
				shared(
					'form.new-token',
					'New token set. Webhook addresses change with the next deploy; the old ones work for a day more.',
				),
				'warning',
			);
		});

		var list = $('#exotel-account-findings');
		var button = $('#exotel-account-test');
		button.on('click', function () {
			var form = {};
			[
				'region',
				'baseUrl',
				'sid',
				'publicUrl',
				'timeZone',
				'defaultCountry',
				'requestsPerMinute',
				'apiKey',
				'apiToken',
			].forEach(function (name) {
				form[name] = $('#node-config-input-' + name).val();
			});
			button.prop('disabled', true);
			list.empty().append($('<li></li>').text(shared('form.testing', 'Testing …')));
			window.exotelEditor
				.post('exotel-account/' + encodeURIComponent(node.id) + '/test', form)
				.then(
					function (answer) {
						showFindings(list, answer.findings);
					},
					function () {
						showFindings(list, [{ good: false, key: 'fault' }]);
					},
				)
				.always(function () {
					button.prop('disabled', false);
				});
		});
	}

	window.exotelAccountForm = {
		check: check,
		prepare: prepare,
		closed: function () {
			open = null;
		},
	};
})();

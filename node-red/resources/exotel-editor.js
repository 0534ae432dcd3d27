/**
 * What the forms of all Exotel nodes share: rows for the core's fields, their validators, the address of a webhook with
 * its copy and test buttons, the choice of a context store. Field names, labels, ranges and rules come from the core
 * (`exotel-rules.js`, built from it), translations from the account's catalogue.
 */
/* global exotelRules */
(function () {
	'use strict';

	var SHARED = '@exonodes/node-red-exotel/exotel-account:';
	/** What stands before a field's label, by what it holds. */
	var ICONS = {
		phone: 'phone',
		text: 'font',
		integer: 'sort-numeric-asc',
		number: 'sort-numeric-asc',
		boolean: 'check-square-o',
		choice: 'list-ul',
		'multi-choice': 'list-ul',
		url: 'link',
		time: 'clock-o',
	};
	var FROM_MESSAGE = ['msg', 'flow', 'global', 'jsonata', 'env'];
	/** The node whose form is open: its validators read the form, those of all others their saved values. */
	var open = null;

	/** A text of the shared catalogue; the core's own English words when it has none. */
	function shared(key, otherwise, values) {
		var options = $.extend({ defaultValue: otherwise === undefined ? key : otherwise }, values);
		return RED._(SHARED + key, options);
	}

	/** The value of a property now: in the open form, else as saved. */
	function current(node, property) {
		if (open && node && open.id === node.id) {
			var input = $('#node-input-' + property);
			if (input.length > 0) return input.is(':checkbox') ? input.prop('checked') : input.val();
		}
		return node ? node[property] : undefined;
	}

	/**
	 * The property a field is saved as: without a dot, and never `status`, in which the editor keeps the node's status
	 * line.
	 */
	function savedAs(field) {
		return field.name === 'status' ? 'callStatus' : field.name.replace('.', '_');
	}

	function describe(operation, name) {
		return (exotelRules.fields[operation] || []).filter(function (field) {
			return savedAs(field) === name;
		})[0];
	}

	/** The field's words in the editor's language; key e.g. `field.connectNumbers.from.label`. */
	function word(operation, field, part) {
		return shared(
			'field.' + operation + '.' + field.name + '.' + part,
			shared('field.any.' + field.name + '.' + part, field[part]),
		);
	}

	/** The typedInput types for a field: what it holds, then everything a message can bring. */
	function typesFor(operation, field) {
		var own = [/exoPhone$/i.test(field.name) ? exoPhoneType() : 'str'];
		if (field.kind === 'integer' || field.kind === 'number') own = ['num'];
		if (field.kind === 'boolean') own = ['bool'];
		if (field.kind === 'choice' || field.kind === 'multi-choice') {
			var several = field.kind === 'multi-choice';
			own = [
				{
					value: 'choice',
					label: shared('form.choose', 'choose'),
					icon: 'fa fa-list-ul',
					multiple: several,
					options: (several
						? []
						: [
								{
									value: '',
									label:
										operation === 'listCalls'
											? shared('form.any', '(any)')
											: shared('form.exotels-choice', '(as Exotel does by default)'),
								},
							]
					).concat(
						field.options.map(function (option) {
							return {
								value: option.value,
								label: shared('field.any.' + field.name + '.option.' + option.value, option.label),
							};
						}),
					),
				},
			];
		}
		return own.concat(FROM_MESSAGE);
	}

	/**
	 * ExoPhones by what the account's form says, asked for once per editor session; an empty list is asked for again.
	 */
	var exoPhones = {};

	/** Text that offers the ExoPhones of the chosen account; any other number can be typed as well. */
	function exoPhoneType() {
		return {
			value: 'str',
			label: 'string',
			icon: 'red/images/typedInput/az.svg',
			autoComplete: function (typed, done) {
				var account = chosenAccount();
				if (!account) return done([]);
				var form = accountForm(account);
				var key = account.id + JSON.stringify(form);
				if (!exoPhones[key])
					exoPhones[key] = post('exotel-account/' + encodeURIComponent(account.id) + '/exophones', form);
				exoPhones[key].then(
					function (found) {
						if (found.exoPhones.length === 0) delete exoPhones[key];
						done(
							found.exoPhones
								.filter(function (phone) {
									return (
										(phone.number + ' ' + phone.name).toLowerCase().indexOf(typed.toLowerCase()) !==
										-1
									);
								})
								.map(function (phone) {
									return {
										value: phone.number,
										label: phone.name ? phone.number + '  ' + phone.name : phone.number,
									};
								}),
						);
					},
					function () {
						delete exoPhones[key];
						done([]);
					},
				);
			},
		};
	}

	/** The editor shows a list of suggestions after a key only; a click into the blank field asks for it as well. */
	function offerWhenClicked(box) {
		box.off('click.exotel').on('click.exotel', function () {
			if (this.value === '' && $(this).hasClass('red-ui-autoComplete')) $(this).trigger('keyup');
		});
	}

	function firstType(types) {
		return typeof types[0] === 'string' ? types[0] : types[0].value;
	}

	/**
	 * Validates a typed field by the core's rule. Returns true or the reason.
	 * A value that comes with the message can only be checked for its form.
	 */
	function check(node, operation, name, value, opt) {
		var field = describe(operation, name);
		if (!field) return true;
		var type = current(node, name + 'Type') || 'str';
		if (FROM_MESSAGE.indexOf(type) !== -1) {
			var label = word(operation, field, 'label');
			if (value === '' || value === undefined)
				return field.required ? shared('form.missing', '__label__ is missing', { label: label }) : true;
			var typed = RED.utils.validateTypedProperty(value, type, $.extend({}, opt, { label: label }));
			return typed === true || typed === undefined
				? true
				: typed === false
					? shared('form.unreadable', '__label__ cannot be read', { label: label })
					: typed;
		}
		if (type === 'bool') return true;
		if ((value === '' || value === undefined || value === null) && !field.required) return true;
		return exotelRules.checkField(
			operation,
			field.name,
			value === undefined || value === null ? '' : value,
			readingRules(node),
		);
	}

	/** How the node's account reads numbers and times; the usual rules when it has none yet. */
	function readingRules(node) {
		var account = RED.nodes.node(current(node, 'account'));
		if (!account || account.type !== 'exotel-account') return undefined;
		return {
			defaultCountry: String(account.defaultCountry || 'IN').toUpperCase(),
			timeZone: account.timeZone || 'Asia/Kolkata',
		};
	}

	/** Gives the buttons of a typed input, which show icons only, a name for screen readers. */
	function nameButtons(input, label) {
		var box = input.nextAll('.red-ui-typedInput-container').first();
		box.find('.red-ui-typedInput-type-select').attr(
			'aria-label',
			shared('form.type-of', 'Kind of value for __label__', { label: label }),
		);
		box.find('.red-ui-typedInput-option-expand').attr(
			'aria-label',
			shared('form.expand', 'Edit __label__ in a larger window', { label: label }),
		);
		box.find('.red-ui-typedInput-option-trigger').attr('aria-label', label);
	}

	/**
	 * Builds one row per field name into `options.container` and keeps it right for the mode.
	 * options: { container, more, names, optional, operations: { mode: operation }, mode: selector or null }
	 */
	function fields(node, options) {
		var rows = {};
		options.names.forEach(function (name) {
			var row = $('<div class="form-row"></div>');
			var id = 'node-input-' + name;
			row.append(
				$('<label style="vertical-align: middle;"></label>')
					.attr('for', id)
					.append('<i class="fa" aria-hidden="true"></i> ', $('<span></span>')),
				' ',
			);
			$('<input type="text" style="width: 70%;">').attr('id', id).val(saved(node, name)).appendTo(row);
			$('<input type="hidden">')
				.attr('id', id + 'Type')
				.val(saved(node, name + 'Type'))
				.appendTo(row);
			var optional = (options.optional || []).indexOf(name) !== -1;
			$(optional ? options.more : options.container).append(row);
			rows[name] = { row: row, input: row.find('#' + id), shown: '' };
		});

		function show() {
			var mode = options.mode ? $(options.mode).val() : Object.keys(options.operations)[0];
			var operation = options.operations[mode];
			options.names.forEach(function (name) {
				var entry = rows[name];
				var field = describe(operation, name);
				entry.row.toggle(!!field);
				if (!field || entry.shown === operation) return;
				entry.shown = operation;
				var label = word(operation, field, 'label');
				entry.row.find('label span').text(label);
				entry.row.find('label i').attr('class', 'fa fa-' + ICONS[field.kind]);
				var types = typesFor(operation, field);
				if (!entry.ready) {
					entry.ready = true;
					entry.input.typedInput({
						default: firstType(types),
						types: types,
						typeField: '#node-input-' + name + 'Type',
					});
				}
				var box = entry.input.nextAll('.red-ui-typedInput-container').first();
				box.attr('title', word(operation, field, 'description'));
				box.find('input.red-ui-typedInput-input').attr({
					'aria-label': label,
					placeholder: Array.isArray(field.example) ? field.example.join(', ') : String(field.example),
				});
				nameButtons(entry.input, label);
				if (/exoPhone$/i.test(field.name)) offerWhenClicked(box.find('input.red-ui-typedInput-input'));
			});
		}
		if (options.mode) $(options.mode).on('change', show);
		show();
		return { show: show };
	}

	/** A property as saved; its default when the flow was written by hand and has none. Never undefined. */
	function saved(node, property) {
		var definition = node._def && node._def.defaults[property];
		var value = node[property] === undefined && definition ? definition.value : node[property];
		return value === undefined || value === null ? '' : value;
	}

	/** The account chosen in the open form, as the editor knows it. */
	function chosenAccount() {
		var id = $('#node-input-account').val();
		return id && id !== '_ADD_' ? RED.nodes.node(id) : null;
	}

	/** What a route needs of an account that may not be deployed yet: its form values, typed secrets included. */
	function accountForm(account) {
		var form = {};
		['region', 'baseUrl', 'sid', 'timeZone', 'defaultCountry', 'publicUrl', 'requestsPerMinute'].forEach(
			function (name) {
				form[name] = account[name];
			},
		);
		['apiKey', 'apiToken', 'webhookToken', 'previousWebhookToken'].forEach(function (name) {
			var typed = account.credentials && account.credentials[name];
			form[name] = typed === undefined ? '__PWRD__' : typed;
		});
		return form;
	}

	function post(path, data) {
		return $.ajax({ url: path, method: 'POST', contentType: 'application/json', data: JSON.stringify(data) });
	}

	/** Fills a select with memory and the context stores of the settings. */
	function stores(select, value) {
		var box = $(select).empty();
		$('<option value=""></option>')
			.text(shared('form.store-memory', 'memory (until Node-RED restarts)'))
			.appendTo(box);
		((RED.settings.context && RED.settings.context.stores) || []).forEach(function (name) {
			$('<option></option>')
				.val(name)
				.text(shared('form.store-named', 'context store: __name__', { name: name }))
				.appendTo(box);
		});
		if (
			value &&
			box.find('option').filter(function () {
				return this.value === value;
			}).length === 0
		)
			$('<option></option>').val(value).text(value).appendTo(box);
		box.val(value || '');
	}

	window.exotelEditor = {
		FROM_MESSAGE: FROM_MESSAGE,
		shared: shared,
		current: current,
		check: check,
		fields: fields,
		chosenAccount: chosenAccount,
		accountForm: accountForm,
		nameButtons: nameButtons,
		saved: saved,
		stores: stores,
		post: post,
		/** Call first in oneditprepare, and with null in oneditsave and oneditcancel. */
		opened: function (node) {
			open = node;
		},
	};
})();

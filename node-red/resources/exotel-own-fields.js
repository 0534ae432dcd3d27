/** Fields that only a form of ours knows, beside those of the core: typed inputs and their validators. */
(function () {
	'use strict';

	/**
	 * Makes a typed input of `#node-input-<property>`.
	 * options: { types: what the field itself holds, label, placeholder }
	 */
	function typed(node, property, options) {
		var input = $('#node-input-' + property);
		var types = options.types.concat(window.exotelEditor.FROM_MESSAGE);
		input.val(window.exotelEditor.saved(node, property));
		$('#node-input-' + property + 'Type').val(window.exotelEditor.saved(node, property + 'Type'));
		input.attr({ 'aria-label': options.label, placeholder: options.placeholder || '' }).css('width', '70%');
		input.typedInput({
			default: typeof types[0] === 'string' ? types[0] : types[0].value,
			types: types,
			typeField: '#node-input-' + property + 'Type',
		});
		window.exotelEditor.nameButtons(input, options.label);
	}

	/**
	 * True, or what is wrong with a typed field. A value that comes with the message is checked for its form only.
	 * rules: { label, required, check: function (value) → true or reason }
	 */
	function check(node, property, value, opt, rules) {
		var editor = window.exotelEditor;
		var blank = value === undefined || value === null || value === '';
		if (blank)
			return rules.required
				? editor.shared('form.missing', '__label__ is missing', { label: rules.label })
				: true;
		var type = editor.current(node, property + 'Type') || 'str';
		if (window.exotelEditor.FROM_MESSAGE.indexOf(type) === -1) return rules.check ? rules.check(value) : true;
		var verdict = RED.utils.validateTypedProperty(value, type, $.extend({}, opt, { label: rules.label }));
		return verdict === true || verdict === undefined
			? true
			: verdict === false
				? editor.shared('form.unreadable', '__label__ cannot be read', { label: rules.label })
				: verdict;
	}

	/** True, or the reason: a whole number of at least `min`. Blank is right. */
	function checkNumber(value, min, max, reason) {
		if (value === undefined || value === null || value === '') return true;
		var number = Number(value);
		return number >= min && number <= max ? true : reason;
	}

	window.exotelOwnFields = { typed: typed, check: check, checkNumber: checkNumber };
})();

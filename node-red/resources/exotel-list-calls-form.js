/** The form of *list calls*: a range by name or by two times, filters, and how the calls leave the node. */
(function () {
	'use strict';

	var TIMES = ['createdAfter', 'createdBefore'];
	var FILTERS = [
		'exoPhone',
		'from',
		'to',
		'callStatus',
		'direction',
		'sortBy',
		'details',
		'durationMinSeconds',
		'durationMaxSeconds',
		'durationEqualsSeconds',
		'priceMin',
		'priceMax',
		'priceEquals',
		'sids',
		'pageSize',
	];
	var OPTIONAL = [
		'durationMinSeconds',
		'durationMaxSeconds',
		'durationEqualsSeconds',
		'priceMin',
		'priceMax',
		'priceEquals',
		'sids',
		'pageSize',
	];

	function check(node, name, value, opt) {
		var editor = window.exotelEditor;
		if (name === 'limit') {
			return value === undefined || value === '' || /^[1-9]\d*$/.test(value)
				? true
				: node._('exotel-list-calls.form.limit');
		}
		// A range by name leaves the two times aside.
		if (TIMES.indexOf(name) !== -1 && editor.current(node, 'range') !== 'custom') return true;
		return editor.check(node, 'listCalls', name, value, opt);
	}

	function prepare(node) {
		var editor = window.exotelEditor;
		editor.opened(node);
		if (!node.range) $('#node-input-range').val('custom');
		if (!node.output) $('#node-input-output').val('call');
		if (!node.pace) $('#node-input-pace').val('flow');
		editor.fields(node, {
			container: '#exotel-list-calls-times',
			names: TIMES,
			operations: { only: 'listCalls' },
			mode: null,
		});
		editor.fields(node, {
			container: '#exotel-list-calls-fields',
			more: '#exotel-list-calls-more-fields',
			names: FILTERS,
			optional: OPTIONAL,
			operations: { only: 'listCalls' },
			mode: null,
		});
		var show = function () {
			$('#exotel-list-calls-times').toggle($('#node-input-range').val() === 'custom');
			var output = $('#node-input-output').val();
			$('#exotel-list-calls-pace').toggle(output !== 'all');
			$('#exotel-list-calls-pace-note').text(
				node._('exotel-list-calls.form.pace-' + $('#node-input-pace').val()),
			);
		};
		$('#node-input-range, #node-input-output, #node-input-pace').on('change', show);
		show();
	}

	window.exotelListCallsForm = { check: check, prepare: prepare };
})();

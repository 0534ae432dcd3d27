/** The form of *call events*: the address to paste into Exotel, and which events come out where. */
(function () {
	'use strict';

	var EVENTS = ['dial', 'ringing', 'answered', 'terminal'];

	function prepare(node) {
		var editor = window.exotelEditor;
		editor.opened(node);
		if (!node.split) $('#node-input-split').val('one');
		EVENTS.forEach(function (event) {
			var row = $('<div style="display: flex; align-items: baseline; margin-bottom: 4px;"></div>').appendTo(
				'#exotel-call-events-choice',
			);
			var id = 'exotel-call-events-' + event;
			$('<input type="checkbox" style="flex: none; width: auto; margin: 0 6px 0 0;">')
				.attr('id', id)
				.val(event)
				.prop('checked', (node.events || EVENTS).indexOf(event) !== -1)
				.appendTo(row);
			$('<label style="width: auto; margin: 0;"></label>')
				.attr('for', id)
				.text(node._('exotel-call-events.event.' + event))
				.appendTo(row);
		});
		editor.stores('#node-input-store', node.store);
		window.exotelWebhookAddress.show({
			container: '#exotel-call-events-address',
			path: function () {
				return $('#node-input-path').val();
			},
			follow: '#node-input-path',
		});
	}

	function checkSweep(value) {
		var minutes = Number(value);
		return value === '' || value === undefined || (minutes >= 0 && minutes <= 1440)
			? true
			: window.exotelEditor.shared('form.sweep', 'Look for missed ends: minutes up to 1440, or blank');
	}

	function save(node) {
		var chosen = $('#exotel-call-events-choice input:checked')
			.map(function () {
				return this.value;
			})
			.get();
		node.events = chosen;
		$('#node-input-outputs').val($('#node-input-split').val() === 'each' ? Math.max(1, chosen.length) : 1);
	}

	window.exotelCallEventsForm = { checkSweep: checkSweep, prepare: prepare, save: save };
})();

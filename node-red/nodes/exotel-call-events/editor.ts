/** The form of *call events*: the address to paste into Exotel, and which events leave by which output. */
import { defineForm } from '../../editor/form';
import { plain, type NodeView } from '../../editor/node-view';
import { fillStores } from '../../editor/stores';
import { shared } from '../../editor/texts';
import { checkNumber } from '../../editor/validation';
import { checkPath, showAddress } from '../../editor/webhook-address';
import { webhookPath } from '../../webhooks/path';

const EVENTS = ['dial', 'ringing', 'answered', 'terminal'] as const;

function eventsOf(view: NodeView): readonly unknown[] {
	const { events } = view.node;
	return Array.isArray(events) ? events : EVENTS;
}

/** One tick box per event. */
function showEvents(view: NodeView): void {
	for (const event of EVENTS) {
		const id = `exotel-call-events-${event}`;
		const box = $('<input type="checkbox" style="flex: none; width: auto; margin: 0 6px 0 0;">').attr('id', id);
		box.val(event).prop('checked', eventsOf(view).includes(event));
		const label = $('<label style="width: auto; margin: 0;"></label>').attr('for', id);
		label.text(view.word(`event.${event}`));
		const row = $('<div style="display: flex; align-items: baseline; margin-bottom: 4px;"></div>');
		$('#exotel-call-events-choice').append(row.append(box, label));
	}
}

export default defineForm({
	type: 'exotel-call-events',
	inputs: 0,
	outputs: 1,
	paletteLabel: 'call events',
	account: true,
	sources: {},
	own: {
		path: { value: '', check: (view, value) => checkPath(view, value, { optional: false }) },
		events: {
			value: EVENTS,
			check: (_view, value) =>
				(Array.isArray(value) && value.length > 0) ||
				shared('form.events-missing', 'Events: choose at least one'),
		},
		split: { value: 'one' },
		store: { value: '' },
		sweepMinutes: {
			value: '',
			check(_view, value) {
				const message = shared('form.sweep', 'Missed ends: up to 1440 minutes, or blank');
				return checkNumber(value, 0, 1440, message);
			},
		},
		outputs: { value: 1 },
	},
	label: (view) => webhookPath(view.text('path')) ?? view.word('name.blank'),
	outputLabel: (view, index) =>
		view.text('split') === 'each' ? view.word(`short.${plain(eventsOf(view)[index])}`) : view.word('port.any'),
	prepare(view) {
		showEvents(view);
		fillStores(view, 'store');
		showAddress(view, '#exotel-call-events-address');
	},
	save(view) {
		const chosen = EVENTS.filter((event) => $(`#exotel-call-events-${event}`).is(':checked'));
		view.node.events = chosen;
		view.input('outputs').val(view.input('split').val() === 'each' ? Math.max(1, chosen.length) : 1);
	},
});

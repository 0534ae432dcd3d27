/** The form of *call events*: the address to paste into Exotel, and which events leave by which output. */
import { callbackSources, callEventTypes } from '../../../exotel/index';
import { defineForm } from '../../editor/form';
import { plain, type NodeView } from '../../editor/node-view';
import { fillStores } from '../../editor/stores';
import { shared } from '../../editor/texts';
import { checkNumber } from '../../editor/validation';
import { checkPath, showAddress } from '../../editor/webhook-address';
import { ranges } from '../../ranges';
import { webhookPath } from '../../webhooks/path';

/** Lists of words that are chosen by tick boxes, by property. */
const LISTS = { events: callEventTypes, sources: callbackSources } as const;

type List = keyof typeof LISTS;

/** What a node has chosen of a list; everything when it was saved without. */
function chosenOf(view: NodeView, list: List): readonly unknown[] {
	const chosen = view.node[list];
	return Array.isArray(chosen) ? chosen : LISTS[list];
}

function boxId(list: List, word: string): string {
	return `exotel-call-events-${list}-${word}`;
}

/** One tick box per word of a list. */
function showList(view: NodeView, list: List): void {
	for (const word of LISTS[list]) {
		const id = boxId(list, word);
		const box = $('<input type="checkbox" style="flex: none; width: auto; margin: 0 6px 0 0;">').attr('id', id);
		box.val(word).prop('checked', chosenOf(view, list).includes(word));
		const label = $('<label style="width: auto; margin: 0;"></label>').attr('for', id);
		label.text(view.word(`${list}.${word}`));
		const row = $('<div style="display: flex; align-items: baseline; margin-bottom: 4px;"></div>');
		$(`#exotel-call-events-${list}`).append(row.append(box, label));
	}
}

/** The ticked words of a list. */
function ticked(list: List): string[] {
	return LISTS[list].filter((word) => $(`#${boxId(list, word)}`).is(':checked'));
}

export default defineForm({
	type: 'exotel-call-events',
	inputs: 0,
	outputs: 1,
	paletteLabel: 'call events',
	account: true,
	sources: {},
	own: {
		path: {
			value: '',
			check: (view, value) => checkPath(view, value, { optional: false, label: view.word('label.path') }),
		},
		events: {
			value: callEventTypes,
			check: (_view, value) =>
				(Array.isArray(value) && value.length > 0) ||
				shared('form.events-missing', 'Events: choose at least one'),
		},
		sources: {
			value: callbackSources,
			check: (_view, value) =>
				value === undefined ||
				(Array.isArray(value) && value.length > 0) ||
				shared('form.sources-missing', 'Only from: choose at least one'),
		},
		split: { value: 'one' },
		store: { value: '' },
		sweepMinutes: {
			value: '',
			check(_view, value) {
				const message = shared('form.sweep', 'Missed ends: up to 1440 minutes, or blank');
				return checkNumber(value, ranges.sweepMinutes, message);
			},
		},
		outputs: { value: 1 },
	},
	label: (view) => webhookPath(view.text('path')) ?? view.word('name.blank'),
	outputLabel: (view, index) =>
		view.text('split') === 'each'
			? view.word(`short.${plain(chosenOf(view, 'events')[index])}`)
			: view.word('port.any'),
	prepare(view) {
		showList(view, 'events');
		showList(view, 'sources');
		fillStores(view, 'store');
		showAddress(view, '#exotel-call-events-address');
	},
	save(view) {
		const chosen = ticked('events');
		Object.assign(view.node, { events: chosen, sources: ticked('sources') });
		view.input('outputs').val(view.input('split').val() === 'each' ? Math.max(1, chosen.length) : 1);
	},
});

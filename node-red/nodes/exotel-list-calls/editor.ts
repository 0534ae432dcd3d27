/** The form of *list calls*: a range by name or by two times, filters, and how the calls leave the node. */
import { filterViolations, listCalls } from '../../../exotel/index';
import { defineForm } from '../../editor/form';
import { plain, type NodeView } from '../../editor/node-view';

function show(view: NodeView): void {
	$('#exotel-list-calls-main').toggle(view.text('range') === 'custom');
	$('#exotel-list-calls-pace').toggle(view.text('output') !== 'all');
	$('#exotel-list-calls-pace-note').text(view.word(`form.pace-${view.text('pace')}`));
}

/** The node reads longer ranges than one request may have. */
const violations: typeof listCalls.violations = (input, rules) => filterViolations(input, rules, Date.now());

export default defineForm({
	type: 'exotel-list-calls',
	inputs: 1,
	outputs: 1,
	paletteLabel: 'list calls',
	account: true,
	sources: { listCalls: { ...listCalls, violations } },
	// The node walks the pages itself.
	except: ['cursor'],
	defaults: { sortBy: 'oldest', details: 'true', pageSize: '100' },
	own: {
		range: { value: 'yesterday' },
		output: { value: 'call' },
		pace: { value: 'flow' },
		limit: {
			value: '',
			check: (view, value) => /^(?:[1-9]\d*)?$/.test(plain(value)) || view.word('form.limit'),
		},
	},
	instead(view, name) {
		const isTime = name === 'createdAfter' || name === 'createdBefore';
		// The two times only count when the range is not chosen by name.
		return isTime && !['custom', ''].includes(view.text('range')) ? 'nothing' : undefined;
	},
	label: (view) => view.word(`name.${view.text('range') || 'custom'}`),
	inputLabel: (view) => view.word('port.input'),
	outputLabel: (view) => view.word('port.output'),
	prepare(view) {
		// A flow written by hand without a range gives the two times.
		if (plain(view.node.range) === '') view.input('range').val('custom');
		$('#node-input-range, #node-input-output, #node-input-pace').on('change', () => show(view));
		show(view);
	},
});

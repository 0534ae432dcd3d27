/** The form of *look up number*. */
import { lookupNumber } from '../../../exotel/index';
import { defineForm } from '../../editor/form';

export default defineForm({
	type: 'exotel-lookup-number',
	inputs: 1,
	outputs: 1,
	paletteLabel: 'look up number',
	account: true,
	sources: { lookupNumber },
	defaults: { number: ['payload', 'msg'] },
	own: {},
	label: (view) => view.word('name.blank'),
	inputLabel: (view) => view.word('port.input'),
	outputLabel: (view) => view.word('port.output'),
});

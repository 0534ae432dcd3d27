/** The form of *get call*. */
import { getCall } from '../../../exotel/index';
import { defineForm } from '../../editor/form';

export default defineForm({
	type: 'exotel-get-call',
	inputs: 1,
	outputs: 1,
	paletteLabel: 'get call',
	account: true,
	sources: { getCall },
	defaults: { sid: ['payload.sid', 'msg'], details: 'true' },
	own: { api: { value: 'auto' } },
	label: (view) => view.word('name.blank'),
	inputLabel: (view) => view.word('port.input'),
	outputLabel: (view) => view.word('port.call'),
});

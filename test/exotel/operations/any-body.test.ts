/** Every reader, given any body. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { downloadRecording, ExotelError } from '../../../exotel/index';
import { allOperations } from './all-operations';
import { answer, runs, singapore } from '../samples';

describe('reading any body', () => {
	it('turns it into a result or an ExotelError, whatever is asked for', () => {
		// A recording may be any bytes.
		const readers = allOperations.filter((operation) => operation !== downloadRecording);
		const bodies = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.uint8Array(),
			fc.json(),
			fc.string().map((text) => `<TwilioResponse>${text}</TwilioResponse>`),
			fc
				.json()
				.map(
					(json) =>
						`{"Call":${json},"Calls":${json},"Metadata":{},"Numbers":${json},` +
						`"incoming_phone_numbers":${json},"response":${json}}`,
				),
			fc
				.json()
				.map(
					(json) =>
						`{"Call":{"Sid":${json},"Details":${json}},"Calls":[{"Sid":"x","From":${json}}],` +
						`"Numbers":{"PhoneNumber":"0801","Circle":${json}},"response":{"data":{"call_sid":"x",` +
						`"recordings":${json}}}}`,
				),
		);
		fc.assert(
			fc.property(
				fc.constantFrom(...readers),
				bodies,
				fc.constantFrom(200, 201, 400, 404, 500),
				(call, body, status) => {
					try {
						assert.notEqual(call.read(answer(body, status), singapore), undefined);
					} catch (thrown) {
						assert.ok(thrown instanceof ExotelError, String(thrown));
					}
				},
			),
			runs,
		);
	});
});

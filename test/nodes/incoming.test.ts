/** A request as n8n hands it over. */
import assert from 'node:assert/strict';
import type { IWebhookFunctions } from 'n8n-workflow';
import { readCallEvent, type Account } from '../../exotel';
import { incomingOf } from '../../nodes/host/incoming';

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };

describe('a request to n8n', () => {
	const outcomeOf = (parsed: unknown, rawBody?: Buffer) => {
		const functions = {
			getRequestObject: () => ({ method: 'POST', path: '/x', headers: {}, ip: '203.0.113.7', rawBody }),
			getQueryData: () => ({}),
			getBodyData: () => parsed,
		} as unknown as IWebhookFunctions;
		return readCallEvent(incomingOf(functions), account).call.outcome;
	};
	const callback = { CallSid: 'c1', EventType: 'terminal', Status: 'busy' };

	it('is read from its bytes where n8n parsed none, for want of a content type', () => {
		for (const parsed of [undefined, null, {}])
			assert.equal(outcomeOf(parsed, Buffer.from(JSON.stringify(callback))), 'busy');
	});

	it('is read as n8n parsed it otherwise', () => {
		assert.equal(outcomeOf(callback, Buffer.from('something else')), 'busy');
		assert.equal(outcomeOf({ data: callback, files: {} }), 'busy');
	});
});

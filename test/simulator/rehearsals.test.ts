/** Gates of an account that can be rehearsed, by number and by switch: trial, credit, region, KYC, a call to itself. */
import assert from 'node:assert/strict';
import { FROM, Line } from './telephone-line';

const GATES = [
	{ digits: '84', name: 'trialAccount', status: 403, message: /Trial accounts can call verified numbers only/ },
	{ digits: '85', name: 'noCredit', status: 402, message: /enough credit/ },
	{ digits: '86', name: 'wrongRegion', status: 404, message: /not found/ },
	{ digits: '94', name: 'forbidden', status: 403, message: /KYC/ },
];

describe('simulator: rehearsals of account gates', () => {
	let line: Line;
	beforeEach(async () => {
		line = await Line.open();
	});
	afterEach(() => line.close());

	for (const { digits, name, status, message } of GATES) {
		it(`${name}: by a number ending in ${digits}, and by the switch; nothing is dialled`, async () => {
			const refused = async (to: string) => {
				const answer = await line.place({ To: to });
				assert.equal(answer.status, status);
				assert.match(answer.json.RestException.Message, message);
				const v2 = await line.v2('POST', '/calls', {
					from: { user_contact_uri: FROM },
					to: { customer_contact_uri: to },
					virtual_number: '08047112233',
				});
				assert.equal(v2.status, status);
				assert.match(v2.json.response.error_data.message, message);
			};
			await refused(`+9198123456${digits}`);
			await line.control('PUT', '/chaos', { [name]: true });
			await refused('+919812345610');
			assert.equal(line.simulator.calls().length, 0);
		});
	}

	it('answers reading requests as in the wrong region, too', async () => {
		await line.control('PUT', '/chaos', { wrongRegion: true });
		assert.equal((await line.v1('GET', '/Calls.json')).status, 404);
		assert.equal((await line.v2('GET', '/users')).json.response.error_data.code, 1017);
	});

	it('is busy when a number calls itself', async () => {
		await line.placed({ From: '+919812345610', To: '09812345610' });
		await line.simulator.advance(60);
		assert.equal(line.simulator.calls()[0]?.outcome, 'busy');
	});
});

/** ExoPhones belong to accounts: a missing or foreign CallerId is refused, unless the simulator is lenient. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Line } from './telephone-line';

const run = promisify(execFile);
const cli = path.join(__dirname, '..', '..', 'simulator', 'cli.ts');

describe('simulator: ExoPhones', () => {
	let line: Line;
	afterEach(() => line.close());

	it('gives every account the same three, and takes them in every form', async () => {
		line = await Line.open();
		for (const number of ['08047112233', '+918047112345', '8047115777', '0XXXXXX4890'])
			assert.equal((await line.place({ CallerId: number })).status, 200, number);
		const list = (await line.request('GET', '/v2_beta/Accounts/another/IncomingPhoneNumbers')).json;
		assert.deepEqual(
			list.incoming_phone_numbers.map((phone: any) => phone.sid),
			['08047112233', '08047112345', '08047115777'],
		);
	});

	it('refuses a missing and a foreign one; nothing is placed, nothing is adopted', async () => {
		line = await Line.open();
		const missing = await line.place({ CallerId: '' });
		assert.deepEqual(
			[missing.status, missing.json.RestException.Message],
			[400, 'Mandatory Parameter missing: CallerId'],
		);
		const foreign = await line.place({ CallerId: '08099999999' });
		assert.equal(foreign.status, 400);
		assert.match(foreign.json.RestException.Message, /not a valid ExoPhone/);
		const body = {
			from: { user_contact_uri: '+919812345670' },
			to: { customer_contact_uri: '+919812345680' },
			virtual_number: '08099999999',
		};
		assert.equal((await line.v2('POST', '/calls', body)).json.response.error_data.code, 10716);
		assert.equal(line.simulator.calls().length, 0);
		assert.equal((await line.v1('GET', '/IncomingPhoneNumbers.json')).json.IncomingPhoneNumbers.length, 3);
	});

	it('takes both when lenient, with a flag for the missing one', async () => {
		line = await Line.open({ strictness: 'as-seen-in-the-field' });
		assert.equal((await line.place({ CallerId: '08099999999' })).status, 200);
		assert.equal((await line.place({ CallerId: '' })).status, 200);
		assert.match((line.simulator.calls()[0]?.flags ?? []).join(), /CallerId is missing/);
	});

	it('takes the ExoPhones an account is configured with, on the command line too', async () => {
		line = await Line.open({
			accounts: [{ sid: 'Exotel', key: 'key', token: 'token', exoPhones: ['08044445555'] }],
		});
		assert.equal((await line.place({ CallerId: '08044445555' })).status, 200);
		assert.equal((await line.place({ CallerId: '08047112233' })).status, 400);
		const child = run(process.execPath, [
			...['--import', 'tsx', cli, '--port', '0'],
			...['--account', 'acme1:key:to:ken:08044445555,08066667777'],
		]);
		const printed = await new Promise<string>((resolve) => {
			let text = '';
			child.child.stdout?.on('data', (chunk: Buffer) => {
				text += chunk.toString();
				if (text.includes('other')) resolve(text);
			});
		});
		child.child.kill();
		await child.catch(() => undefined);
		assert.match(printed, /SID +acme1\n/);
		assert.match(printed, /API token +to:ken\n/);
		assert.match(printed, /ExoPhones +08044445555, 08066667777\n/);
	});
});

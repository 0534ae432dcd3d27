/** Accounts: hosts per region, defaults, the Authorization header, and refusals that name fields but never secrets. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readApiKey } from '../../exotel/account';
import { authorization, readAccount, readAccountKey } from '../../exotel/index';
import { apiHosts } from '../../exotel/account';
import { brokenRules, refused, runs } from './samples';

describe('account', () => {
	it('fills in what was left blank', () => {
		assert.deepEqual(readAccount({ sid: ' acme1 ' }), {
			region: 'singapore',
			sid: 'acme1',
			timeZone: 'Asia/Kolkata',
			defaultCountry: 'IN',
		});
		assert.deepEqual(readAccount({ region: '', baseUrl: ' ', sid: 'acme1', timeZone: '', defaultCountry: '' }), {
			region: 'singapore',
			sid: 'acme1',
			timeZone: 'Asia/Kolkata',
			defaultCountry: 'IN',
		});
	});

	it('keeps what was given, in its one form', () => {
		assert.deepEqual(
			readAccount({
				region: 'Mumbai',
				baseUrl: 'http://ignored.example',
				sid: 'Exotel',
				timeZone: 'Asia/Jakarta',
				defaultCountry: 'id',
			}),
			{
				region: 'mumbai',
				sid: 'Exotel',
				timeZone: 'Asia/Jakarta',
				defaultCountry: 'ID',
			},
		);
		assert.deepEqual(readAccount({ baseUrl: 'http://127.0.0.1:4010/', sid: 'a.b_c-9' }), {
			region: 'custom',
			baseUrl: 'http://127.0.0.1:4010',
			sid: 'a.b_c-9',
			timeZone: 'Asia/Kolkata',
			defaultCountry: 'IN',
		});
		assert.equal(
			readAccount({ region: 'custom', baseUrl: 'https://proxy.example/exotel//', sid: 'a' }).baseUrl,
			'https://proxy.example/exotel',
		);
	});

	it('knows the hosts of each region (seed 001, seed 004)', () => {
		assert.deepEqual(apiHosts(readAccount({ region: 'singapore', sid: 'a' })), {
			voice: 'https://api.exotel.com',
			ccm: 'https://ccm-api.exotel.com',
		});
		assert.deepEqual(apiHosts(readAccount({ region: 'mumbai', sid: 'a' })), {
			voice: 'https://api.in.exotel.com',
			ccm: 'https://ccm-api.in.exotel.com',
		});
		assert.deepEqual(apiHosts(readAccount({ baseUrl: 'http://h:1/', sid: 'a' })), {
			voice: 'http://h:1',
			ccm: 'http://h:1',
		});
		// An account built by hand is not trusted to have lost its slash.
		assert.deepEqual(
			apiHosts({
				region: 'custom',
				baseUrl: 'http://h:1//',
				sid: 'a',
				timeZone: 'Asia/Kolkata',
				defaultCountry: 'IN',
			}),
			{ voice: 'http://h:1', ccm: 'http://h:1' },
		);
	});

	it('names every bad field at once', () => {
		const error = refused(() =>
			readAccount({ region: 'delhi', sid: 'a b', timeZone: 'Mars/Base', defaultCountry: 'India' }),
		);
		assert.deepEqual(brokenRules(error), [
			'region: choice',
			'sid: pattern',
			'timeZone: time-zone',
			'defaultCountry: country',
		]);
		assert.match(error.message, /Singapore, Mumbai or Custom.*and 3 more: sid, timeZone, defaultCountry/);
		assert.match(error.hint, /save/);
		assert.deepEqual(brokenRules(refused(() => readAccount({}))), ['sid: required']);
		assert.deepEqual(brokenRules(refused(() => readAccount({ sid: 'x'.repeat(129) }))), ['sid: pattern']);
		assert.equal(readAccount({ sid: 'x'.repeat(128) }).sid.length, 128);
		assert.deepEqual(brokenRules(refused(() => readAccount({ sid: '../x' }))), ['sid: pattern']);
	});

	it('takes only a plain http(s) address as base URL', () => {
		assert.deepEqual(brokenRules(refused(() => readAccount({ region: 'custom', sid: 'a' }))), [
			'baseUrl: required',
		]);
		for (const bad of [
			'ftp://h',
			'h:4010',
			'http://',
			'http://u:p@h',
			'http://u@h',
			'http://h?x=1',
			'http://h#x',
			'http://h/a b',
			'nonsense',
		]) {
			const error = refused(() => readAccount({ region: 'custom', baseUrl: bad, sid: 'a' }));
			assert.deepEqual(brokenRules(error), ['baseUrl: url'], bad);
			assert.ok(!error.message.includes('u:p'));
		}
	});

	for (const baseUrl of ['http://exotel.example.com', 'http://8.8.8.8:4010', 'http://[2606:4700:4700::1111]/x']) {
		it(`sends no key without encryption across the internet: ${baseUrl}`, () => {
			const error = refused(() => readAccount({ region: 'custom', baseUrl, sid: 'a' }));
			assert.deepEqual(brokenRules(error), ['baseUrl: https']);
			assert.match(error.message, /^Base URL must start with https:\/\//);
			assert.equal(readAccount({ baseUrl: baseUrl.replace('http:', 'https:'), sid: 'a' }).region, 'custom');
		});
	}

	it('may use plain http on this machine and in this network', () => {
		for (const host of [
			'127.0.0.1:4010',
			'localhost:4010',
			'[::1]',
			'192.168.1.11',
			'simulator:4010',
			'a.internal',
		])
			assert.equal(readAccount({ baseUrl: `http://${host}`, sid: 'a' }).baseUrl, `http://${host}`);
	});

	it('says what to do about each', () => {
		const told = (run: () => unknown) =>
			refused(run)
				.violations.map(({ message }) => message)
				.join(' | ');
		assert.match(
			told(() => readAccount({ region: 'custom', timeZone: 'x', defaultCountry: 'x' })),
			new RegExp(
				'^Base URL is missing\\. Write the address of the server, for example http:.* \\| ' +
					'Account SID is missing\\. You find it on the API settings page.* \\| ' +
					'Time zone must be a name such as Asia/Kolkata\\. \\| ' +
					'Default country must be a two-letter code such as IN\\.$',
			),
		);
		assert.match(
			told(() => readAccount({ region: 'custom', baseUrl: 'x', sid: '/' })),
			/^Base URL must be a plain http or https address.* \| Account SID may only hold letters, digits/,
		);
		assert.match(
			told(() => readApiKey({ token: 'a b' })),
			/^API key is missing\. You find it.* \| API token holds a character that no API token has/,
		);
		assert.equal(refused(() => readApiKey({})).hint, 'Correct the account and save it.');
		assert.deepEqual(
			brokenRules(refused(() => readAccount({ region: 'custom', baseUrl: 'http://:pw@h', sid: 'a' }))),
			['baseUrl: url'],
		);
	});

	it('writes the Authorization header of the key and token', () => {
		assert.equal(authorization({ key: 'key', token: 'token' }), 'Basic a2V5OnRva2Vu');
		assert.equal(authorization(readApiKey({ key: ' key ', token: 'token\n' })), 'Basic a2V5OnRva2Vu');
	});

	it('refuses keys and tokens that cannot be right, without quoting them', () => {
		assert.deepEqual(brokenRules(refused(() => readApiKey({}))), ['key: required', 'token: required']);
		assert.deepEqual(brokenRules(refused(() => readApiKey({ key: 7, token: null }))), [
			'key: required',
			'token: required',
		]);
		const error = refused(() => readApiKey({ key: 'sec:ret', token: 'sec ret' }));
		assert.deepEqual(brokenRules(error), ['key: pattern', 'token: pattern']);
		assert.ok(
			!JSON.stringify([error.message, error.hint, error.violations]).includes('ret"') &&
				!error.message.includes('sec'),
		);
		assert.deepEqual(readApiKey({ key: 'k', token: 't:t' }), { key: 'k', token: 't:t' });
	});

	it('needs a key and a token, except on a server of this machine', () => {
		const here = readAccount({ region: 'custom', baseUrl: 'http://127.0.0.1:4010', sid: 'acme1' });
		const elsewhere = readAccount({ region: 'custom', baseUrl: 'http://10.0.0.7:4010', sid: 'acme1' });
		for (const blank of [{}, { key: '', token: '' }]) {
			assert.deepEqual(readAccountKey(here, blank), { key: 'any-key', token: 'any-token' });
			for (const account of [null, elsewhere, readAccount({ region: 'mumbai', sid: 'acme1' })])
				assert.deepEqual(brokenRules(refused(() => readAccountKey(account, blank))), [
					'key: required',
					'token: required',
				]);
		}
		assert.deepEqual(readAccountKey(here, { key: 'k', token: 't' }), { key: 'k', token: 't' });
		assert.deepEqual(brokenRules(refused(() => readAccountKey(here, { key: 'k:' }))), ['key: pattern']);
	});

	it('reads any key and token back out of its header', () => {
		const visible = fc.string({
			unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
			minLength: 1,
		});
		fc.assert(
			fc.property(
				visible.filter((key) => !key.includes(':')),
				visible,
				(key, token) => {
					const sent = authorization(readApiKey({ key, token })).replace(/^Basic /, '');
					assert.equal(Buffer.from(sent, 'base64').toString('utf8'), `${key}:${token}`);
				},
			),
			runs,
		);
	});
});

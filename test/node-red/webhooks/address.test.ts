/** Addresses of webhooks: paths, tokens, public URLs. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { acceptedTokens, pathToken } from '../../../exotel/index';
import {
	loginOf,
	repeatsFolder,
	webhookBase,
	webhookPath,
	webhookUrl,
	withLogin,
} from '../../../node-red/webhooks/address';
import { publicUrlFault } from '../../../exotel/index';
import { bodyLimit } from '../../../node-red/webhooks/request-body';

describe('webhook addresses', () => {
	it('puts every typed path below /exotel/, however it was typed', () => {
		for (const typed of ['calls', '/calls', 'calls/', ' /exotel/calls ', 'exotel/calls/'])
			assert.equal(webhookPath(typed), '/exotel/calls');
		assert.equal(webhookPath('ivr/menu.1'), '/exotel/ivr/menu.1');
		for (const typed of [
			'',
			'/',
			'self-test',
			'/exotel/self-test/',
			'a b',
			'a//b',
			'../admin',
			'a?b',
			'ü',
			'a%20b',
			':id',
			'*',
		])
			assert.equal(webhookPath(typed), null, typed);
	});

	it('derives one stable token per path that says nothing about the secret', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (secret, one, other) => {
				const token = pathToken(secret, one);
				assert.match(token, /^[A-Za-z0-9_-]{22}$/);
				assert.equal(token, pathToken(secret, one));
				if (one !== other) assert.notEqual(token, pathToken(secret, other));
				assert.ok(!token.includes(secret));
			}),
		);
	});

	it('accepts the derived and the plain token, present and previous; a blank one never', () => {
		assert.deepEqual(acceptedTokens(['', ''], '/exotel/x'), []);
		assert.deepEqual(acceptedTokens(['fifteen-letters'], '/exotel/x'), ['fifteen-letters'], 'refused by the core');
		const [present, previous] = ['present-token-0123', 'previous-token-0123'];
		assert.deepEqual(acceptedTokens([present, previous], '/exotel/x'), [
			pathToken(present, '/exotel/x'),
			present,
			pathToken(previous, '/exotel/x'),
			previous,
		]);
	});

	it('adds the HTTP root of Node-RED once', () => {
		for (const [publicUrl, root, base] of [
			['https://a.example.com', '/', 'https://a.example.com'],
			['https://a.example.com/', undefined, 'https://a.example.com'],
			['https://a.example.com', '/endpoint/', 'https://a.example.com/endpoint'],
			['https://a.example.com/endpoint', '/endpoint', 'https://a.example.com/endpoint'],
			['https://a.example.com/sub/', '/api', 'https://a.example.com/sub/api'],
			['https://a.example.com', false, 'https://a.example.com'],
		] as const)
			assert.equal(webhookBase(publicUrl, root), base);
	});

	it('know a public URL that ends with /exotel already, unless that is the HTTP root', () => {
		for (const [publicUrl, root, repeats] of [
			['https://a.example.com/exotel', '/', true],
			['https://a.example.com/exotel/', undefined, true],
			['https://a.example.com/sub/exotel//', '/api', true],
			['https://a.example.com/exotel', '/exotel/', false],
			['https://a.example.com/sub/exotel', '/sub/exotel', false],
			['https://a.example.com/exotel', '/exotel/sub', true],
			['https://a.example.com/my-exotel', '/', false],
			['https://exotel', '/', false],
			['https://a.example.com/', '/exotel', false],
			['', '/', false],
			['a.example.com/exotel', '/', false],
		] as const)
			assert.equal(repeatsFolder(publicUrl, root), repeats, `${publicUrl} below ${String(root)}`);
	});

	it('writes token and attempt into the address', () => {
		const url = new URL(webhookUrl('https://a.example.com', '/exotel/x', 'secret', 'attempt-1'));
		assert.equal(url.pathname, '/exotel/x');
		assert.equal(url.searchParams.get('token'), pathToken('secret', '/exotel/x'));
		assert.ok(url.search.includes('attempt-1'));
		assert.equal(webhookUrl('https://a.example.com', '/exotel/x', ''), 'https://a.example.com/exotel/x');
	});

	it('writes the login in front of the host, so that every client reads it back', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme' }),
				fc.string({ unit: 'grapheme' }),
				(webhookUser, webhookPassword) => {
					const login = loginOf({ webhookUser, webhookPassword });
					const url = withLogin('https://a.example.com/exotel/x?y=://z', login);
					if (login === null) return assert.equal(url, 'https://a.example.com/exotel/x?y=://z');
					const { username, password, host, pathname, search } = new URL(url);
					assert.deepEqual([username, password].map(decodeURIComponent), [webhookUser, webhookPassword]);
					assert.deepEqual([host, pathname, search], ['a.example.com', '/exotel/x', '?y=://z']);
					assert.ok(!url.includes("'"));
				},
			),
		);
		assert.equal(loginOf({}), null);
	});

	it('tells public from private hosts', () => {
		for (const host of [
			'localhost',
			'127.0.0.1',
			'10.1.2.3',
			'172.16.0.1',
			'172.31.255.1',
			'192.168.1.1',
			'169.254.1.1',
			'100.64.0.1',
			'0.0.0.0',
			'[::1]',
			'[fd00::1]',
			'[fe80::1]',
			'[::ffff:10.0.0.1]',
			'nodered',
			'pi.local',
			'x.internal',
		])
			assert.equal(publicUrlFault(`http://${host}`), 'private', host);
		for (const host of [
			'8.8.8.8',
			'172.32.0.1',
			'100.128.0.1',
			'192.169.0.1',
			'[2606:4700::1111]',
			'nodered.example.com',
			'a.in',
		])
			assert.equal(publicUrlFault(`http://${host}`), null, host);
	});

	it('says what is wrong with a public URL', () => {
		assert.equal(publicUrlFault(''), 'missing');
		for (const url of [
			'nonsense',
			'ftp://a.example.com',
			'https://user:pass@a.example.com',
			'https://a.example.com/?x=1',
			'https://a.example.com/#x',
		])
			assert.equal(publicUrlFault(url), 'unreadable', url);
		assert.equal(publicUrlFault('http://127.0.0.1:1880'), 'private');
		assert.equal(publicUrlFault('https://nodered.example.com/sub'), null);
	});

	it("reads Node-RED's body limit in every way it may be written", () => {
		for (const [written, bytes] of [
			[undefined, 1048576],
			['0.5mb', 524288],
			['1.5kb', 1536],
			[1000, 1000],
			['0.25MB', 262144],
			['rubbish', 1048576],
			['0.0005gb', 536870],
		] as const)
			assert.equal(bodyLimit(written), bytes);
	});

	it('reads no body that is larger than the core takes, whatever apiMaxLength says', () => {
		for (const written of ['5mb', '10MB', '1gb', 2_000_000]) assert.equal(bodyLimit(written), 1048576);
	});
});

/** The address under which Exotel reaches this host, and the callback URLs made from it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { callbackUrl, canReceiveCallbacks, publicUrlFault } from '../../../exotel/net/public-url';
import { brokenRules, refused, runs } from '../samples';

describe('the fault of a public address', () => {
	it('is none for a plain web address that the internet can reach', () => {
		for (const url of [
			'https://flows.example.com',
			'http://flows.example.com:8080/base',
			'https://8.8.8.8/n8n/',
			'https://[2606:4700::1]:8443',
		]) {
			assert.equal(publicUrlFault(url), null, url);
		}
	});

	it('is "missing" when it is empty', () => {
		assert.equal(publicUrlFault(''), 'missing');
	});

	it('is "unreadable" when it is no plain web address', () => {
		for (const url of [
			'flows.example.com',
			'/path',
			'ftp://flows.example.com',
			'https://user@flows.example.com',
			'https://flows.example.com?x=1',
			'https://flows.example.com#x',
			'https://',
		]) {
			assert.equal(publicUrlFault(url), 'unreadable', url);
		}
	});

	it('is "private" when only this machine or network can reach it', () => {
		for (const url of [
			'http://localhost:1880',
			'http://127.0.0.1',
			'http://[::1]:1880',
			'http://10.1.2.3',
			'http://192.168.1.10:5678/',
			'http://100.64.0.1',
			'http://[fd00::1]',
			'http://[fe80::1]',
			'http://[::ffff:10.0.0.1]',
			'http://nas',
			'http://node-red.local',
			'http://2130706433',
		]) {
			assert.equal(publicUrlFault(url), 'private', url);
		}
	});

	it('decides who can receive callbacks: a private address only with a server of one’s own', () => {
		assert.equal(canReceiveCallbacks('https://flows.example.com', 'singapore'), true);
		assert.equal(canReceiveCallbacks('https://flows.example.com', 'custom'), true);
		assert.equal(canReceiveCallbacks('http://127.0.0.1:1880', 'custom'), true);
		assert.equal(canReceiveCallbacks('http://127.0.0.1:1880', 'singapore'), false);
		assert.equal(canReceiveCallbacks('http://127.0.0.1:1880', 'mumbai'), false);
		for (const url of ['', 'nonsense', 'https://flows.example.com?x=1']) {
			assert.equal(canReceiveCallbacks(url, 'custom'), false, url);
		}
	});

	it('is found in any text without an error', () => {
		const property = fc.property(fc.oneof(fc.string(), fc.webUrl()), (url) => {
			const fault = publicUrlFault(url);
			assert.ok(fault === null || ['missing', 'unreadable', 'private'].includes(fault));
		});
		fc.assert(property, runs);
	});
});

describe('a callback URL', () => {
	it('holds the token and the attempt after whatever the base already holds', () => {
		const parameters = { token: 'a b', attemptId: 'x-1' };
		for (const [base, expected] of [
			['https://a.example/x', 'https://a.example/x?token=a%20b&attempt=x-1'],
			['https://a.example/x?y=1', 'https://a.example/x?y=1&token=a%20b&attempt=x-1'],
			['https://a.example/x?', 'https://a.example/x?token=a%20b&attempt=x-1'],
			['https://a.example/x?y=1&', 'https://a.example/x?y=1&token=a%20b&attempt=x-1'],
			[' https://a.example/x#top ', 'https://a.example/x?token=a%20b&attempt=x-1'],
		] as const) {
			assert.equal(callbackUrl(base, parameters), expected);
		}
		assert.equal(callbackUrl('https://a.example/x', {}), 'https://a.example/x');
		assert.equal(callbackUrl('https://a.example/x', { token: '' }), 'https://a.example/x');
		assert.equal(callbackUrl('https://a.example/x', { attemptId: '1' }), 'https://a.example/x?attempt=1');
	});

	it('needs a web address', () => {
		for (const base of ['', 'a.example', 'ftp://a.example', 'https://', 'https:///x', 'http://[']) {
			assert.deepEqual(brokenRules(refused(() => callbackUrl(base, {}))), ['publicUrl: url'], base);
		}
	});

	it('gives back what was put into it', () => {
		const property = fc.property(fc.string({ minLength: 1 }), fc.webUrl(), (token, base) => {
			fc.pre(!/[?&]token=/.test(base) && !/\p{Surrogate}/u.test(token));
			assert.equal(new URL(callbackUrl(base, { token })).searchParams.get('token'), token);
		});
		fc.assert(property, runs);
	});
});

/** Whom to believe, and our own callback URL. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
	attemptOf,
	callbackUrl,
	ExotelError,
	parseAddressList,
	parseSenderRules,
	type IncomingRequest,
} from '../../../exotel';
import { type SenderSettings } from '../../../exotel/webhooks/sender';
import { propertyRuns as numRuns } from '../samples';

const request = (parts: Partial<IncomingRequest>): IncomingRequest => ({
	method: 'POST',
	headers: {},
	receivedAt: 0,
	...parts,
});
const status = (parts: Partial<IncomingRequest>, rules: SenderSettings): number => {
	const verdict = parseSenderRules(rules).verify(request(parts));
	if (verdict.allowed) return 200;
	assert.ok(verdict.reason.length > 10);
	return verdict.httpStatus;
};

describe('the webhook token', () => {
	const rules = { tokens: ['old-token-0123456', 'new-token-0123456'] };

	it('is taken from the query in every form or from the end of the path', () => {
		assert.equal(status({ query: { token: 'old-token-0123456' } }, rules), 200);
		assert.equal(status({ query: 'a=1&token=new-token-0123456' }, rules), 200);
		assert.equal(status({ query: '?token=new-token-0123456' }, rules), 200);
		assert.equal(status({ path: '/exotel/x?token=new-token-0123456' }, rules), 200);
		assert.equal(status({ path: '/exotel/x/new-token-0123456' }, rules), 200);
		assert.equal(status({ path: '/exotel/x/new-token-0123456?a=1' }, rules), 200);
		assert.equal(status({ path: '/exotel/a%2Fb-and-more-letters' }, { tokens: ['a/b-and-more-letters'] }), 200);
		assert.equal(status({ path: '/exotel/%zz-and-more-letters' }, { tokens: ['%zz-and-more-letters'] }), 200);
		assert.equal(status({ query: { token: ['new-token-0123456', 'x'] } }, rules), 200);
		assert.equal(status({ query: { token: ['x', 'new-token-0123456'] } }, rules), 200);
		assert.equal(status({ query: 'token=x&token=new-token-0123456' }, rules), 200);
		assert.equal(status({ query: { token: ['x', 'y'] } }, rules), 401);
	});

	it('missing or wrong is a 401', () => {
		for (const parts of [
			{},
			{ query: {} },
			{ query: { token: '' } },
			{ query: { token: 'wrong' } },
			{ query: { token: 'old-token-012345' } },
			{ query: { token: 'old-token-01234562' } },
			{ query: { Token: 'old-token-0123456' } },
			{ path: '/exotel/new-token-0123456/x' },
			{ path: '/' },
			{ path: '' },
			{ query: { token: {} } },
			{ query: { key: 'old-token-0123456' } },
		]) {
			assert.equal(status(parts, rules), 401, JSON.stringify(parts));
		}
		assert.equal(status({ query: { token: 'x'.repeat(513) } }, { tokens: ['x'.repeat(513)] }), 401);
		assert.equal(status({ query: { token: 'x'.repeat(512) } }, { tokens: ['x'.repeat(512)] }), 200);
		assert.equal(status({ query: `${'a=1&'.repeat(600)}token=old-token-0123456` }, rules), 401);
	});

	it('lets nobody in when there is none, unless anyone may call; blanks are none', () => {
		assert.equal(status({}, { tokens: 'anyone' }), 200);
		for (const tokens of [[], ['', ''], ['', 'a']])
			for (const query of [{}, { token: '' }, { token: 'a' }]) assert.equal(status({ query }, { tokens }), 503);
		const access = (tokens: SenderSettings['tokens']): string => parseSenderRules({ tokens }).access;
		assert.deepEqual(
			[access('anyone'), access([]), access(['a']), access(rules.tokens)],
			['anyone', 'nobody', 'nobody', 'token'],
		);
	});

	it('lets nobody in when it is too short, and says so', () => {
		const short = 'fifteen-letters';
		const verdict = parseSenderRules({ tokens: [short] }).verify(request({ query: { token: short } }));
		assert.ok(!verdict.allowed && verdict.httpStatus === 503);
		assert.match(verdict.reason, /too short.*at least 16 characters/);
		// Beside a usable one it is as good as wrong.
		assert.equal(status({ query: { token: short } }, { tokens: [short, ...rules.tokens] }), 401);
		assert.equal(status({ query: { token: `${short}!` } }, { tokens: [`${short}!`] }), 200);
	});

	it('is never quoted in the reason', () => {
		const verdict = parseSenderRules(rules).verify(request({ query: { token: 'guess-123' } }));
		assert.ok(!verdict.allowed && !/guess-123|old-token-0123456|new-token-0123456/.test(verdict.reason));
	});
});

describe('the address list', () => {
	const allowed = (
		remoteAddress: string | undefined,
		allowedAddresses: string[],
		more: Partial<SenderSettings> = {},
		forwarded?: string,
	): number =>
		status(
			{
				...(remoteAddress === undefined ? {} : { remoteAddress }),
				headers: forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded },
			},
			{ tokens: 'anyone', allowedAddresses, ...more },
		);

	it('knows single addresses, ranges and both families', () => {
		assert.equal(allowed('203.0.113.7', ['203.0.113.7']), 200);
		assert.equal(allowed('203.0.113.8', ['203.0.113.7']), 403);
		assert.equal(allowed('203.0.113.255', ['198.51.100.1', '203.0.113.0/24']), 200);
		assert.equal(allowed('203.0.114.0', ['203.0.113.0/24']), 403);
		assert.equal(allowed('1.2.3.4', ['0.0.0.0/0']), 200);
		assert.equal(allowed('::ffff:203.0.113.7', ['203.0.113.0/24']), 200);
		assert.equal(allowed('2001:db8::1', ['2001:db8::/32']), 200);
		assert.equal(allowed('2001:db9::1', ['2001:db8::/32']), 403);
		assert.equal(allowed('2001:db8::1', ['203.0.113.0/24']), 403);
		assert.equal(allowed('203.0.113.7', ['203.0.113.7/32']), 200);
		assert.equal(allowed('203.0.113.8', ['203.0.113.7/32']), 403);
		assert.equal(allowed('2001:db8::1', ['2001:db8::1/128']), 200);
		assert.equal(allowed('2001:db8::1', ['2001:db8::1/129']), 403);
		assert.equal(allowed('2001:db8::2', ['2001:db8::1/128']), 403);
		assert.equal(allowed('198.51.100.23:80', ['198.51.100.23']), 200);
		assert.equal(allowed('[2001:db8::1]', ['2001:db8::1']), 200);
		assert.equal(allowed('x[2001:db8::1]', ['2001:db8::1']), 403);
		assert.equal(allowed('203.0.113.7:80x', ['203.0.113.7']), 403);
		assert.equal(allowed('203.0.113.7:4321', [' 203.0.113.7 ']), 200);
		assert.equal(allowed('[2001:db8::1]:4321', ['2001:db8::1']), 200);
	});

	it('lets nobody in whose address is unknown, and nobody by a rule that is none', () => {
		assert.equal(allowed(undefined, ['0.0.0.0/0']), 403);
		assert.equal(allowed('somewhere', ['0.0.0.0/0']), 403);
		for (const rule of ['nonsense', '203.0.113.0/33', '203.0.113.0/', '203.0.113.0/x', '203.0.113.0/24/24'])
			assert.equal(allowed('203.0.113.7', [rule]), 403, rule);
	});

	it('lets anybody in when it is empty', () => {
		assert.equal(allowed('203.0.113.7', []), 200);
		assert.equal(allowed(undefined, ['', ' ']), 200);
	});

	it('believes X-Forwarded-For only from trusted proxies', () => {
		const proxies = { trustedProxies: ['10.0.0.0/8'] };
		assert.equal(allowed('10.0.0.1', ['203.0.113.7'], proxies, '203.0.113.7'), 200);
		assert.equal(allowed('10.0.0.1', ['203.0.113.7'], {}, '203.0.113.7'), 403);
		assert.equal(allowed('198.51.100.1', ['203.0.113.7'], proxies, '203.0.113.7'), 403);
		assert.equal(
			allowed('10.0.0.1', ['203.0.113.7'], proxies, '203.0.113.7, 198.51.100.1'),
			403,
			'what the client claims does not count',
		);
		assert.equal(
			allowed('10.0.0.1', ['203.0.113.7'], proxies, '198.51.100.1, 203.0.113.7, 10.0.0.2'),
			200,
			'nearest one that is no proxy of ours',
		);
		assert.equal(
			allowed('10.0.0.1', ['10.0.0.1'], proxies),
			200,
			'a proxy that forwards nothing speaks for itself',
		);
		assert.equal(allowed('10.0.0.1', ['203.0.113.7'], proxies, 'unknown'), 403);
		assert.equal(allowed('10.0.0.1', ['10.0.0.1'], proxies, '10.0.0.2'), 403);
	});

	it('is asked after the token', () => {
		assert.equal(
			status(
				{ remoteAddress: '203.0.113.7', query: { token: 'a-token-of-sixteen' } },
				{ tokens: ['a-token-of-sixteen'], allowedAddresses: ['203.0.113.7'] },
			),
			200,
		);
		assert.equal(
			status(
				{ remoteAddress: '203.0.113.7' },
				{ tokens: ['a-token-of-sixteen'], allowedAddresses: ['203.0.113.7'] },
			),
			401,
		);
		assert.equal(
			status(
				{ remoteAddress: '203.0.113.8', query: { token: 'a-token-of-sixteen' } },
				{ tokens: ['a-token-of-sixteen'], allowedAddresses: ['203.0.113.7'] },
			),
			403,
		);
	});

	it('names every entry that is not an address, with an example', () => {
		assert.deepEqual(parseAddressList('203.0.113.0/24; ::1', 'allowedAddresses').violations, []);
		const { violations } = parseAddressList('300.1.1.1, 203.0.113.7\nx', 'allowedAddresses');
		assert.deepEqual(
			violations.map(({ field }) => field),
			['allowedAddresses', 'allowedAddresses'],
		);
		assert.match(violations[0]?.message ?? '', /300\.1\.1\.1.*203\.0\.113\.7/);
	});

	it('takes commas, semicolons, blanks and lines between entries', () => {
		for (const list of [
			'203.0.113.7; 198.51.100.0/24',
			'203.0.113.7,198.51.100.0/24',
			'203.0.113.7\n198.51.100.0/24',
		])
			assert.equal(status({ remoteAddress: '198.51.100.9' }, { tokens: 'anyone', allowedAddresses: list }), 200);
	});

	it('decides about any request without an exception', () => {
		fc.assert(
			fc.property(
				fc.anything(),
				fc.string(),
				fc.string(),
				fc.array(fc.string()),
				(query, path, remoteAddress, rules) => {
					const settings = { tokens: ['t'], allowedAddresses: rules, trustedProxies: rules };
					const check = request({ query: query as string, path, remoteAddress });
					const verdict = parseSenderRules(settings).verify(check);
					assert.equal(typeof verdict.allowed, 'boolean');
				},
			),
			{ numRuns },
		);
	});
});

describe('our callback URL', () => {
	it('gets token and attempt, and keeps what is there', () => {
		assert.equal(
			callbackUrl('https://a.example/exotel/x', { token: 't', attemptId: 'id' }),
			'https://a.example/exotel/x?token=t&attempt=id',
		);
		assert.equal(
			callbackUrl(' https://a.example/x?signature=s ', { token: 'a b&c' }),
			'https://a.example/x?signature=s&token=a%20b%26c',
		);
		assert.equal(callbackUrl('https://a.example/x?', { attemptId: 'id' }), 'https://a.example/x?attempt=id');
		assert.equal(
			callbackUrl('https://a.example/x?a=1&', { attemptId: 'id' }),
			'https://a.example/x?a=1&attempt=id',
		);
		assert.equal(callbackUrl('http://127.0.0.1:1880/x#part', {}), 'http://127.0.0.1:1880/x');
		assert.equal(callbackUrl('https://a.example/x', { token: '', attemptId: '' }), 'https://a.example/x');
	});

	it('must be a web address', () => {
		for (const base of [
			'',
			'a.example',
			'x https://a.example',
			'/x',
			'ftp://a.example',
			'https://',
			'https:// a',
			'http://a b/',
		]) {
			assert.throws(
				() => callbackUrl(base, {}),
				(error: ExotelError) =>
					error.kind === 'input' &&
					error.violations[0]?.field === 'publicUrl' &&
					/https:\/\/flows/.test(error.message),
				base,
			);
		}
	});

	it('gives its attempt and token back', () => {
		fc.assert(
			fc.property(
				fc.stringMatching(/^[\x21-\x7e]{16,60}$/),
				fc.stringMatching(/^[\x21-\x7e]{1,60}$/),
				(token, attemptId) => {
					const url = new URL(callbackUrl('https://a.example/exotel/x?z=1', { token, attemptId }));
					for (const parts of [
						{ query: url.search },
						{ path: url.pathname + url.search },
						{ query: Object.fromEntries(url.searchParams) },
					]) {
						assert.equal(attemptOf(request(parts)), attemptId === 'null' ? null : attemptId);
						assert.equal(parseSenderRules({ tokens: [token] }).verify(request(parts)).allowed, true);
					}
				},
			),
			{ numRuns },
		);
	});

	it('has no attempt when there is none', () => {
		assert.equal(attemptOf(request({})), null);
		assert.equal(attemptOf(request({ query: { attempt: '' } })), null);
		assert.equal(attemptOf(request({ query: 'a=1&'.repeat(600) })), null);
	});
});

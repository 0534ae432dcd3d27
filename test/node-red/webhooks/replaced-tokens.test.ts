/** What *Revoke* does to the token in use while its successor is only in the form. */
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { ReplacedTokens } from '../../../node-red/webhooks/replaced-tokens';

const [first, second, third] = ['first-token-0123', 'second-token-0123', 'third-token-0123'] as const;

describe('a token that is revoked together with its change', () => {
	let tokens: ReplacedTokens;
	/** Deploys a token; the older ones that are accepted then. */
	const deploy = (token: string): string[] => tokens.note('account', token, '')().filter(Boolean);

	beforeEach(() => {
		tokens = new ReplacedTokens();
		deploy(first);
	});

	it('is refused as soon as the announced one is deployed, also after a deploy without it', () => {
		assert.equal(tokens.revoke('account', second), 'with-deploy');
		assert.deepEqual(deploy(first), []);
		assert.deepEqual(deploy(second), []);
		assert.deepEqual(deploy(third), [second], 'the next change has its day');
	});

	it('has its day at a later change when the form was cancelled and the announced one never deployed', () => {
		assert.equal(tokens.revoke('account', second), 'with-deploy');
		deploy(first);
		assert.deepEqual(deploy(third), [first]);
	});

	it('is refused with whatever comes next when an environment variable was announced', () => {
		assert.equal(tokens.revoke('account', '${WEBHOOK_TOKEN}'), 'with-deploy');
		assert.deepEqual(deploy(second), []);
	});
});

describe('a token that is replaced', () => {
	const hour = 3600_000;
	let tokens: ReplacedTokens;
	const deploy = (token: string): string[] => tokens.note('account', token, '')().filter(Boolean);

	beforeEach(() => {
		mock.timers.enable({ apis: ['Date'] });
		tokens = new ReplacedTokens();
		deploy(first);
	});
	afterEach(() => mock.timers.reset());

	it('is accepted for a day, also when its successor is replaced within it', () => {
		deploy(second);
		mock.timers.tick(2 * hour);
		assert.deepEqual(deploy(third), [second, first]);
		mock.timers.tick(23 * hour);
		assert.deepEqual(deploy(third), [second]);
		mock.timers.tick(2 * hour);
		assert.deepEqual(deploy(third), []);
	});

	it('is revoked with those before it, or with the token itself', () => {
		deploy(second);
		deploy(third);
		assert.equal(tokens.revoke('account', ''), 'revoked');
		assert.deepEqual(deploy(third), []);
		deploy(second);
		assert.deepEqual([deploy(''), deploy(first)], [[], []]);
	});

	it('is one of twenty at most', () => {
		const all = Array.from({ length: 30 }, (_, index) => `generated-token-${index}`);
		const accepted = all.map(deploy).at(-1) ?? [];
		assert.deepEqual([accepted.length, accepted[0]], [20, all.at(-2)]);
	});
});

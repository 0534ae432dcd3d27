/** What *Revoke* does to the token in use while its successor is only in the form. */
import assert from 'node:assert/strict';
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

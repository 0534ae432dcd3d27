/** What the form of an account says about its credentials. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

// The editor's sources are compiled for browsers, apart from the tests.
const load = createRequire(__filename);
interface Form {
	checkSecret(view: object, name: string): unknown;
}

describe('the credentials of an account in the editor', () => {
	const { default: form } = load('../../../node-red/account/editor') as { default: Form };
	const verdict = (name: string, typed: string | undefined, more: Record<string, unknown> = {}): unknown => {
		const credentials = { ...(typed === undefined ? {} : { [name]: typed }), ...more };
		const view = {
			isOpen: false,
			node: { id: 'account', type: 'exotel-account', credentials },
			value: (property: string) => (property === 'region' ? 'mumbai' : 'acme1'),
			word: (key: string) => key,
		};
		return form.checkSecret(view, name);
	};
	const host = globalThis as { RED?: unknown };

	before(() => (host.RED = { _: (key: string) => key }));
	after(() => delete host.RED);

	for (const name of ['webhookUser', 'webhookPassword'])
		it(`takes any text as ${name}: Node-RED or a proxy made the rule`, () => {
			for (const typed of ['exotel', 'x', 'p äss', 'saved', '', undefined])
				assert.equal(verdict(name, typed), true, typed);
		});

	it('refuses a colon in webhookUser, where Basic authentication ends it; the password may have one', () => {
		assert.match(String(verdict('webhookUser', 'p:ss')), /user-colon/);
		assert.equal(verdict('webhookPassword', 'p:ss'), true);
	});

	for (const name of ['webhookToken', 'previousWebhookToken'])
		it(`refuses a ${name} that is too short, also one that spells "saved"`, () => {
			for (const typed of ['short', 'saved', 'fifteen-letters'])
				assert.match(String(verdict(name, typed)), /token-short/, typed);
			for (const typed of ['sixteen-letters-', '', '__PWRD__', '${WEBHOOK_TOKEN}'])
				assert.equal(verdict(name, typed), true, typed);
		});

	it('takes a saved credential for right, and misses a key that is neither typed nor saved', () => {
		for (const name of ['apiKey', 'apiToken', 'webhookToken'])
			assert.equal(verdict(name, undefined, { [`has_${name}`]: true }), true, name);
		for (const name of ['apiKey', 'apiToken'])
			assert.match(String(verdict(name, undefined)), /rule\.required$/, name);
	});
});

/** The account of a node that is dragged from the palette. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

// The editor's sources are compiled for browsers, apart from the tests.
const load = createRequire(__filename);

describe('a node dragged from the palette', () => {
	const { added } = load('../../../node-red/editor/index') as { added(node: object): void };
	const host = globalThis as { RED?: unknown };
	const accountOf = (configurations: object[], node: object = {}): unknown => {
		host.RED = { nodes: { eachConfig: (visit: (one: object) => void) => configurations.forEach(visit) } };
		const dragged: { account?: unknown } = { ...node };
		added(dragged);
		return dragged.account;
	};
	const one = { id: 'one', type: 'exotel-account' };
	const broker = { id: 'broker', type: 'mqtt-broker' };

	afterEach(() => delete host.RED);

	it('gets the only account', () => assert.equal(accountOf([broker, one]), 'one'));
	it('is left without one when there is none, or a choice', () => {
		assert.equal(accountOf([broker]), undefined);
		assert.equal(accountOf([one, { ...one, id: 'two' }]), undefined);
	});
	it('gets none that is disabled', () => assert.equal(accountOf([{ ...one, d: true }]), undefined));
	it('keeps the account it came with', () => assert.equal(accountOf([one], { account: 'other' }), 'other'));
});

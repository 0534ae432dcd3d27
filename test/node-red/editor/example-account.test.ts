/** The account of the examples: made with what is imported, never with flows that are loaded. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { mock } from 'node:test';

// The editor's sources are compiled for browsers, apart from the tests.
const load = createRequire(__filename);
const ID = 'e000000000000001';

describe('the account of the examples in the editor', () => {
	const { watchImports } = load('../../../node-red/editor/example-account') as { watchImports(): void };
	const host = globalThis as { RED?: unknown; window?: unknown };
	let events: EventEmitter;
	let accounts: { id: string }[];

	beforeEach(() => {
		mock.timers.enable({ apis: ['setTimeout'] });
		events = new EventEmitter();
		accounts = [];
		host.window = { location: { origin: 'http://127.0.0.1:1880' } };
		host.RED = {
			events,
			nodes: {
				node: (id: string) => accounts.find((account) => account.id === id) ?? null,
				import: (nodes: { id: string }[]) => accounts.push(...nodes),
				eachNode: () => undefined,
			},
			view: { redraw: () => undefined },
		};
		watchImports();
	});
	afterEach(() => {
		mock.timers.reset();
		delete host.RED;
		delete host.window;
	});

	const settle = (): void => mock.timers.runAll();
	const addNodes = (): void => {
		for (const id of ['one', 'two']) events.emit('nodes:add', { id, account: ID });
	};
	const loadFlows = (): void => {
		addNodes();
		events.emit('flows:loaded');
		settle();
	};

	it('stays deleted when flows are loaded, at the start and with another project', () => {
		loadFlows();
		assert.deepEqual(accounts, []);
		loadFlows();
		assert.deepEqual(accounts, []);
	});

	it('is made once with an import, by one listener however often flows were loaded', () => {
		for (let times = 0; times < 3; times += 1) loadFlows();
		assert.equal(events.listenerCount('nodes:add'), 1);
		addNodes();
		settle();
		assert.deepEqual(
			accounts.map(({ id }) => id),
			[ID],
		);
	});
});

/** Typed values, kept messages, errors and statuses: what all nodes share. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import vm from 'node:vm';
import fc from 'fast-check';
import { ExotelError, inputError } from '../../../exotel/index';
import { keepMessage } from '../../../node-red/calls/kept-message';
import type { Message, RedNode } from '../../../node-red/host';
import { errorFacts, flowError } from '../../../node-red/messages/flow-error';
import { onMessage } from '../../../node-red/messages/input';
import type { StatusLine } from '../../../node-red/messages/status';
import { prepareFields } from '../../../node-red/messages/typed-values';
import { CONFIG_VERSION, migrateConfig, type Step } from '../../../node-red/migration';
import { NodeScope } from '../../../node-red/node-scope';
import { reservePort, startNodeRed, type RunningNodeRed } from '../running-node-red';

describe('typed values', () => {
	let nodeRed: RunningNodeRed;
	before(async () => {
		nodeRed = await startNodeRed(await reservePort(), [
			{ id: 'tab', type: 'tab' },
			{ id: 'h', z: 'tab', type: 'helper' },
		]);
		nodeRed.node('h').context().flow.set('number', '+911');
		nodeRed.node('h').context().global.set('deep', { number: '+912' });
		process.env['EXONODES_TEST_NUMBER'] = '+913';
	});
	after(async () => {
		delete process.env['EXONODES_TEST_NUMBER'];
		await nodeRed.stop();
	});

	const read = (
		config: Record<string, unknown>,
		msg: Record<string, unknown>,
		names = ['to'],
	): Promise<Record<string, unknown>> =>
		prepareFields(
			new NodeScope(nodeRed.RED, nodeRed.node('h') as RedNode),
			config,
			Object.fromEntries(names.map((name) => [name, { label: `The ${name}` }])),
		)(msg as Message);

	for (const [type, value, expected] of [
		['str', '+910', '+910'],
		['msg', 'payload.to', '+914'],
		['flow', 'number', '+911'],
		['global', 'deep.number', '+912'],
		['env', 'EXONODES_TEST_NUMBER', '+913'],
		['jsonata', '"+91" & payload.local', '+9155'],
		['num', '30', 30],
		['bool', 'true', true],
		['bool', 'false', false],
		['choice', 'dual', 'dual'],
	] as const) {
		it(`reads ${type}`, async () => {
			assert.deepEqual(await read({ to: value, toType: type }, { payload: { to: '+914', local: '55' } }), {
				to: expected,
			});
		});
	}

	it('leaves blank and missing values out, also a blank number', async () => {
		for (const [value, type] of [
			['', 'str'],
			['', 'num'],
			['', 'choice'],
			[undefined, undefined],
			['nothing.there', 'msg'],
			['nowhere', 'flow'],
		]) {
			assert.deepEqual(await read({ to: value, toType: type }, { payload: null }), {});
		}
	});

	it('takes msg.exotel before the form, unless it is blank', async () => {
		assert.deepEqual(await read({ to: 'form', toType: 'str' }, { exotel: { to: 'message' } }), { to: 'message' });
		assert.deepEqual(await read({ to: 'form', toType: 'str' }, { exotel: { to: '' } }), { to: 'form' });
		assert.deepEqual(await read({ to: 'form', toType: 'str' }, { exotel: 'something else' }), { to: 'form' });
	});

	it('an expression that fails on a phone number does not repeat it', async () => {
		for (const value of ['$number(payload.phone)', '$error("no agent for " & payload.phone)']) {
			const failed = read({ to: value, toType: 'jsonata' }, { payload: { phone: '+91 98123 45678' } });
			const message = await failed.then(String, (error: Error) => error.message);
			assert.match(message, /^The to cannot be read: /);
			assert.doesNotMatch(message, /98123|45678/);
		}
	});

	it('an expression that fails on a value that leads back to itself is an error of the message', async () => {
		const loop: Record<string, unknown> = {};
		loop['loop'] = loop;
		await assert.rejects(read({ to: '$trim(loop)', toType: 'jsonata' }, { loop }), /The to cannot be read: /);
	});

	it('an expression that fails says where, and does not repeat the value it fails on', async () => {
		for (const value of ['$number(payload)', '$toMillis(payload)', '$number(payload & "x")']) {
			const failed = read({ to: value, toType: 'jsonata' }, { payload: 'Asha 98-1234567-8' });
			const message = await failed.then(String, (error: Error) => error.message);
			assert.match(message, /\(D3\d+, position \d+\)\.$/);
			assert.doesNotMatch(message, /Asha|98-|12345/);
		}
	});

	it('names the field of an expression that cannot be read, at the message and not at deploy', async () => {
		for (const value of ['((', '$undefined(1)']) {
			await assert.rejects(
				read({ to: value, toType: 'jsonata' }, {}),
				(error: ExotelError) => error.kind === 'input' && error.violations[0]?.field === 'to',
			);
		}
	});
});

describe('a kept message', () => {
	it('carries plain properties, small ones first, and names what it had to drop', () => {
		const circular: Record<string, unknown> = {};
		circular['self'] = circular;
		const { properties, dropped } = keepMessage({
			_msgid: 'm',
			topic: 't',
			order: { id: 1 },
			big: 'x'.repeat(20_000),
			circular,
			call: () => 1,
			payload: 'new',
			exotel: {},
			req: {},
			res: {},
		} as unknown as Message);
		assert.deepEqual(properties, { _msgid: 'm', topic: 't', order: { id: 1 } });
		assert.deepEqual(dropped.sort(), ['big', 'call', 'circular']);
	});

	it('names what changes its type on the way, and keeps its JSON', () => {
		const fromFunctionNode: unknown = vm.runInNewContext('({ a: [1, "b", null, true], c: undefined })');
		const { properties, dropped } = keepMessage({
			_msgid: 'm',
			date: new Date(0),
			nested: { at: [new Date(0)] },
			seen: new Map([[1, 2]]),
			amount: NaN,
			fromFunctionNode,
		} as unknown as Message);
		assert.deepEqual(dropped.sort(), ['amount', 'date', 'nested', 'seen']);
		assert.deepEqual(properties['date'], '1970-01-01T00:00:00.000Z');
		assert.deepEqual(properties['fromFunctionNode'], { a: [1, 'b', null, true] });
	});

	it('leaves out files, connections and functions, wherever they are, and names them', () => {
		const { properties, dropped } = keepMessage({
			_msgid: 'm',
			file: Buffer.from('x'),
			bytes: new Uint8Array(2).buffer,
			order: { id: 1, file: Buffer.from('x'), total: () => 1, source: process.stdin },
			stream: process.stdin,
		} as unknown as Message);
		assert.deepEqual(properties, { _msgid: 'm', order: { id: 1 } });
		assert.deepEqual(dropped.sort(), ['bytes', 'file', 'order', 'stream']);
	});

	it('leaves out a list of more holes than it may keep', () => {
		const list: unknown[] = [];
		list.length = 4_000_000_000;
		const endless = new Proxy<unknown[]>([], { get: (_, key) => (key === 'length' ? 1e9 : undefined) });
		const { properties, dropped } = keepMessage({ _msgid: 'm', list, endless } as unknown as Message);
		assert.deepEqual([properties, dropped.sort()], [{ _msgid: 'm' }, ['endless', 'list']]);
	});

	it('looks at no more of a large value than it may keep', () => {
		const read = new Set<string>();
		const counted = <Target extends object>(name: string, target: Target): Target => {
			let count = 0;
			return new Proxy(target, {
				get(of, property): unknown {
					count += 1;
					if (count > 20_000) read.add(name);
					return Reflect.get(of, property);
				},
			});
		};
		class Recording extends Uint8Array {
			toJSON(): unknown {
				read.add('recording');
				return [];
			}
		}
		let deep: unknown = 1;
		for (let level = 0; level < 100_000; level += 1) deep = [deep];
		const shared = { text: 'x'.repeat(100) };
		const wide = Array.from({ length: 1000 }, () => Array.from({ length: 1000 }, () => shared));
		const { properties, dropped } = keepMessage({
			_msgid: 'm',
			recording: new Recording(10_000_000),
			nested: { recording: new Recording(10_000_000) },
			rows: counted('rows', new Array(1_000_000).fill(0)),
			table: counted('table', Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`k${i}`, i]))),
			text: 'x'.repeat(10_000_000),
			deep,
			wide,
		} as unknown as Message);
		assert.deepEqual([...read], []);
		assert.deepEqual(properties, { _msgid: 'm', nested: {} });
		assert.deepEqual(dropped.sort(), ['deep', 'nested', 'recording', 'rows', 'table', 'text', 'wide']);
	});

	it('goes without what cannot be read', () => {
		const throwing = {
			get secret(): never {
				throw new Error('not for you');
			},
		};
		const msg = Object.defineProperty({ _msgid: 'm', throwing, big: 1n }, 'lazy', {
			enumerable: true,
			get: () => throwing.secret,
		});
		const { properties, dropped } = keepMessage(msg as unknown as Message);
		assert.deepEqual([properties, dropped.sort()], [{ _msgid: 'm' }, ['big', 'lazy', 'throwing']]);
	});

	it('is counted in bytes', () => {
		const { dropped } = keepMessage({ _msgid: 'm', name: 'न'.repeat(6000) } as unknown as Message);
		assert.deepEqual(dropped, ['name']);
	});

	it('takes no prototype from a message', () => {
		const { properties, dropped } = keepMessage(
			JSON.parse('{"topic":"t","__proto__":{"polluted":true}}') as Message,
		);
		assert.deepEqual([Object.getPrototypeOf(properties) === Object.prototype, dropped], [true, ['__proto__']]);
	});

	it('is bounded and JSON whatever comes', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.anything()), (msg) => {
				const { properties } = keepMessage(msg as unknown as Message);
				const written = JSON.stringify(properties);
				assert.ok(written.length < 40_000);
				assert.deepEqual(JSON.parse(written), properties);
			}),
		);
	});
});

describe('errors for Catch nodes', () => {
	it('carry code, kind and hint as own properties, and no stack', () => {
		const error = flowError(
			new ExotelError('forbidden', 'Exotel says no.', { hint: 'Do the KYC.', httpStatus: 403, code: '340030' }),
		);
		for (const name of ['code', 'kind', 'hint', 'cause']) assert.ok(Object.hasOwn(error, name), name);
		assert.equal(String(error), 'Exotel: Exotel says no. Do the KYC.');
		assert.equal(error.stack, undefined);
		assert.equal(error.cause.httpStatus, 403);
	});

	it('name every broken rule', () => {
		const facts = errorFacts(
			inputError([
				{ field: 'to', rule: 'phone', message: 'To is no number.' },
				{ field: 'from', rule: 'required', message: 'From is missing.' },
			]),
		);
		assert.deepEqual(
			facts.violations.map(({ field }) => field),
			['to', 'from'],
		);
		assert.equal(facts.code, 'input');
	});

	it('turn a fault of ours into an error that asks for a report', () => {
		for (const reason of [new TypeError('x is not a function'), 'text', undefined, null])
			assert.match(errorFacts(reason).hint, /report/);
	});
});

describe('saved configurations', () => {
	const config = { id: 'n', type: 'exotel-make-call', name: '', z: 't' };
	it('of this version are used as they are', () => {
		assert.deepEqual(migrateConfig('exotel-make-call', { ...config, configVersion: CONFIG_VERSION, from: '+91' }), {
			...config,
			configVersion: CONFIG_VERSION,
			from: '+91',
		});
	});
	it('go through every step from their version on, without being changed themselves', () => {
		const steps: Step[] = [
			({ number, ...older }) => ({ ...older, to: number }),
			(older) => ({ ...older, toType: 'str' }),
		];
		const first = { ...config, number: '+91' };
		assert.deepEqual(migrateConfig('exotel-make-call', first, steps), {
			...config,
			to: '+91',
			toType: 'str',
			configVersion: 2,
		});
		assert.deepEqual(first, { ...config, number: '+91' });
		assert.deepEqual(migrateConfig('exotel-make-call', { ...config, to: '+91', configVersion: 1 }, steps), {
			...config,
			to: '+91',
			toType: 'str',
			configVersion: 2,
		});
	});
	it('without a version become the present one, those of a newer package stay', () => {
		assert.equal(migrateConfig('exotel-make-call', config)['configVersion'], CONFIG_VERSION);
		assert.equal(migrateConfig('exotel-make-call', { ...config, configVersion: 99 })['configVersion'], 99);
		assert.equal(
			migrateConfig('exotel-make-call', { ...config, configVersion: 'rubbish' })['configVersion'],
			CONFIG_VERSION,
		);
	});
});

describe('a message that fails in a node', () => {
	/** A node whose work fails for `reason`, and what it logged. */
	function failing(reason: unknown) {
		const node = Object.assign(new EventEmitter(), { type: 'exotel-make-call', id: 'n1' });
		const logged: string[] = [];
		const RED = { log: { error: (text: string) => logged.push(text) } };
		const scope = new NodeScope(RED as unknown as NodeScope['RED'], node as unknown as RedNode);
		const status = { show: () => undefined, fail: () => undefined };
		onMessage(scope, status as unknown as StatusLine, () => Promise.reject(reason));
		return { node, logged };
	}

	for (const [what, msg] of [
		['takes no further property', Object.preventExtensions({ _msgid: '1' })],
		['lets nobody write msg.exotel', Object.defineProperty({ _msgid: '1' }, 'exotel', { get: () => ({}) })],
	] as const)
		it(`goes to Catch nodes, and Node-RED runs on, also when it ${what}`, async () => {
			const { node, logged } = failing(new Error('no such number'));
			const error = await new Promise((done) => node.emit('input', msg, () => undefined, done));
			assert.match(String(error), /no such number/);
			assert.equal(logged.length, 1);
		});

	it('does not end Node-RED when Catch nodes cannot be given it, nor when nothing at all was thrown', async () => {
		const { node, logged } = failing(undefined);
		await new Promise<void>((told) => {
			node.emit(
				'input',
				{},
				() => undefined,
				() => {
					told();
					throw new RangeError('cannot be cloned');
				},
			);
		});
		await new Promise((resolve) => void setImmediate(resolve));
		assert.deepEqual(logged, ['[exotel-make-call:n1] RangeError: cannot be cloned']);
	});
});

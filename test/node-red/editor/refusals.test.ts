/**
 * A form refuses while one types exactly what the operation refuses before a request: literal values of every form,
 * also by rules about several fields. What comes with a message is not judged.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import {
	callsBetween,
	connectAgent,
	connectFlow,
	connectNumbers,
	downloadRecording,
	ExotelError,
	getCall,
	lookupNumber,
	type Account,
	type FieldSet,
} from '../../../exotel/index';
import { buildAnswer } from '../../../exotel/applets/build-answer';
import { brokenRules, runs, singapore } from '../../exotel/samples';
import { options, scripted } from '../../exotel/scripted-transport';

// The editor's sources are compiled for browsers, apart from the tests.
const load = createRequire(__filename);

/** A form as this test sees it. */
interface Form {
	sources: Readonly<Record<string, { name: string; fields: FieldSet }>>;
	mode?: string;
	except?: readonly string[];
}
type Validity = true | string | string[];
const { validate } = load('../../../node-red/editor/validation') as {
	validate(form: Form, view: object, entry: { property: string; value: unknown; options: object }): Validity;
};
const formOf = (type: string): Form => (load(`../../../node-red/nodes/${type}/editor`) as { default: Form }).default;

type Input = Record<string, unknown>;

/** A form in one of its modes, what else is chosen in it, and what refuses its values at run time. */
interface Case {
	type: string;
	source: string;
	chosen?: Input;
	send(account: Account, input: Input): unknown;
	/** Fields that are never blank here: a blank one is about a field of the node's own. */
	given?: readonly string[];
}

const connect11 = { kind: 'connect', version: '1.1' } as const;
const CASES: readonly Case[] = [
	...(
		[
			['numbers', connectNumbers],
			['flow', connectFlow],
			['agent', connectAgent],
		] as const
	).map(([mode, operation]): Case => ({
		type: 'exotel-make-call',
		source: mode,
		chosen: { mode, follow: false },
		send: (account, input) => operation.request(account, input),
	})),
	{
		type: 'exotel-list-calls',
		source: 'listCalls',
		chosen: { range: 'custom' },
		send(account, input) {
			const clock = { ...options(scripted().transport).clock, now: () => Date.now() };
			return callsBetween(account, input, { ...options(scripted().transport), clock });
		},
	},
	{ type: 'exotel-get-call', source: 'getCall', send: (account, input) => getCall.request(account, input) },
	{
		type: 'exotel-lookup-number',
		source: 'lookupNumber',
		send: (account, input) => lookupNumber.request(account, input),
	},
	{
		type: 'exotel-get-recording',
		source: 'downloadRecording',
		send: (account, input) => downloadRecording.request(account, input),
		given: ['url'],
	},
	{
		type: 'exotel-applet-answer',
		source: 'connect',
		chosen: { answer: 'connect' },
		send: (account, connect) => buildAnswer(connect11, { kind: 'connect', connect }, account),
	},
	...(['gather', 'greeting'] as const).map((kind): Case => ({
		type: 'exotel-applet-answer',
		source: kind,
		chosen: { answer: kind },
		send: (account, input) => buildAnswer({ kind, version: '1.0' }, { kind, [kind]: input }, account),
	})),
];

const TYPED = [
	...[
		'',
		'',
		'',
		'reception',
		'12',
		'-1',
		'0',
		'5',
		'99999',
		'1.5',
		'a b',
		'http://',
		'+919812345678',
		'098123 45678',
	],
	...[
		'sip:agent1',
		'https://a.example/b.mp3',
		'http://localhost/a.wav',
		'https://example.com/a.wav',
		'true',
		'false',
	],
	...['2026-13-45', '2019-01-01 00:00:00', '2099-01-01 00:00:00', new Date(Date.now() - 86_400_000).toISOString()],
	...[new Date(Date.now() - 40 * 86_400_000).toISOString(), 'Hello\nhttps://example.com/a.wav', 'none', ','],
];

/** A text as a user types it into a field, or chooses it. */
function literalOf(field: FieldSet[string]): fc.Arbitrary<string> {
	const examples = [field.example].flat().map(String);
	if (field.kind === 'boolean') return fc.constantFrom('', 'true', 'false');
	if (field.options !== undefined) return fc.constantFrom('', ...field.options.map(({ value }) => value));
	return fc.constantFrom(...TYPED, ...examples, ...examples, ...examples);
}

/** What the runtime makes of a literal: a number is one. */
function valueOf(field: FieldSet[string], text: string): unknown {
	if (text === '') return undefined;
	if (field.kind === 'boolean') return text === 'true';
	return field.kind === 'integer' || field.kind === 'number' ? Number(text) : text;
}

function typeOf({ kind, options: choices }: FieldSet[string]): string {
	if (choices !== undefined) return 'choice';
	if (kind === 'boolean') return 'bool';
	return kind === 'integer' || kind === 'number' ? 'num' : 'str';
}

describe('the forms of the Node-RED nodes', () => {
	const host = globalThis as { RED?: unknown };
	before(() => {
		host.RED = {
			_: (_key: string, { defaultValue }: { defaultValue?: string } = {}) => defaultValue ?? '',
			nodes: { node: () => ({ ...singapore, type: 'exotel-account' }) },
			utils: { validateTypedProperty: () => true },
		};
	});
	after(() => delete host.RED);

	function viewOf(node: Input): object {
		const text = (property: string): string => String(node[property] ?? '');
		return { isOpen: false, node, value: (property: string) => node[property], text, word: (key: string) => key };
	}

	const refusedBy = (form: Form, names: readonly string[], node: Input): string[] =>
		names.filter((property) => {
			const entry = { property, value: node[property], options: {} };
			return validate(form, viewOf(node), entry) !== true;
		});

	function refusedAtRunTime({ send }: Case, input: Input): string[] {
		try {
			send(singapore, input);
			return [];
		} catch (thrown) {
			assert.ok(thrown instanceof ExotelError && thrown.kind === 'input', String(thrown));
			// Which version of the Connect applet asks is not known before; the form says which fields are of one.
			const broken = brokenRules(thrown).filter((each) => !each.endsWith(': version'));
			return [...new Set(broken.map((one) => one.split(/[[:]/)[0] ?? ''))];
		}
	}

	for (const one of CASES) {
		const form = formOf(one.type);
		const fields: FieldSet = form.sources[one.source]?.fields ?? {};
		const names = Object.keys(fields).filter((name) => form.except?.includes(name) !== true);
		const field = (name: string) => fields[name] ?? assert.fail(name);
		const typed = Object.fromEntries(names.map((name) => [`${name}Type`, typeOf(field(name))]));
		const filledIn = fc
			.record(Object.fromEntries(names.map((name) => [name, literalOf(field(name))])))
			.filter((texts) => one.given?.every((name) => texts[name] !== '') ?? true);

		it(`refuse what the operation refuses: ${one.type}, ${one.source}`, () => {
			const same = (texts: Record<string, string>): void => {
				const node = { ...one.chosen, ...typed, ...texts };
				const input = Object.fromEntries(
					names
						.map((name) => [name, valueOf(field(name), texts[name] ?? '')])
						.filter(([, value]) => value !== undefined),
				) as Input;
				assert.deepEqual(refusedBy(form, names, node).sort(), refusedAtRunTime(one, input).sort());
			};
			fc.assert(fc.property(filledIn, same), { ...runs, numRuns: 300 });
		});

		it(`judge no value that comes with a message: ${one.type}, ${one.source}`, () => {
			for (const name of names) {
				const others = Object.fromEntries(
					names.map((each) => [each, each === name ? 'payload.x' : String(field(each).example)]),
				);
				const node = { ...one.chosen, ...typed, ...others, [`${name}Type`]: 'msg' };
				assert.ok(!refusedBy(form, [name], node).includes(name), name);
				const alone = Object.fromEntries(names.map((each) => [each, each === name ? 'payload.x' : '']));
				const refused = refusedBy(form, names, { ...one.chosen, ...typed, ...alone, [`${name}Type`]: 'msg' });
				assert.ok(!refused.includes(name), name);
			}
		});
	}

	it('leave a field alone that needs, or excludes, one whose value comes with a message', () => {
		const form = formOf('exotel-make-call');
		const flow = { mode: 'flow', follow: false, from: '+919812345678', exoPhone: '08047112233' };
		const judged = (node: Input) => refusedBy(form, ['flowId', 'flowUrl'], { ...flow, ...node });
		assert.deepEqual(judged({ flowId: '', flowUrl: '' }), ['flowId']);
		assert.deepEqual(judged({ flowId: '', flowUrl: 'payload', flowUrlType: 'msg' }), []);
		assert.deepEqual(judged({ flowId: '926', flowUrl: 'payload', flowUrlType: 'msg' }), []);
		assert.deepEqual(judged({ flowId: '926', flowUrl: 'http://my.exotel.com/a' }), ['flowUrl']);
		const numbers = { mode: 'numbers', follow: true, recordingChannels: 'dual' };
		const channels = (node: Input) => refusedBy(form, ['recordingChannels'], { ...numbers, ...node });
		assert.deepEqual(channels({ record: 'false', recordType: 'bool' }), ['recordingChannels']);
		assert.deepEqual(channels({ record: 'payload.record', recordType: 'msg' }), []);
		assert.deepEqual(channels({ record: '${RECORD}', recordType: 'str' }), []);
	});

	it('leave the callback fields alone that a node fills in itself', () => {
		const form = formOf('exotel-make-call');
		const node = { mode: 'numbers', statusCallbackUrl: 'nonsense', statusCallbackEvents: 'answered' };
		const names = ['statusCallbackUrl', 'statusCallbackEvents'];
		assert.deepEqual(refusedBy(form, names, { ...node, follow: true }), []);
		assert.deepEqual(refusedBy(form, names, { ...node, follow: false }), names);
		assert.deepEqual(refusedBy(form, names, { ...node, follow: false, statusCallbackUrl: '/exotel/calls' }), []);
	});
});

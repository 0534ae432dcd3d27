/**
 * simulator/flow.schema.json and the reader of flows accept and refuse the same documents: written examples, and many
 * that are broken at random. What only the reader can tell (depth, length, a flow twice) is named here.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { FlowError } from '../../simulator/model/flow-error';
import { readFlows } from '../../simulator/model/flow-reading';

const schema = JSON.parse(
	readFileSync(path.join(__dirname, '..', '..', 'simulator', 'flow.schema.json'), 'utf8'),
) as Record<string, any>;
const ajv = new Ajv2020({ allErrors: false, strict: true, strictRequired: false, strictTypes: false });
// `uri` is what a browser and Node take for one
ajv.addFormat('uri', (text: string) => URL.canParse(text));
const validate = ajv.compile(schema);

/** Null = accepted; else what the reader says. */
function readerSays(document: unknown): string | null {
	try {
		readFlows(document);
		return null;
	} catch (error) {
		assert.ok(error instanceof FlowError, String(error));
		return error.message;
	}
}

function agree(document: unknown): boolean {
	const reader = readerSays(document);
	const accepted = validate(document);
	assert.equal(
		reader === null,
		accepted,
		`${JSON.stringify(document)}\nreader: ${reader ?? 'accepts'}\nschema: ${JSON.stringify(validate.errors)}`,
	);
	return accepted;
}

const url = fc.constantFrom('http://127.0.0.1:1880/x', 'HTTPS://example.com/a?b=c', 'http://[::1]/');
const text = fc.constantFrom('Welcome', 'a'.repeat(2000), ' ');
const keys = fc.constantFrom('1', '42#', '*');
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const { applets } = fc.letrec<{ applet: unknown; applets: unknown[] }>((tie) => {
	const branch = optional(tie('applets'));
	const record = (type: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
		fc.record({ type: fc.constant(type), ...fields });
	const branches = (name: fc.Arbitrary<string>) => fc.dictionary(name, tie('applets'), { minKeys: 1, maxKeys: 3 });
	return {
		applet: fc.oneof(
			{ depthSize: 'small', maxDepth: 3 },
			record('hangup', {}),
			record('greeting', { text }),
			record('greeting', { audioUrl: url }),
			record('greeting', { url }),
			record('voicemail', { text: optional(text), messageSeconds: optional(fc.nat(3600)) }),
			record('gather', {
				prompt: text,
				maxDigits: optional(fc.integer({ min: 1, max: 255 })),
				finishOnKey: optional(fc.constantFrom('', '#', '5')),
				timeoutSeconds: optional(fc.integer({ min: 1, max: 255 })),
				repeats: optional(fc.nat(10)),
				repeatPromptAudioUrl: optional(url),
				digits: optional(keys),
				keys: optional(branches(keys)),
				noInput: branch,
			}),
			record('gather', { url, fallbackUrl: optional(url), noInput: branch }),
			record('connect', {
				version: optional(fc.constantFrom('1.0', '1.1')),
				url,
				fallbackUrl: optional(url),
				afterConversation: branch,
				nobodyAnswers: branch,
				didNotDial: branch,
			}),
			record('passthru', { url, async: optional(fc.constant(false)), onTrue: branch, onFalse: branch }),
			record('passthru', { url, async: fc.constant(true) }),
			record('switch-case', { cases: branches(fc.constantFrom('sales', 'a b', '__proto__', '1')) }),
		),
		applets: fc.array(tie('applet'), { maxLength: 3 }),
	};
});
const flow = fc.record({
	id: fc.constantFrom('926', 'a.b_c-d', 'x'.repeat(64)),
	account: optional(fc.constantFrom(null, 'acme1')),
	applets,
});
/** As it would come over the wire: without what is undefined. */
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const documents = fc.oneof(
	flow,
	fc.uniqueArray(flow, { maxLength: 3, selector: ({ id }) => id }).map((flows) => ({ flows })),
);

const NAMES = Object.values<any>(schema.$defs as object).flatMap((definition) =>
	Object.keys((definition.properties ?? {}) as object),
);
const nonsense = fc.oneof(
	fc.constantFrom<unknown>(
		null,
		true,
		'',
		'x',
		'ftp://x',
		'http://',
		0,
		-1,
		1.5,
		256,
		3601,
		[],
		{},
		'a'.repeat(5000),
	),
	fc.constantFrom<unknown>([{ type: 'hangup' }], { a: [] }, { '1': [{ type: 'dance' }] }, '#', '12', '..', '1.1'),
);

/** Every object and list in the document. */
function places(value: unknown): (Record<string, unknown> | unknown[])[] {
	if (typeof value !== 'object' || value === null) return [];
	const own = Array.isArray(value) ? value : (value as Record<string, unknown>);
	return [own, ...Object.values(own).flatMap(places)];
}

/** One change somewhere: a field removed, replaced or added. */
function broken(document: unknown, at: number, name: string, value: unknown): unknown {
	const copy = structuredClone(document);
	const all = places(copy);
	const place = all[at % all.length];
	if (Array.isArray(place)) place.splice(at % (place.length + 1), 1, value);
	else if (place) {
		const present = Object.keys(place);
		const chosen = at % 3 === 0 ? name : (present[at % Math.max(1, present.length)] ?? name);
		if (at % 5 === 0) delete place[chosen];
		else Object.defineProperty(place, chosen, { value, enumerable: true, configurable: true, writable: true });
	}
	return copy;
}

/** Values of a field by its schema, the first a correct one, others on and beyond the limits. */
function valuesOf(field: any): unknown[] {
	if (field.$ref) return [[], {}, [{ type: 'x' }], null];
	if (field.enum) return [...field.enum, 'x'];
	if (field.type === 'boolean') return [true, false, 'true'];
	if (field.type === 'integer') return [field.maximum, field.minimum, field.maximum + 1, field.minimum - 1, 1.5, '1'];
	if (field.type === 'object')
		return [{ 1: [] }, { a: [] }, { '': [] }, {}, [], { 1: {} }, { ['x'.repeat(101)]: [] }];
	if (field.format === 'uri')
		return [
			'http://x/',
			'x',
			'ftp://x/',
			'http://',
			`http://x/${'a'.repeat(4088)}`,
			`http://x/${'a'.repeat(4087)}`,
		];
	return ['1', '', '#', '12', 'x', 'x'.repeat(2000), 'x'.repeat(2001), '1'.repeat(32), '1'.repeat(33), 5, null];
}

/** All choices of at most `most` of the names. */
function subsets(names: readonly string[], most: number): string[][] {
	if (most === 0 || names.length === 0) return [[]];
	const [first = '', ...rest] = names;
	return [...subsets(rest, most), ...subsets(rest, most - 1).map((chosen) => [first, ...chosen])];
}

describe('simulator: the JSON Schema of flows', () => {
	it('accepts what the reader accepts', () => {
		fc.assert(
			fc.property(documents, (document) => {
				assert.ok(agree(wire(document)), 'a correct document');
			}),
			{ numRuns: 500 },
		);
	});

	it('refuses what the reader refuses', () => {
		let refused = 0;
		let accepted = 0;
		fc.assert(
			fc.property(documents, fc.nat(), fc.constantFrom(...NAMES, 'nonsense'), nonsense, (...given) => {
				const [document, at, name, value] = given;
				if (agree(wire(broken(wire(document), at, name, value)))) accepted++;
				else refused++;
			}),
			{ numRuns: 5000 },
		);
		assert.ok(refused > 1000 && accepted > 100, `${refused} refused, ${accepted} accepted`);
	});

	it('allows the same fields together, and the same values of each', () => {
		let accepted = 0;
		for (const { $ref } of schema.$defs.applet.oneOf) {
			const type = ($ref as string).slice('#/$defs/'.length);
			const { properties } = schema.$defs[type];
			const fields = Object.keys(properties as object).filter((name) => name !== 'type');
			for (const chosen of subsets(fields, 4)) {
				const samples = chosen.map((name) => valuesOf(properties[name]));
				const applet = (values: unknown[]) => ({
					type,
					...Object.fromEntries(chosen.map((name, index) => [name, values[index]])),
				});
				const usual = samples.map(([first]) => first);
				if (agree({ id: '1', applets: [applet(usual)] })) accepted++;
				// each value of each field beside the usual ones of the others
				for (const [index, values] of chosen.length > 2 ? [] : samples.entries())
					for (const value of values)
						agree({ id: '1', applets: [applet(usual.map((one, at) => (at === index ? value : one)))] });
			}
		}
		assert.ok(accepted > 200, `${accepted} accepted`);
	});

	it('leaves to the reader how deep and long a flow is, and that a flow stands there once', () => {
		const nested = (depth: number): unknown[] =>
			depth === 0 ? [] : [{ type: 'passthru', url: 'http://x/', onTrue: nested(depth - 1) }];
		for (const [document, message] of [
			[{ id: '1', applets: nested(8) }, /too deep/],
			[
				{ id: '1', applets: Array.from({ length: 50 }, () => ({ type: 'greeting', text: 'a'.repeat(1900) })) },
				/^applets must have at most 65536 characters/,
			],
			[
				{
					flows: [
						{ id: '1', applets: [] },
						{ id: '1', applets: [] },
					],
				},
				/^flows\[1\]\.id is there twice/,
			],
		] as const) {
			assert.equal(validate(document), true);
			assert.match(readerSays(document) ?? '', message);
		}
	});

	it('says of every field what it means', () => {
		for (const [name, definition] of Object.entries<any>(schema.$defs as object))
			for (const [field, { description }] of Object.entries<any>((definition.properties ?? {}) as object))
				if (name !== 'applet') assert.ok(description, `${name}.${field}`);
	});
});

/** The compiled validators stand alone: nothing to require, no code made at run time. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import Ajv from 'ajv';
import fc from 'fast-check';
import { propertyRuns as numRuns } from '../samples';

const folder = join(__dirname, '../../../exotel/schemas');
const names = readdirSync(folder)
	.filter((name) => name.endsWith('.json'))
	.map((name) => name.replace('.json', ''));

/** Loads a compiled validator where neither `require` nor code generation exists. */
function load(name: string): (value: unknown) => boolean {
	const module = { exports: {} as { default?: (value: unknown) => boolean } };
	const context = vm.createContext(
		{ module, exports: module.exports },
		{ codeGeneration: { strings: false, wasm: false } },
	);
	vm.runInContext(readFileSync(join(folder, `${name}.generated.js`), 'utf8'), context);
	assert.ok(module.exports.default);
	return module.exports.default;
}

describe('compiled schemas', () => {
	it('are the two Connect answers and the Gather answer', () =>
		assert.deepEqual(names, ['connect-1.0', 'connect-1.1', 'gather-1.0']));

	for (const name of names) {
		it(`${name} decides as its schema does, without ajv`, () => {
			const compiled = load(name);
			const interpreted = new Ajv({ strict: false }).compile(
				JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')),
			);
			const number = fc.constantFrom('+919812345678', '09812345678', 'sip:a', '');
			const answer = fc.record(
				{
					destination: fc.oneof(
						fc.record({ numbers: fc.array(number) }),
						fc.array(fc.record({ contact_uri: number })),
						fc.anything(),
					),
					gather_prompt: fc.oneof(
						fc.record({ text: fc.constantFrom('a', '', 7) }),
						fc.record({ audio_url: fc.constantFrom('https://a.example/a.wav', 'x') }),
						fc.anything(),
					),
					finish_on_key: fc.constantFrom('#', '', '12', 1),
					max_ringing_duration: fc.oneof(fc.integer({ min: -1, max: 61 }), fc.anything()),
					music_on_hold: fc.record({
						type: fc.constantFrom('default_tone', 'custom_tone', 'x'),
						value: fc.constantFrom('https://a.example', 'x', undefined),
					}),
				},
				{ requiredKeys: [], noNullPrototype: true },
			);
			fc.assert(
				fc.property(fc.oneof(answer, fc.anything()), (value) =>
					assert.equal(compiled(value), interpreted(value)),
				),
				{ numRuns },
			);
		});
	}
});

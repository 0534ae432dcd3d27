/** JSON is weighed before it is parsed: only what stands outside of its texts counts. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exceeded, exceededIn } from '../../exotel/json';
import { runs } from './samples';

describe('the levels and values of JSON', () => {
	it('are counted outside of its texts, whatever is in those', () => {
		const text = fc.string({ unit: fc.constantFrom('\\', '"', '[', '{', ',', ']', 'a') });
		const property = fc.property(fc.array(text), (texts) => {
			const json = JSON.stringify(texts);
			const values = Math.max(1, texts.length);
			assert.equal(exceeded(json, { levels: 1, values }), null, json);
			assert.equal(exceeded(json, { levels: 1, values: values - 1 }), 'values', json);
			assert.equal(exceeded(`[${json}]`, { levels: 1, values }), 'levels', json);
		});
		fc.assert(property, runs);
	});

	it('of a text without end are none', () => {
		for (const json of ['"[[', '["\\', `"${'\\'.repeat(1_000_001)}"[`])
			assert.equal(exceeded(json, { levels: 1, values: 5 }), null);
	});

	it('are counted in what somebody else has parsed as well', () => {
		const bounds = { levels: 2, values: 3 };
		for (const within of [{}, [[]], { a: { b: 1 }, c: 1 }, null, 7]) assert.equal(exceededIn(within, bounds), null);
		assert.equal(exceededIn([[[]]], bounds), 'levels');
		assert.equal(exceededIn({ a: [1, 2, 3] }, bounds), 'values');
		const own: unknown[] = [];
		own.push(own);
		assert.equal(exceededIn(own, bounds), 'levels');
	});
});

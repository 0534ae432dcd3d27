/** Several values in one field: how they are separated, and what separates nothing. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitList } from '../../../exotel/fields/split-list';
import { runs } from '../samples';

describe('a list in one text', () => {
	it('is separated by commas, semicolons and lines', () => {
		for (const text of ['a,b,c', 'a;b;c', 'a\nb\nc', 'a\r\nb\r\nc', ' a , b ; c ', 'a,;b\n\n,c;', 'a, b\n; c']) {
			assert.deepEqual(splitList(text), ['a', 'b', 'c'], JSON.stringify(text));
		}
	});

	it('keeps blanks inside a value', () => {
		assert.deepEqual(splitList('+91 98123 45678; 080-4711 2233'), ['+91 98123 45678', '080-4711 2233']);
	});

	it('keeps the parameters of a SIP address with it', () => {
		const agent = 'sip:agent1@pbx.example.com;transport=udp';
		assert.deepEqual(splitList(agent), [agent]);
		assert.deepEqual(splitList(`${agent};user=phone`), [`${agent};user=phone`]);
		assert.deepEqual(splitList(`${agent}; +919812345678`), [agent, '+919812345678']);
		assert.deepEqual(splitList(`+919812345678;${agent}, sip:agent2`), ['+919812345678', agent, 'sip:agent2']);
	});

	it('is empty when there is nothing in it', () => {
		for (const text of ['', ' ', ',', ';\n,']) assert.deepEqual(splitList(text), [], JSON.stringify(text));
	});

	it('is taken as it is when it is a list already, and any other value is its one item', () => {
		const list = ['a,b', '', 7];
		assert.equal(splitList(list), list);
		for (const value of [7, true, null, undefined, { a: 1 }]) assert.deepEqual(splitList(value), [value]);
	});

	it('gives back what was joined by any separator', () => {
		const part = fc.stringMatching(/^[\w+@.:-]([\w+@.: -]*[\w+@.:-])?$/);
		const property = fc.property(fc.array(part), fc.constantFrom(',', '; ', '\n', ' , '), (parts, separator) => {
			assert.deepEqual(splitList(parts.join(separator)), parts);
		});
		fc.assert(property, runs);
	});
});

/** What the vendor's documents name has a place on both hosts, and the second part of docs/fidelity.md says which. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fieldRows, leftOver, nodeRedForms, parameterRows, SECOND_PART, secondPart } from './fidelity/document';
import { fieldTables } from './fidelity/fields';
import { parameterTables } from './fidelity/parameters';

const DOCUMENT = path.join(__dirname, '..', '..', 'docs', 'fidelity.md');

describe('what the documents name', () => {
	let forms: Awaited<ReturnType<typeof nodeRedForms>>;
	before(async () => {
		forms = await nodeRedForms();
	});

	for (const table of parameterTables) {
		it(`has a place on both hosts: ${table.title}`, () => {
			const problems = parameterRows(table, forms).flatMap(({ problem }) => problem ?? []);
			assert.deepEqual([...problems, ...leftOver(table)], []);
		});

		it(`is missed without its field: ${table.title}`, () => {
			const name = Object.keys(table.fields)[0] ?? '';
			const { [name]: gone, ...fields } = table.fields;
			const rows = parameterRows({ ...table, fields }, forms);
			const others = Object.values(fields).some(({ parameter }) => parameter === gone?.parameter);
			assert.ok(others || rows.some(({ problem }) => problem === `${gone?.parameter} has no field`));
			const names = table.names.filter((one) => one !== gone?.parameter);
			assert.notDeepEqual(leftOver({ ...table, names }), []);
			assert.deepEqual(leftOver({ ...table, elsewhere: { Nothing: '' } }), ['Nothing']);
			assert.deepEqual(leftOver({ ...table, notInForm: { n8n: { nothing: '' } } }), ['nothing']);
		});
	}

	for (const table of fieldTables) {
		it(`comes out, or says why it is in the raw record alone: ${table.title}`, () => {
			const rows = fieldRows(table);
			const rawOnly = [...rows].filter(([, places]) => places.length === 0).map(([documented]) => documented);
			assert.deepEqual(rawOnly.sort(), Object.keys(table.rawOnly).sort());
			const unread = fieldRows({ ...table, read: () => ({}) });
			assert.equal([...unread.values()].flat().length, 0);
		});
	}

	it('is what the second part of docs/fidelity.md says', async () => {
		const text = readFileSync(DOCUMENT, 'utf8');
		const at = text.indexOf(SECOND_PART);
		const first = at === -1 ? `${text}\n` : text.slice(0, at);
		const expected = `${first}${await secondPart()}`;
		if (process.env.UPDATE_FIDELITY === '1') writeFileSync(DOCUMENT, expected);
		assert.equal(readFileSync(DOCUMENT, 'utf8'), expected);
	});
});

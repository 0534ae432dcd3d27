/**
 * docs/threat-model.md: each line names a test that proves it, and that test exists; or it is open and says what is
 * missing.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { testExists } from './test-titles';

const root = path.resolve(__dirname, '..', '..');
const document = fs.readFileSync(path.join(root, 'docs', 'threat-model.md'), 'utf8');
/** The lines of all tables, heads and rules left out, as cells. */
const linesOf = (text: string): string[][] =>
	text
		.split('\n')
		.filter((line) => line.startsWith('|') && !/^\|(---|\s*Attack \|)/.test(line))
		.map((line) =>
			line
				.slice(1, -1)
				.split(' | ')
				.map((cell) => cell.trim()),
		);

/** What is wrong with the document; empty when nothing is. */
function faultsOf(text: string): string[] {
	return linesOf(text).flatMap(([attack = '', protection = '', proof = '', ...more]) => {
		if (attack === '' || protection === '' || more.length > 0) return [`not three cells: ${attack}`];
		if (/^\*\*open\*\*: \S.{10,}$/.test(proof)) return [];
		if (/^nothing/i.test(protection)) return [`no protection, and not open: ${attack}`];
		if (proof === '') return [`no test: ${attack}`];
		return proof.split('<br>').flatMap((one) => {
			const [, file = '', title = ''] = /^`([^`]+)`: \*(.+)\*$/.exec(one) ?? [];
			return testExists(file, title) ? [] : [`no such test: ${one}`];
		});
	});
}

describe('the threat model', () => {
	it('names an existing test for every line, or says that it is open', () => {
		assert.deepEqual(faultsOf(document), []);
		assert.ok(linesOf(document).length >= 40);
	});

	it('is refused with a line without test, with a test that does not exist, or with an open line that says nothing', () => {
		const file = 'test/house/threat-model.test.ts';
		const own = 'names an existing test for every line, or says that it is open';
		const faults = (proof: string, protection = 'a rule') => faultsOf(`| somebody | ${protection} | ${proof} |`);
		assert.deepEqual(faults(`\`${file}\`: *${own}*`), []);
		assert.deepEqual(faults('**open**: what is missing is said here'), []);
		assert.deepEqual(faults(''), ['no test: somebody']);
		assert.equal(faults(`\`${file}\`: *${own}, or not*`).length, 1);
		assert.equal(faults(`\`${file}\`: *${own}*<br>\`test/none.test.ts\`: *${own}*`).length, 1);
		assert.equal(faults(`\`${file}\``).length, 1);
		assert.equal(faults('**open**').length, 1);
		assert.equal(faults(`\`${file}\`: *${own}*`, 'Nothing yet').length, 1);
	});

	it('is what SECURITY.md, the README and the guide for contributors point to', () => {
		for (const name of ['SECURITY.md', 'README.md', 'CONTRIBUTING.md'])
			assert.match(
				fs.readFileSync(path.join(root, name), 'utf8'),
				/\(docs\/threat-model\.md\)|\(SECURITY\.md\)/,
				name,
			);
	});
});

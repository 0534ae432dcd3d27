/**
 * docs/threat-model.md: each line names a test that proves it, and that test exists; or it is open and says what is
 * missing.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..', '..');
const document = fs.readFileSync(path.join(root, 'docs', 'threat-model.md'), 'utf8');
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What a title may read like: `${…}` in it stands for a text of the file. */
function patternOf(title: ts.Expression): string | null {
	if (ts.isStringLiteralLike(title)) return escaped(title.text);
	if (ts.isTemplateExpression(title))
		return title.templateSpans.reduce(
			(sum, { literal }) => `${sum}(.+)${escaped(literal.text)}`,
			escaped(title.head.text),
		);
	if (ts.isBinaryExpression(title) && title.operatorToken.kind === ts.SyntaxKind.PlusToken) {
		const sides = [patternOf(title.left), patternOf(title.right)];
		return sides.includes(null) ? null : sides.join('');
	}
	return null;
}

/**
 * The titles of the tests of a file that run (`it.skip` and `describe.skip` do not). Where the title is a variable, the
 * texts of the loop around it count.
 */
function titlesOf(file: string): RegExp[] {
	const source = ts.createSourceFile(
		file,
		fs.readFileSync(path.join(root, file), 'utf8'),
		ts.ScriptTarget.ES2022,
		true,
	);
	const found: string[] = [];
	const visit = (node: ts.Node, loop: ts.Node | null): void => {
		if (ts.isCallExpression(node) && /^(it|describe)\.skip$/.test(node.expression.getText(source))) return;
		if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'it') {
			const [title] = node.arguments;
			const pattern = title === undefined ? null : patternOf(title);
			if (pattern !== null) found.push(pattern);
			else if (loop !== null) found.push(...textsIn(loop).map(escaped));
		}
		ts.forEachChild(node, (child) => visit(child, ts.isForOfStatement(node) ? node.expression : loop));
	};
	visit(source, null);
	return found.map((pattern) => new RegExp(`^${pattern}$`));
}

function textsIn(node: ts.Node): string[] {
	const texts: string[] = [];
	const visit = (inner: ts.Node): void => {
		if (ts.isStringLiteralLike(inner)) texts.push(inner.text);
		ts.forEachChild(inner, visit);
	};
	visit(node);
	return texts;
}

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
	const known = new Map<string, RegExp[]>();
	const exists = (file: string, title: string): boolean => {
		if (!/^test\/[\w./-]+\.test\.ts$/.test(file) || !fs.existsSync(path.join(root, file))) return false;
		const titles = known.get(file) ?? titlesOf(file);
		known.set(file, titles);
		const text = fs.readFileSync(path.join(root, file), 'utf8');
		return titles.some((pattern) => {
			const [, ...filled] = pattern.exec(title) ?? ['', null];
			return filled.every((one) => one !== null && text.includes(one.replace(/^"|"$/g, '')));
		});
	};
	return linesOf(text).flatMap(([attack = '', protection = '', proof = '', ...more]) => {
		if (attack === '' || protection === '' || more.length > 0) return [`not three cells: ${attack}`];
		if (/^\*\*open\*\*: \S.{10,}$/.test(proof)) return [];
		if (/^nothing/i.test(protection)) return [`no protection, and not open: ${attack}`];
		if (proof === '') return [`no test: ${attack}`];
		return proof.split('<br>').flatMap((one) => {
			const [, file = '', title = ''] = /^`([^`]+)`: \*(.+)\*$/.exec(one) ?? [];
			return exists(file, title) ? [] : [`no such test: ${one}`];
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

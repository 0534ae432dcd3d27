/** The titles of the tests of a file, for documents that name the test of a sentence. */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..', '..');
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

const known = new Map<string, RegExp[]>();

/** Whether a file of tests has a test of this title that runs. */
export function testExists(file: string, title: string): boolean {
	if (!/^test\/[\w./-]+\.test\.ts$/.test(file) || !fs.existsSync(path.join(root, file))) return false;
	const titles = known.get(file) ?? titlesOf(file);
	known.set(file, titles);
	const text = fs.readFileSync(path.join(root, file), 'utf8');
	return titles.some((pattern) => {
		const [, ...filled] = pattern.exec(title) ?? ['', null];
		return filled.every((one) => one !== null && text.includes(one.replace(/^"|"$/g, '')));
	});
}

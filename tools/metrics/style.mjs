/** What one file is like: its size, its width, and how often it argues with its types. */
import path from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { root, walk } from './files.mjs';

const MAX_WIDTH = 120;
const MAX_COMPLEXITY = 15;

/** Columns of a line, a tab being four, counted in characters. */
function width(line) {
	return [...line.replaceAll('\t', '    ')].length;
}

const isConst = (node) => ts.isTypeReferenceNode(node.type) && node.type.getText() === 'const';

/** Counts of one file. */
export function styleOf({ text, source }) {
	const lines = text.split('\n');
	if (lines.at(-1) === '') lines.pop();
	const counts = {
		files: 1,
		lines: lines.length,
		wide: lines.filter((line) => width(line) > MAX_WIDTH).length,
		casts: 0,
		doubleCasts: 0,
		any: 0,
		bangs: 0,
	};
	if (source === null) return counts;
	walk(source, (node) => {
		if (node.kind === ts.SyntaxKind.AnyKeyword) counts.any += 1;
		if (ts.isNonNullExpression(node)) counts.bangs += 1;
		if (!(ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) || isConst(node)) return;
		counts.casts += 1;
		const inner = ts.isAsExpression(node.expression) ? node.expression.type.kind : null;
		const throughUnknown = inner === ts.SyntaxKind.UnknownKeyword;
		if (node.type.kind === ts.SyntaxKind.NeverKeyword || throughUnknown) counts.doubleCasts += 1;
	});
	return counts;
}

/** File name → its functions that are more complex than allowed. */
export async function complexFunctions(files) {
	const eslint = new ESLint({
		cwd: root,
		overrideConfigFile: true,
		allowInlineConfig: false,
		overrideConfig: [
			{
				files: ['**/*.ts', '**/*.js'],
				languageOptions: { parser: tseslint.parser },
				rules: { complexity: ['error', MAX_COMPLEXITY] },
			},
		],
	});
	const names = files.filter(({ name }) => !name.endsWith('.html')).map(({ name }) => path.join(root, name));
	const results = await eslint.lintFiles(names);
	return new Map(
		results.map(({ filePath, messages }) => [
			path.relative(root, filePath),
			messages
				.filter(({ ruleId }) => ruleId === 'complexity')
				.map(({ line, message }) => `${line}: ${message.replace(/\. Maximum.*$/, '')}`),
		]),
	);
}

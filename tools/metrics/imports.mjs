/** Who imports what: circles of files and of units, and exports that nobody imports. */
import path from 'node:path';
import ts from 'typescript';
import { unitOf, walk } from './files.mjs';

/** Every name a file takes from another one; `*` stands for all of them. */
function importsOf(file, byName) {
	const found = [];
	const resolve = (specifier) => {
		if (!specifier.startsWith('.')) return undefined;
		const target = path.posix.join(path.posix.dirname(file.name), specifier);
		const bare = target.replace(/\.js$/, '');
		return [`${bare}.ts`, `${bare}/index.ts`, target].find((candidate) => byName.has(candidate));
	};
	const add = (specifier, names) => {
		const target = resolve(specifier);
		if (target !== undefined) found.push({ target, names });
	};
	const namesIn = (clause) => {
		if (clause === undefined) return ['*'];
		const names = clause.name === undefined ? [] : ['default'];
		const bindings = clause.namedBindings;
		if (bindings === undefined) return names;
		if (!ts.isNamedImports(bindings)) return ['*'];
		return [...names, ...bindings.elements.map((element) => (element.propertyName ?? element.name).text)];
	};
	walk(file.source, (node) => {
		if (ts.isImportDeclaration(node)) add(node.moduleSpecifier.text, namesIn(node.importClause));
		else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
			const elements = node.exportClause?.elements;
			const names = elements?.map((element) => (element.propertyName ?? element.name).text) ?? ['*'];
			add(node.moduleSpecifier.text, names);
		} else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
			add(node.argument.literal.text, [node.qualifier?.getText() ?? '*']);
		} else if (ts.isExternalModuleReference(node)) add(node.expression.text, ['*']);
		else if (ts.isCallExpression(node) && /^(?:require|import)$/.test(node.expression.getText())) {
			const [argument] = node.arguments;
			if (argument !== undefined && ts.isStringLiteral(argument)) add(argument.text, ['*']);
		}
	});
	return found;
}

/** The names a file exports. */
function exportsOf({ source }) {
	const names = [];
	for (const statement of source.statements) {
		if (ts.isExportDeclaration(statement)) {
			names.push(...(statement.exportClause?.elements?.map((element) => element.name.text) ?? []));
		} else if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
			const declared = statement.declarationList?.declarations ?? [statement];
			names.push(...declared.map(({ name }) => name?.text ?? 'default'));
		}
	}
	return names;
}

/** Groups of nodes that reach each other (Tarjan). */
function circlesIn(edges) {
	const circles = [];
	const state = new Map();
	const stack = [];
	const visit = (node) => {
		const own = { index: state.size, low: state.size, open: true };
		state.set(node, own);
		stack.push(node);
		for (const next of edges.get(node) ?? []) {
			const known = state.get(next);
			if (known === undefined) own.low = Math.min(own.low, visit(next).low);
			else if (known.open) own.low = Math.min(own.low, known.index);
		}
		if (own.low === own.index) {
			const circle = stack.splice(stack.indexOf(node));
			for (const member of circle) state.get(member).open = false;
			if (circle.length > 1) circles.push(circle.sort());
		}
		return own;
	};
	for (const node of edges.keys()) if (!state.has(node)) visit(node);
	return circles;
}

/** Circles of files and units, exports nobody in production imports, and exports of the core no package uses. */
export function dependencies(allFiles) {
	const files = allFiles.filter(({ source }) => source !== null);
	const byName = new Map(files.map((file) => [file.name, file]));
	const fileEdges = new Map(files.map(({ name }) => [name, new Set()]));
	const unitEdges = new Map(files.map(({ name }) => [unitOf(name), new Set()]));
	const used = new Map(files.map(({ name }) => [name, new Set()]));
	const usedOutsideCore = new Set();
	for (const file of files) {
		for (const { target, names } of importsOf(file, byName)) {
			fileEdges.get(file.name).add(target);
			if (unitOf(target) !== unitOf(file.name)) unitEdges.get(unitOf(file.name)).add(unitOf(target));
			for (const name of names) used.get(target).add(name);
			if (target === 'exotel/index.ts') names.forEach((name) => usedOutsideCore.add(name));
		}
	}
	const unusedIn = (file) => exportsOf(file).filter((name) => !used.get(file.name).has(name));
	const entry = byName.get('exotel/index.ts');
	return {
		fileCircles: circlesIn(fileEdges),
		unitCircles: circlesIn(unitEdges),
		unusedExports: files
			.filter((file) => file !== entry && !used.get(file.name).has('*'))
			.flatMap((file) => unusedIn(file).map((name) => `${file.name}: ${name}`)),
		unusedPublicExports: exportsOf(entry).filter((name) => !usedOutsideCore.has(name)),
	};
}

/**
 * n8n's own gates for a community package, run on this tree: the strict lint of `@n8n/node-cli` and the community
 * package scanner. The lint runs on a staged copy of what belongs to the n8n package, because its cloud rules apply to
 * every file it finds; the scanner runs on the sources and on the packed tarball, unpacked. By hand: `node
 * tools/n8n-lint/check.mjs` (lint and scan of the sources) or with the path of a tarball (all).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import { installedLint } from '../n8n/install.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const parts = ['package.json', 'tsconfig.json', 'nodes', 'credentials', 'icons', 'exotel'];
/** What `"strict": true` in package.json demands, to the letter. */
const strictConfig = "import { config } from '@n8n/node-cli/eslint';\n\nexport default config;\n";

/** Strict lint of a staged copy; throws with the findings when there is one, warnings included. */
export async function lint() {
	const tool = await installedLint();
	const stage = stageIn(tool);
	try {
		const result = spawnSync(
			process.execPath,
			[join(tool, 'node_modules/@n8n/node-cli/bin/n8n-node.mjs'), 'lint'],
			{
				cwd: stage,
				maxBuffer: 64 * 1024 * 1024,
				encoding: 'utf8',
				// Seeing CI, the tool asks nothing.
				env: { ...process.env, CI: 'true' },
			},
		);
		const output = stripVTControlCharacters(`${result.stdout}${result.stderr}`).replaceAll(stage, '.');
		if (result.status !== 0 || /^\s+\d+:\d+\s+(error|warning)\b/m.test(output))
			throw new Error(`n8n-node lint:\n${output}`);
		const files = countFiles(stage);
		return `n8n-node lint: no finding in ${files} files`;
	} finally {
		rmSync(stage, { recursive: true, force: true });
	}
}

/** Scanner on the sources and, when given, on a tarball; throws with the details when one does not pass. */
export async function scan(tarball) {
	const tool = await installedLint();
	const scanner = pathToFileURL(join(tool, 'node_modules/@n8n/scan-community-package/scanner/scanner.mjs'));
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(scanner.href);
	const inline = inlineDisables();
	if (inline !== '') throw new Error(`The scanner ignores inline disables, and so do we:\n${inline}`);

	const stage = stageIn(tool);
	try {
		requirePassed('sources', await analyzePackage(stage, SOURCE_FILE_PATTERNS));
		if (tarball === undefined) return 'scanner: the sources pass';
		const unpacked = join(stage, 'unpacked');
		mkdirSync(unpacked);
		const tar = spawnSync('tar', ['-xzf', resolve(tarball), '-C', unpacked], { encoding: 'utf8' });
		if (tar.status !== 0) throw new Error(tar.stderr);
		requirePassed('tarball', await analyzePackage(join(unpacked, 'package'), ['**/*.js', 'package.json']));
		return 'scanner: the sources and the tarball pass';
	} finally {
		rmSync(stage, { recursive: true, force: true });
	}
}

function requirePassed(what, { passed, message, details }) {
	if (!passed)
		throw new Error(
			`The community package scanner refuses the ${what}: ${message ?? ''}\n${JSON.stringify(details, null, 1)}`,
		);
}

/** A copy that holds only the n8n package; inside the tool's folder, so that its modules are found. */
function stageIn(tool) {
	const stage = mkdtempSync(join(tool, 'stage-'));
	for (const part of parts) {
		if (existsSync(join(root, part))) cpSync(join(root, part), join(stage, part), { recursive: true });
	}
	writeFileSync(join(stage, 'eslint.config.mjs'), strictConfig);
	linkLibraries(stage);
	return stage;
}

/** What the sources import. The lint itself, and its own ESLint, are found in the tool's modules one level up. */
function linkLibraries(stage) {
	const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	for (const name of Object.keys(devDependencies)) {
		const library = join(root, 'node_modules', name);
		if (/eslint|typescript|^node$/.test(name) || !existsSync(library)) continue;
		const link = join(stage, 'node_modules', name);
		mkdirSync(dirname(link), { recursive: true });
		symlinkSync(library, link);
	}
}

function countFiles(stage) {
	return (
		spawnSync('find', [stage, '-name', '*.ts', '-not', '-path', '*/node_modules/*'], {
			encoding: 'utf8',
		}).stdout.split('\n').length - 1
	);
}

/** Lines of nodes/ and credentials/ that switch a rule off for themselves. */
function inlineDisables() {
	return spawnSync('grep', ['-rnE', 'eslint-disable|@ts-ignore|@ts-nocheck', 'nodes', 'credentials'], {
		cwd: root,
		encoding: 'utf8',
	}).stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	console.log(await lint());
	console.log(await scan(process.argv[2]));
}

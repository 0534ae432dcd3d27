/**
 * The build. Three packages come out of this one tree:
 *   dist/            @exonodes/n8n-nodes-exotel
 *   node-red/dist/   @exonodes/node-red-exotel
 *   simulator/dist/  @exonodes/exotel-simulator
 * The core (`exotel/`) is bundled once into each node package with everything it needs; the adapters are transpiled
 * file by file, so that a stack trace of a user names the file it came from. `gulp pack` adds artifacts/*.tgz, what npm
 * would publish.
 */
'use strict';

const { execFile } = require('node:child_process');
const { existsSync } = require('node:fs');
const fs = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const esbuild = require('esbuild');
const { parallel, series } = require('gulp');
const { forgetBundles, keepBundle, keptBundles } = require('./tools/build/bundles.cjs');
const { coreEntry } = require('./tools/build/core-names.cjs');
const coreOptions = require('./tools/build/core-options.cjs');

const run = promisify(execFile);
const root = __dirname;
const coreDoor = path.join(root, 'exotel', 'index.ts');
const target = 'node20';
/** Options of esbuild for adapters that `shortenAll` turns into CommonJS. */
const asModules = { format: 'esm', logOverride: { 'commonjs-variable-in-esm': 'silent' } };

/** All files below `folder` whose name ends with one of `endings`, as absolute paths. */
async function filesBelow(folder, endings) {
	const found = await fs.readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
	return found
		.filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
		.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
		.filter((file) => !/[\\/](node_modules|dist)[\\/]/.test(file));
}

/** Copies one file, making its folder. */
async function copyFile(from, to) {
	await fs.mkdir(path.dirname(to), { recursive: true });
	await fs.copyFile(from, to);
}

/**
 * Keeps the tree: every import of a file of ours stays an import, pointing to where that file lands in the output; the
 * core's door becomes the core's bundle.
 */
function keepTree(sourceFolder, outFolder) {
	return {
		name: 'keep-tree',
		setup(build) {
			build.onResolve({ filter: /^\./ }, (args) => {
				if (args.kind === 'entry-point') return null;
				const wanted = path.resolve(args.resolveDir, args.path);
				const importer = path.relative(sourceFolder, args.importer);
				const outDir = path.dirname(path.join(outFolder, importer));
				// With its ending: whoever loads it has to look for one file only.
				const file = scriptOf(wanted);
				const landed =
					file === coreDoor.replace(/ts$/, 'js')
						? path.join(outFolder, 'exotel', 'index.js')
						: path.join(outFolder, path.relative(sourceFolder, file));
				let relative = path.relative(outDir, landed).split(path.sep).join('/');
				if (!relative.startsWith('.')) relative = `./${relative}`;
				return { path: relative, external: true };
			});
		},
	};
}

/** The script that an import means: `host/tool`, `host/tool.ts` and the folder `operations` are files. */
function scriptOf(wanted) {
	const base = wanted.replace(/\.[jt]s$/, '');
	return existsSync(`${base}.ts`) ? `${base}.js` : path.join(base, 'index.js');
}

/** Transpiles the adapters of a package file by file into CommonJS; `more` are further options of esbuild. */
async function transpile(name, entryPoints, sourceFolder, more = {}) {
	const outFolder = path.join(sourceFolder, 'dist');
	const { metafile } = await esbuild.build({
		entryPoints,
		outdir: outFolder,
		outbase: sourceFolder,
		bundle: true,
		packages: 'external',
		platform: 'node',
		format: 'cjs',
		target,
		logLevel: 'warning',
		metafile: true,
		plugins: [keepTree(sourceFolder, outFolder)],
		...more,
	});
	await keepBundle(name, 'adapters', metafile);
}

/** The core of the n8n package and the libraries it uses, as one file without any require of a package. */
async function bundleCore(outFolder) {
	const { metafile } = await esbuild.build({
		stdin: await coreEntry(['nodes', 'credentials']),
		outfile: path.join(outFolder, 'exotel', 'index.js'),
		bundle: true,
		format: 'cjs',
		target,
		logLevel: 'warning',
		metafile: true,
		...coreOptions,
	});
	await keepBundle('n8n', 'core', metafile);
}

async function schemas() {
	for (const script of ['schemas.mjs', 'numbering-plans.mjs'])
		await run(process.execPath, [path.join(root, 'tools', 'build', script)], { cwd: root });
}

async function n8nPackage() {
	const out = path.join(root, 'dist');
	await fs.rm(out, { recursive: true, force: true });
	await forgetBundles('n8n');
	const sources = [...(await filesBelow('nodes', ['.ts'])), ...(await filesBelow('credentials', ['.ts']))];
	await transpile('n8n', sources, root, { ...asModules, minifySyntax: true });
	// The package is held below 600 kB; names stay, so that a stack trace can be read.
	await shortenAll(out, { compress: false, mangle: false });
	await bundleCore(out);
	for (const file of await filesBelow('nodes', ['.json']))
		await copyFile(file, path.join(out, path.relative(root, file)));
	for (const icon of ['exotel.svg', 'exotel.dark.svg'])
		await copyFile(path.join(root, 'icons', icon), path.join(out, 'icons', icon));
}

async function nodeRedPackage() {
	const source = path.join(root, 'node-red');
	const out = path.join(source, 'dist');
	await fs.rm(out, { recursive: true, force: true });
	const isForBrowsers = (file) =>
		file.startsWith(path.join(source, 'editor') + path.sep) || /[\\/]editor\.ts$/.test(file);
	const runtime = (await filesBelow('node-red', ['.ts'])).filter((file) => !isForBrowsers(file));
	await forgetBundles('node-red');
	await transpile('node-red', runtime, source, asModules);
	await shortenAll(out, { compress: { passes: 2 }, mangle: { toplevel: true } });
	await generate('editor');
}

/**
 * Turns the ES modules in a folder into CommonJS and shortens them; `options` are terser's. TypeScript puts a line
 * before each file where esbuild puts ten, which cost bytes, memory and time to load. No adapter imports the default
 * of a CommonJS module but for axios, which has one, so that no file needs TypeScript's helpers either.
 */
async function shortenAll(folder, options) {
	const typescript = require('typescript');
	const { minify } = require('terser');
	const compilerOptions = { module: typescript.ModuleKind.CommonJS, target: typescript.ScriptTarget.ES2022 };
	for (const name of await fs.readdir(folder, { recursive: true })) {
		if (!name.endsWith('.js')) continue;
		const file = path.join(folder, name);
		const { outputText } = typescript.transpileModule(await fs.readFile(file, 'utf8'), { compilerOptions });
		const { code } = await minify(outputText, { ecma: 2020, format: { ascii_only: true }, ...options });
		await fs.writeFile(file, code);
	}
}

/** Runs a step of tools/build/generate.mjs. */
async function generate(step) {
	await run(process.execPath, [path.join(root, 'tools', 'build', 'generate.mjs'), step], { cwd: root });
}

async function simulatorPackage() {
	const source = path.join(root, 'simulator');
	const out = path.join(source, 'dist');
	await fs.rm(out, { recursive: true, force: true });
	await forgetBundles('simulator');
	await transpile('simulator', await filesBelow('simulator', ['.ts']), source);
	for (const file of await filesBelow('simulator/page', ['.html', '.css', '.js', '.svg'])) {
		await copyFile(file, path.join(out, path.relative(source, file)));
	}
	const typescript = require.resolve('typescript/bin/tsc');
	await run(
		process.execPath,
		[typescript, '--project', path.join(root, 'tools', 'build', 'tsconfig.simulator.json')],
		{ cwd: root },
	);
}

/**
 * The n8n package as npm shows it: its own README (docs/n8n.md), and a manifest without what only this repository needs.
 * The repository's package.json cannot be that manifest, because it is the workspace root as well.
 */
async function stageN8n(folder) {
	const manifest = JSON.parse(await fs.readFile(path.join(root, 'package.json'), 'utf8'));
	for (const key of ['workspaces', 'scripts', 'devDependencies', 'allowScripts']) delete manifest[key];
	await fs.writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
	await fs.writeFile(path.join(folder, 'README.md'), await readmeWithAbsoluteLinks(manifest.repository.url));
	await copyFile(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
	const generated = await writeThirdParty('n8n', folder);
	for (const name of manifest.files.filter((file) => !generated.includes(file)))
		await fs.cp(path.join(root, name), path.join(folder, name), { recursive: true });
	await fs.writeFile(path.join(folder, 'CHANGELOG.md'), await changelogOf('n8n'));
}

/** Writes licence notices and bill of materials of a package that was built. */
async function writeThirdParty(name, folder) {
	const { thirdPartyTexts } = await import('./tools/build/third-party.mjs');
	const manifest = JSON.parse(await fs.readFile(path.join(folder, 'package.json'), 'utf8'));
	const texts = thirdPartyTexts(manifest, await keptBundles(name));
	for (const [file, text] of Object.entries(texts)) await fs.writeFile(path.join(folder, file), text);
	return Object.keys(texts);
}

/** docs/n8n.md with its relative links and pictures pointing into the repository. */
async function readmeWithAbsoluteLinks(repositoryUrl) {
	const base = repositoryUrl.replace(/^git\+/, '').replace(/\.git$/, '');
	const text = await fs.readFile(path.join(root, 'docs', 'n8n.md'), 'utf8');
	return text.replace(/(!?)(\[[^\]]*\])\((?!https?:|#)([^)]+)\)/g, (_, picture, label, target) => {
		const file = path.posix.join('docs', target);
		return `${picture}${label}(${base}/${picture === '' ? 'blob' : 'raw'}/main/${file})`;
	});
}

/** The changelog without the sections about the other packages, and without 0.1.0, which was never published. */
async function changelogOf(folder) {
	const own = { n8n: 'n8n', 'node-red': 'Node-RED', simulator: 'Simulator' }[folder];
	const text = await fs.readFile(path.join(root, 'CHANGELOG.md'), 'utf8');
	const others = ['n8n', 'Node-RED', 'Simulator', 'The repository'].filter((title) => title !== own);
	return text
		.split(/^(?=##)/m)
		.filter((section) => !others.some((title) => section.startsWith(`### ${title}\n`)))
		.filter((section) => !section.startsWith('## 0.1.0 '))
		.join('');
}

async function pack() {
	const artifacts = path.join(root, 'artifacts');
	await fs.rm(artifacts, { recursive: true, force: true });
	await fs.mkdir(artifacts, { recursive: true });
	for (const folder of ['node-red', 'simulator']) {
		await copyFile(path.join(root, 'LICENSE'), path.join(root, folder, 'LICENSE'));
		await fs.writeFile(path.join(root, folder, 'CHANGELOG.md'), await changelogOf(folder));
		await writeThirdParty(folder, path.join(root, folder));
	}
	const staged = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-n8n-'));
	await stageN8n(staged);
	const { npm } = await import('./tools/hosts/npm.mjs');
	for (const cwd of [staged, path.join(root, 'node-red'), path.join(root, 'simulator')]) {
		await npm(['pack', '--ignore-scripts', '--pack-destination', artifacts], { cwd });
	}
	await fs.rm(staged, { recursive: true, force: true });
	for (const name of await fs.readdir(artifacts)) await pressTarball(path.join(artifacts, name));
}

/** The date of every file in a tarball, as npm sets it: the same files make the same tarball. */
const PACKED_AT = new Date('1985-10-26T08:15:00Z');

/** Which files of a tarball are alike, in the order in which they are packed: what is alike packs better together. */
const ALIKE = [
	/\.js$/,
	/^package\/[^/]+\.json$/,
	/\/(?!locales\/)[^/]+\/[^/]+\.html$/,
	/\/examples\//,
	/\/locales\/.*\.html$/,
	/\.md$/,
	/\/locales\/en-US\//,
	/\/locales\/de\//,
	/\/locales\/ja\//,
	/\/locales\/hi\//,
];

/**
 * Compresses a tarball again, 5 % smaller than npm does it, and its examples without blanks: the one of Node-RED is held
 * below 200 kB.
 */
async function pressTarball(file) {
	const { gzipAsync } = require('@gfx/zopfli');
	const tar = require('tar');
	const cwd = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-tarball-'));
	const names = [];
	await tar.x({ file, cwd, preserveOwner: false, onReadEntry: (entry) => names.push(entry.path) });
	for (const name of names.filter((one) => /\/examples\/.*\.json$/.test(one))) {
		const example = path.join(cwd, name);
		await fs.writeFile(example, JSON.stringify(JSON.parse(await fs.readFile(example, 'utf8'))));
	}
	const rankOf = (name) => {
		const rank = ALIKE.findIndex((pattern) => pattern.test(name));
		return rank === -1 ? ALIKE.length : rank;
	};
	names.sort((one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1));
	await tar.c({ file, cwd, portable: true, noDirRecurse: true, mtime: PACKED_AT }, names);
	await fs.rm(cwd, { recursive: true, force: true });
	await fs.writeFile(file, await gzipAsync(await fs.readFile(file), { blocksplittingmax: 0 }));
}

const build = series(schemas, parallel(n8nPackage, nodeRedPackage, simulatorPackage));
module.exports = {
	schemas,
	n8nPackage,
	nodeRedPackage,
	simulatorPackage,
	build,
	pack: series(build, pack),
	default: build,
};

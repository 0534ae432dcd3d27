/**
 * `node-red/resources/exotel-editor.js`: the core (`exotelCore`) and the scripts of all forms (`exotelEditor`) in one
 * file. The runtime requires the same file for its core, so that the package holds the core once and a form refuses
 * exactly what the request would refuse.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { minify } from 'terser';
import { keepBundle } from './bundles.cjs';
import { coreEntry } from './core-names.cjs';
import { importForms } from './forms.mjs';
import { root } from './load.mjs';

const resources = path.join(root, 'node-red', 'resources');
const NAME = 'exotel-editor.js';

const shared = {
	bundle: true,
	format: 'iife',
	target: 'es2022',
	minify: true,
	write: false,
	metafile: true,
	logLevel: 'warning',
};

/** Modules made of a line of JavaScript, by the import they stand in for. */
function standIn(filter, contents) {
	return {
		name: 'stand-in',
		setup(build) {
			build.onResolve({ filter }, () => ({ path: 'stand-in', namespace: 'stand-in' }));
			build.onLoad({ filter: /.*/, namespace: 'stand-in' }, () => ({ contents }));
		},
	};
}

/** A bundle as it is shipped: what esbuild leaves is 4 kB more in the tarball, which is held below 200 kB. */
async function smallest(bundle, text, metafile) {
	const { code } = await minify(text, {
		ecma: 2020,
		compress: { passes: 3 },
		format: { comments: 'some', ascii_only: true },
	});
	for (const output of Object.values(metafile.outputs)) output.bytes = Buffer.byteLength(code);
	await keepBundle('node-red', bundle, metafile);
	return code;
}

/** The core as one expression that runs in Node and in a browser; only the runtime calls what needs crypto. */
async function coreScript(options) {
	const { outputFiles, metafile } = await esbuild.build({
		...options,
		...shared,
		stdin: await coreEntry(['node-red']),
		globalName: 'exotelCore',
		define: { ...options.define, 'globalThis.Buffer': 'exotelNode.Buffer' },
		plugins: [standIn(/^(?:node:)?crypto$/, 'module.exports = exotelNode.crypto;')],
	});
	return smallest('core', outputFiles[0].text, metafile);
}

async function formsScript() {
	const { outputFiles, metafile } = await esbuild.build({
		...shared,
		stdin: {
			contents: `${await importForms()}forms.forEach(register);
watchImports();
import { watchImports } from './editor/example-account';
import { register } from './editor/index';
export * from './editor/index';`,
			resolveDir: path.join(root, 'node-red'),
			loader: 'ts',
		},
		globalName: 'exotelEditor',
		platform: 'browser',
		plugins: [standIn(/[\\/]exotel[\\/]index$/, 'module.exports = exotelCore;')],
	});
	return smallest('forms', outputFiles[0].text, metafile);
}

/** Writes the file. `options` are those of every bundle of the core. */
export async function bundleEditor(options) {
	const isNode = "typeof module === 'object'";
	const text = `var exotelNode = ${isNode} ? { crypto: require('crypto'), Buffer } : { crypto: {} };
${await coreScript(options)}if (${isNode}) module.exports = exotelCore;
else {
${await formsScript()}}
`;
	await fs.mkdir(resources, { recursive: true });
	await fs.writeFile(path.join(resources, NAME), text);
}

/**
 * Writes the runtime's entry to the core: `<out>/exotel/index.js`, an object without properties until the first one is
 * read, which is when the first node of a flow is made: a package in no flow costs less than half.
 */
export async function linkCore(out) {
	const folder = path.join(out, 'exotel');
	const target = path.relative(folder, path.join(resources, NAME)).split(path.sep).join('/');
	await fs.mkdir(folder, { recursive: true });
	const text = `'use strict';
const core = (module.exports = Object.create(new Proxy({}, { get: load })));
function load(_, name) {
	const loaded = require('${target}');
	Object.assign(core, loaded);
	return loaded[name];
}
`;
	await fs.writeFile(path.join(folder, 'index.js'), text);
}

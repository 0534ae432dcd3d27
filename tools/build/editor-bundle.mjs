/**
 * Bundles the scripts of all forms, with the core's fields and rules, into `node-red/resources/exotel-editor.js`
 * (global `exotelEditor`).
 */
import path from 'node:path';
import esbuild from 'esbuild';
import { importForms } from './forms.mjs';
import { root } from './load.mjs';

/** The core as the browser needs it: no crypto, no reader of responses; what no form reaches is left out. */
const coreForBrowsers = {
	name: 'core-for-browsers',
	setup(build) {
		const empty = { path: 'empty', namespace: 'empty', sideEffects: false };
		build.onResolve({ filter: /^(?:node:)?crypto$/ }, () => empty);
		build.onResolve({ filter: /^fast-xml-parser$/ }, () => empty);
		build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
		build.onResolve({ filter: /^\./ }, async (args) => {
			if (args.pluginData === 'resolved') return null;
			const { importer, resolveDir, kind } = args;
			const found = await build.resolve(args.path, { importer, resolveDir, kind, pluginData: 'resolved' });
			const isCore = found.path.startsWith(path.join(root, 'exotel') + path.sep);
			return isCore ? { path: found.path, sideEffects: false } : found;
		});
	},
};

/** Writes the bundle; gives its size in bytes. */
export async function bundleEditor() {
	const register = "import { register } from './editor/index';\nforms.forEach(register);\n";
	const outfile = path.join(root, 'node-red', 'resources', 'exotel-editor.js');
	const { metafile } = await esbuild.build({
		stdin: {
			contents: `${await importForms()}${register}export * from './editor/index';\n`,
			resolveDir: path.join(root, 'node-red'),
			loader: 'ts',
		},
		outfile,
		bundle: true,
		format: 'iife',
		globalName: 'exotelEditor',
		platform: 'browser',
		target: 'es2022',
		minify: true,
		metafile: true,
		logLevel: 'warning',
		plugins: [coreForBrowsers],
	});
	return metafile;
}

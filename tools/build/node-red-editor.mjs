/**
 * The editor's half of the Node-RED package: puts each node's form, texts and icon beside its compiled file, where
 * Node-RED looks for them. `<folder>/editor.html` becomes `<type>.html`; `locales/<language>/<type>.json|html` and the
 * icon follow.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const source = path.join(root, 'node-red');
const out = path.join(source, 'dist');

const manifest = JSON.parse(await fs.readFile(path.join(source, 'package.json'), 'utf8'));

for (const [type, compiled] of Object.entries(manifest['node-red'].nodes)) {
	const target = path.dirname(path.join(source, compiled));
	const folder = path.join(source, path.relative(out, target));
	await fs.mkdir(path.join(target, 'icons'), { recursive: true });
	await fs.copyFile(path.join(folder, 'editor.html'), path.join(target, `${type}.html`));
	await fs.copyFile(path.join(root, 'icons', 'exotel-node-red.svg'), path.join(target, 'icons', 'exotel.svg'));
	await fs.cp(path.join(folder, 'locales'), path.join(target, 'locales'), { recursive: true });
}

/** The core names node's crypto; nothing of it is reached from the rules. */
const withoutCrypto = {
	name: 'without-crypto',
	setup(build) {
		build.onResolve({ filter: /^(node:)?crypto$/ }, () => ({
			path: 'crypto',
			namespace: 'nothing',
			sideEffects: false,
		}));
		build.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
	},
};

await esbuild.build({
	entryPoints: [path.join(source, 'editor', 'rules.ts')],
	outfile: path.join(source, 'resources', 'exotel-rules.js'),
	bundle: true,
	format: 'iife',
	globalName: 'exotelRules',
	platform: 'browser',
	target: 'es2020',
	minify: true,
	logLevel: 'warning',
	plugins: [withoutCrypto],
});

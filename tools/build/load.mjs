/** Runs TypeScript of this repository in the build: bundles it into memory and imports it. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

/** The top folder of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const require = createRequire(import.meta.url);

/** The exports of a piece of TypeScript whose imports are relative to `folder`; packages in `external` are required. */
export async function load(contents, folder, { external = [] } = {}) {
	const { outputFiles } = await esbuild.build({
		stdin: { contents, resolveDir: folder, loader: 'ts' },
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		write: false,
		external,
		logLevel: 'warning',
	});
	const loaded = { exports: {} };
	new Function('module', 'exports', 'require', outputFiles[0].text)(loaded, loaded.exports, require);
	return loaded.exports;
}

/**
 * Compiles exotel/schemas/*.json with Ajv into standalone validators beside them: <name>.generated.js (CommonJS) and
 * its .d.ts. The output goes through esbuild, so that nothing needs ajv at run time; no code is generated at run time
 * either, which hosts with a strict content policy would refuse. Called by `gulp schemas`; the output is not committed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const Ajv = require('ajv').default;
const standaloneCode = require('ajv/dist/standalone').default;

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'exotel', 'schemas');

function declaration(title) {
	return `/** Validator compiled from a JSON Schema (${title}); \`errors\` holds what the last call found. */
declare const validate: {
	(value: unknown): boolean;
	errors:
		| null
		| {
				instancePath: string;
				schemaPath: string;
				keyword: string;
				message?: string;
				params: Record<string, unknown>;
		  }[];
};
export default validate;
`;
}

/** Compiles one schema file; returns the path of the validator. */
async function compile(file) {
	const schema = JSON.parse(readFileSync(join(folder, file), 'utf8'));
	const ajv = new Ajv({
		allErrors: true,
		// Our own sentences name the field as the form does.
		messages: false,
		strict: true,
		strictRequired: false,
		strictTypes: false,
		code: { source: true, lines: true, esm: true },
	});
	const { title, ...rules } = schema;
	// What only people read would stand in every package.
	delete rules.description;
	const source = standaloneCode(ajv, ajv.compile(rules));
	const target = join(folder, file.replace(/\.json$/, '.generated.js'));
	const result = await build({
		stdin: { contents: source, resolveDir: folder, loader: 'js' },
		bundle: true,
		format: 'cjs',
		platform: 'neutral',
		target: 'node20',
		mainFields: ['main'],
		write: false,
		minify: true,
		legalComments: 'none',
		banner: { js: `/* Made by tools/build/schemas.mjs from ${file}; do not edit. */` },
	});
	const code = result.outputFiles[0].text;
	for (const forbidden of [/\brequire\(/, /new Function/, /\beval\(/]) {
		if (forbidden.test(code)) throw new Error(`${file}: the compiled validator still contains ${forbidden}`);
	}
	writeFileSync(target, code);
	writeFileSync(target.replace(/\.js$/, '.d.ts'), declaration(title));
	return target;
}

const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
for (const file of files) console.log(`compiled ${file} → ${(await compile(file)).split(/[\\/]/).pop()}`);

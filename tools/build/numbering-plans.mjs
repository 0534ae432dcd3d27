/**
 * Writes exotel/schemas/numbering-plans.generated.js (CommonJS) and its .d.ts: libphonenumber's smallest numbering plans
 * without the patterns that format a number for reading. The core reads numbers and writes E.164, which needs none of
 * them, and they are two thirds of the text. Called by `gulp schemas`; the output is not committed.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
/** Where a plan keeps its formats. */
const FORMATS = 4;

const plans = structuredClone(require('libphonenumber-js/metadata.min.json'));
for (const plan of [...Object.values(plans.countries), ...Object.values(plans.nonGeographic)]) plan[FORMATS] = 0;

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'exotel', 'schemas');
const target = join(folder, 'numbering-plans.generated.js');
writeFileSync(
	target,
	`/* Made by tools/build/numbering-plans.mjs; do not edit. */\nmodule.exports = ${JSON.stringify(plans)};\n`,
);
writeFileSync(
	target.replace(/\.js$/, '.d.ts'),
	`import type { MetadataJson } from 'libphonenumber-js/core';
/** Numbering plans of all countries, without formats. */
declare const plans: MetadataJson;
export = plans;
`,
);
console.log('wrote numbering-plans.generated.js');

/**
 * Writes exotel/schemas/numbering-plans.generated.js (CommonJS) and its .d.ts: libphonenumber's smallest numbering plans
 * without the patterns that format a number for reading. The core reads numbers and writes E.164, which needs none of
 * them, and they are two thirds of the text. They stand there as JSON, parsed when the first number needs them: as an
 * object literal they would be compiled whenever a host starts. Called by `gulp schemas`; the output is not committed.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
/** Where a plan keeps its formats. */
const FORMATS = 4;
/** From here on a plan has prefixes that are only written in front of a number. */
const WRITTEN_PREFIXES = 12;

const plans = structuredClone(require('libphonenumber-js/metadata.min.json'));
for (const plan of [...Object.values(plans.countries), ...Object.values(plans.nonGeographic)]) {
	plan[FORMATS] = 0;
	plan.splice(WRITTEN_PREFIXES);
}

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'exotel', 'schemas');
const json = JSON.stringify(JSON.stringify(plans));
const target = join(folder, 'numbering-plans.generated.js');
writeFileSync(
	target,
	`/* Made by tools/build/numbering-plans.mjs; do not edit. */
let plans;
module.exports = () => (plans ??= JSON.parse(${json}));
`,
);
writeFileSync(
	target.replace(/\.js$/, '.d.ts'),
	`import type { MetadataJson } from 'libphonenumber-js/core';
/** Numbering plans of all countries, without formats; the same object each time. */
declare function numberingPlans(): MetadataJson;
export = numberingPlans;
`,
);
console.log('wrote numbering-plans.generated.js');

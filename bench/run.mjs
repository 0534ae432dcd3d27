/**
 * `npm run bench`: every benchmark in this folder, one after the other; prints a table each and writes
 * bench/results.json.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const files = (await fs.readdir(here)).filter((file) => file.endsWith('.mjs') && file !== 'run.mjs').toSorted();
const results = {
	node: process.version,
	cpu: os.cpus()[0]?.model ?? 'unknown',
	cores: os.cpus().length,
	at: new Date().toISOString(),
	benchmarks: {},
};

for (const file of files) {
	const { benchmark } = await import(pathToFileURL(path.join(here, file)));
	console.log(`\n${file}`);
	const rows = await benchmark();
	results.benchmarks[file.replace('.mjs', '')] = rows;
	console.table(rows.map((row) => ({ ...row, value: Math.round(row.value * 100) / 100 })));
}

await fs.writeFile(path.join(here, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);

/**
 * `npm run metrics`: figures of the production code, per package and folder.
 *
 *   node tools/metrics/run.mjs [--check] [--details] [--parameter=customField]
 *
 * --check fails when a limit of limits.json is exceeded; --details lists every circle, function and export; --parameter
 * counts the files that mention another name.
 */
import fs from 'node:fs';
import { packages, productionFiles, unitOf } from './files.mjs';
import { dependencies } from './imports.mjs';
import { complexFunctions, styleOf } from './style.mjs';

const options = process.argv.slice(2);
const details = options.includes('--details');
const parameter = options.find((option) => option.startsWith('--parameter='))?.split('=')[1] ?? 'customField';
const limits = JSON.parse(fs.readFileSync(new URL('limits.json', import.meta.url), 'utf8'));

const files = productionFiles();
const complex = await complexFunctions(files);
const columns = ['files', 'lines', 'wide', 'casts', 'doubleCasts', 'any', 'bangs', 'complex'];
const rows = new Map();

function count(name, figures) {
	const row = rows.get(name) ?? Object.fromEntries(columns.map((column) => [column, 0]));
	for (const column of columns) row[column] += figures[column];
	rows.set(name, row);
}

for (const file of files) {
	const figures = { ...styleOf(file), complex: complex.get(file.name)?.length ?? 0 };
	const folder = unitOf(file.name) === file.name ? `${file.package}/*` : unitOf(file.name);
	for (const name of ['all', file.package, folder]) count(name, figures);
}

const print = (name, cells) => console.log(name.padEnd(48) + cells.map((cell) => String(cell).padStart(12)).join(''));
const folders = [...rows.keys()].filter((name) => name.includes('/')).sort();
print('', columns);
for (const name of packages.filter((known) => rows.has(known))) {
	print(
		name,
		columns.map((column) => rows.get(name)[column]),
	);
	for (const folder of folders.filter((known) => known.startsWith(`${name}/`))) {
		print(
			`  ${folder}`,
			columns.map((column) => rows.get(folder)[column]),
		);
	}
}
print(
	'all',
	columns.map((column) => rows.get('all')[column]),
);
console.log('(wide: over 120 columns; doubleCasts: as never, as unknown as; bangs: x!; complex: functions over 15)\n');

const { fileCircles, unitCircles, unusedExports, unusedPublicExports } = dependencies(files);
const inPackage = (name) => (circle) => circle.some((member) => member.startsWith(`${name}/`));
for (const name of packages) {
	const mention = new RegExp(`\\b${parameter}\\b`);
	const figures = {
		'circles of files': fileCircles.filter(inPackage(name)).length,
		'circles of units': unitCircles.filter(inPackage(name)).length,
		'exports no production file imports': unusedExports.filter((line) => line.startsWith(`${name}/`)).length,
		[`files that mention ${parameter}`]: files.filter((f) => f.package === name && mention.test(f.text)).length,
	};
	const words = Object.entries(figures).map(([label, value]) => `${label} ${value}`);
	console.log(`${name}: ${words.join(', ')}`);
}
console.log(`exotel/index.ts: exports that no package uses ${unusedPublicExports.length}`);

if (details) {
	for (const circle of fileCircles) console.log(`circle of files: ${circle.join(' ⇄ ')}`);
	for (const circle of unitCircles) console.log(`circle of units: ${circle.join(' ⇄ ')}`);
	for (const [name, found] of complex) for (const text of found) console.log(`complex: ${name}:${text}`);
	for (const text of unusedExports) console.log(`nobody imports ${text}`);
	for (const name of unusedPublicExports) console.log(`no package uses exotel/index.ts: ${name}`);
}

const measured = {
	wideLines: rows.get('all').wide,
	complexFunctions: rows.get('all').complex,
	doubleCasts: rows.get('all').doubleCasts,
	casts: rows.get('all').casts,
	unusedPublicExports: unusedPublicExports.length,
};
for (const name of ['exotel', 'nodes', 'node-red']) {
	measured[`${name}: circles`] = [...fileCircles, ...unitCircles].filter(inPackage(name)).length;
}
const exceeded = Object.entries(limits).filter(([name, limit]) => measured[name] > limit);
const unknown = Object.keys(limits).filter((name) => measured[name] === undefined);
if (unknown.length > 0) throw new Error(`limits.json names what is not measured: ${unknown.join(', ')}`);
console.log('');
for (const [name, limit] of exceeded) console.log(`over the limit: ${name} is ${measured[name]}, allowed ${limit}`);
if (options.includes('--check') && exceeded.length > 0) process.exitCode = 1;

/**
 * `npm run test:faults -- --teeth`: removes one guard at a time in a staged copy of the tree and runs the cell named for
 * it, which has to fail. Every named cell has to pass on the copy as it is.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { guards } from './guards.mjs';

const parts = ['exotel', 'nodes', 'credentials', 'icons', 'node-red', 'simulator', 'test', 'tools'];
const files = ['package.json', 'tsconfig.json', '.mocharc.json'];

/** Copies what the cells need; packages are the tree's own. */
async function staged(root) {
	const stage = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-teeth-'));
	const filter = (source) => !['node_modules', 'dist'].includes(path.basename(source));
	for (const part of parts) await fs.cp(path.join(root, part), path.join(stage, part), { recursive: true, filter });
	for (const file of files) await fs.cp(path.join(root, file), path.join(stage, file));
	await fs.symlink(path.join(root, 'node_modules'), path.join(stage, 'node_modules'), 'junction');
	return stage;
}

/** True when the cell passes. */
async function passes(stage, { cell, test = 'test/faults/table.test.ts' }) {
	const mocha = path.join(stage, 'node_modules', 'mocha', 'bin', 'mocha.js');
	const child = spawn(process.execPath, [mocha, '--reporter', 'json', '--fgrep', cell, test], {
		cwd: stage,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	let text = '';
	child.stdout.on('data', (chunk) => (text += chunk));
	await new Promise((resolve) => child.on('close', resolve));
	const { stats } = JSON.parse(text.slice(text.indexOf('{')));
	if (stats.passes + stats.failures !== 1) throw new Error(`${stats.tests} cells are named ${cell}`);
	return stats.passes === 1;
}

/** Runs all of it; resolves with the number of guards whose removal nothing noticed, or whose cell fails anyway. */
export async function teeth(root) {
	const stage = await staged(root);
	let unnoticed = 0;
	try {
		for (const guard of guards) {
			const { name, file, find, replace, cell } = guard;
			const place = path.join(stage, file);
			const source = await fs.readFile(place, 'utf8');
			if (source.split(find).length !== 2) throw new Error(`${file} does not have this once: ${find}`);
			const whole = await passes(stage, guard);
			await fs.writeFile(
				place,
				source.replace(find, () => replace),
			);
			const noticed = !(await passes(stage, guard));
			await fs.writeFile(place, source);
			if (!whole || !noticed) unnoticed += 1;
			const verdict = !whole ? 'FAILS ANYWAY' : noticed ? 'noticed' : 'NOT NOTICED';
			console.log(`${verdict}: ${name} (${cell})`);
		}
	} finally {
		await fs.rm(stage, { recursive: true, force: true });
	}
	console.log(`\n${guards.length - unnoticed} of ${guards.length} guards are noticed when they are removed.`);
	return unnoticed;
}

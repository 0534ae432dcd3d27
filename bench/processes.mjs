/** What processes use of the processors, from Linux's own accounts. */
import fs from 'node:fs/promises';

/** A tick of the accounts, ms. */
export const TICK_MS = 10;

/** Milliseconds of CPU time of a process and all it started. */
export async function cpuOf(pid) {
	const ticks = new Map();
	const parents = new Map();
	for (const name of await fs.readdir('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		const stat = await fs.readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		parents.set(Number(name), Number(fields[1]));
		ticks.set(Number(name), Number(fields[11]) + Number(fields[12]));
	}
	const isOurs = (one) => one === pid || (parents.has(one) && isOurs(parents.get(one)));
	return [...ticks].reduce((sum, [one, used]) => sum + (isOurs(one) ? used : 0), 0) * TICK_MS;
}

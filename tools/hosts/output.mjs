/**
 * Keeps what real hosts let out, for the search at the end of a test run (tools/test/leaks.mjs): in the folder that
 * `EXONODES_OUTPUT` names; without it nothing is kept.
 */
import fs from 'node:fs';
import path from 'node:path';

const folder = process.env.EXONODES_OUTPUT;

/** How much the hosts print. */
export const logLevel = folder ? 'debug' : 'info';

/** Keeps all that a process prints, as `<name>-<pid>.log`. */
export function keepOutput(child, name) {
	if (!folder) return;
	const file = path.join(folder, `${name}-${child.pid}.log`);
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => fs.appendFileSync(file, chunk));
}

/** Keeps a copy of the database of an n8n that has ended, as `<name>-<pid>.sqlite`, with what is still beside it. */
export function keepDatabase(file, name, pid) {
	if (!folder) return;
	for (const end of ['', '-wal']) {
		if (fs.existsSync(file + end)) fs.copyFileSync(file + end, path.join(folder, `${name}-${pid}.sqlite${end}`));
	}
}

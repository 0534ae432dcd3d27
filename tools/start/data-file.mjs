/** Where the simulator of a starter keeps flows, agents and calls between two starts: outside the tracked tree. */
import fs from 'node:fs/promises';
import path from 'node:path';

/** The file, in a folder that exists; `SIMULATOR_DATA` names another one. */
export async function dataFileOf(root, name) {
	const file = process.env.SIMULATOR_DATA ?? path.join(root, 'node_modules', '.cache', 'exonodes', `${name}.json`);
	await fs.mkdir(path.dirname(file), { recursive: true });
	return file;
}

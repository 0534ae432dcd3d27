/** The package's version, from its manifest (one folder up from the sources as well as from `dist/`). */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The version, e.g. 0.2.0. */
export const VERSION: string = readVersion();

function readVersion(): string {
	for (const folder of [path.join(__dirname, '..'), path.join(__dirname, '..', '..')]) {
		try {
			const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
				name?: string;
				version?: string;
			};
			if (manifest.name === '@exonodes/exotel-simulator' && manifest.version) return manifest.version;
		} catch {
			// not this folder
		}
	}
	return '0.0.0';
}

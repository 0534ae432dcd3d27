/** One run of `npm start` or `npm run start:n8n`, as somebody at a terminal sees it. */
import assert from 'node:assert/strict';
import { type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startNode, stopNode } from '../../tools/hosts/child.mjs';
import './fresh-connections';

const root = path.resolve(__dirname, '..', '..');

/** What is run, where it keeps what was drawn, and how. */
export interface StarterOptions {
	script: 'node-red' | 'n8n';
	folder: string;
	environment?: Record<string, string>;
	args?: string[];
}

/** A starter as a process; all it prints is in `output`. */
export class Starter {
	output = '';
	readonly child: ChildProcess;
	readonly exited: Promise<number | null>;

	constructor({ script, folder, environment = {}, args = [] }: StarterOptions) {
		this.child = startNode([path.join(root, 'tools', 'start', `${script}.mjs`), ...args], {
			env: { ...process.env, EXONODES_START_FOLDER: folder, ...environment },
		});
		const kept = process.env['EXONODES_OUTPUT'];
		for (const stream of [this.child.stdout, this.child.stderr])
			stream?.on('data', (chunk) => {
				this.output += chunk;
				if (kept) fs.appendFileSync(path.join(kept, `starter-${this.child.pid}.log`), String(chunk));
			});
		this.exited = new Promise((resolve) => this.child.on('exit', resolve));
	}

	/** Resolves when it has printed its last line; the test's own time limit ends the wait. */
	async ready(): Promise<this> {
		while (!this.output.includes('5. Ctrl-C')) {
			assert.equal(this.child.exitCode, null, this.output);
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		return this;
	}

	/** The address in the line that begins so. */
	address(line: string): string {
		const found = new RegExp(`${line}\\s+(http://127\\.0\\.0\\.1:\\d+)/`).exec(this.output)?.[1];
		assert.ok(found, this.output);
		return found;
	}

	/** Stops it, in the way that is the same on every system; the exit code. */
	async stop(): Promise<number | null> {
		return await stopNode(this.child);
	}
}

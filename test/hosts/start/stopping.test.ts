/** How the starters stop: the same on every system, also where there are no signals. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startNode, stopNode } from '../../../tools/hosts/child.mjs';

const stopping = pathToFileURL(path.join(__dirname, '..', '..', '..', 'tools', 'start', 'stopping.mjs')).href;
/** A starter that has started two things. */
const STARTED = `
	const { startStopping } = await import(${JSON.stringify(stopping)});
	const stopping = startStopping();
	for (const name of ['simulator', 'host'])
		stopping.add(() => new Promise((resolve) => setTimeout(() => resolve(console.log('closed the ' + name)), 20)));
	setInterval(() => undefined, 1000);
	console.log('started');
`;

/** Runs a program until it has ended; `once` it has printed its first line something may be done with it. */
async function ended(
	script: string,
	once: (child: ReturnType<typeof startNode>) => unknown = () => undefined,
): Promise<{ code: number | null; lines: string[] }> {
	const child = startNode(['--input-type=module', '--eval', script]);
	let output = '';
	child.stdout?.on('data', (chunk) => (output += chunk));
	child.stdout?.once('data', () => once(child));
	const printed = new Promise((resolve) => child.stdout?.on('end', resolve));
	const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
	await printed;
	return { code, lines: output.trim().split('\n') };
}

describe('a starter', function () {
	this.timeout(30_000);
	const inOrder = { code: 0, lines: ['started', 'closed the host', 'closed the simulator'] };

	for (const [signal, of] of [
		['SIGINT', 'Ctrl-C'],
		['SIGTERM', 'a service manager'],
		['SIGHUP', 'a window that is closed'],
	])
		it(`closes what it started, the last first, at the ${signal} of ${of}`, async () => {
			assert.deepEqual(await ended(`${STARTED}; process.emit('${signal}', '${signal}');`), inOrder);
		});

	it('does so as well when the process that started it lets go of it', async () => {
		let code: number | null = null;
		const stopped = await ended(STARTED, async (child) => (code = await stopNode(child)));
		assert.deepEqual(stopped, inOrder);
		assert.equal(code, 0);
	});
});

describe('a program that a tool started', function () {
	this.timeout(30_000);

	it('ends when asked to before it has a handler of its own', async () => {
		const { code } = await ended(`console.log('begun'); setInterval(() => undefined, 1000);`, stopNode);
		assert.equal(code, 143);
	});

	it('is kept alive by nothing but its own work', async () => {
		assert.deepEqual(await ended(`console.log('done');`), { code: 0, lines: ['done'] });
	});
});

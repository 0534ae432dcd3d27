/**
 * Every entry point of the three packages against texts of a megabyte, 100,000 keys, elements and parts and deep
 * nesting: each answers below 500, none takes half a second of processor time (an order of magnitude), and memory returns to
 * its level. A part of the bodies here, all with NIGHTLY=1.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import v8 from 'node:v8';
import vm from 'node:vm';
import { requestBodies, type Body } from './bodies';
import { entries, occupied } from './in-process';
import { afterEndlessSender, answered, besideSlowSenders, hostsWithDoors, type Door, type Hosts } from './over-http';

const IS_NIGHT = process.env['NIGHTLY'] === '1';
const LONGEST_MS = 500;
/** What memory may differ by after a second run over everything. */
const MEMORY_BYTES = 48 * 1024 ** 2;

/** By day some of the long texts, and all the others. */
const chosen = (bodies: readonly Body[], every = 7): Body[] =>
	bodies.filter(({ name }, index) => IS_NIGHT || (every === 7 && !name.includes('1 MB')) || index % every === 0);

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;
function memory(): number {
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

describe('hostile input', function () {
	this.timeout(IS_NIGHT ? 1_800_000 : 300_000);

	for (const entry of entries) {
		it(`holds up nothing and breaks nothing: ${entry.name}`, async () => {
			for (const body of chosen(entry.bodies)) {
				const took = await occupied(entry, body);
				assert.ok(took === null || took < LONGEST_MS, `${body.name} took ${took} ms`);
			}
		});
	}

	it('leaves no memory behind in the readers', async () => {
		const round = async (): Promise<void> => {
			for (const entry of entries) for (const body of chosen(entry.bodies)) await occupied(entry, body);
		};
		await round();
		const before = memory();
		await round();
		const grown = memory() - before;
		assert.ok(grown < MEMORY_BYTES, `${grown} bytes more`);
	});

	it('would be noticed in a server that hangs up on everything, or from the first long body on', async () => {
		const [small, long] = [10, 1_000_000].map((length) => ({
			name: `${length} bytes`,
			type: 'text/plain',
			text: 'x'.repeat(length),
		})) as [Body, Body];
		let answers: 'all' | 'none' | 'short' | 'errors' = 'none';
		const server = http.createServer((request, response) => {
			const isShort = Number(request.headers['content-length'] ?? 0) < 1_000;
			response.statusCode = answers === 'errors' ? 500 : 200;
			if (answers === 'all' || answers === 'errors' || (answers === 'short' && isShort)) response.end();
			else request.socket.destroy();
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		const door: Door = { name: 'a server', url, method: 'POST', headers: {} };
		try {
			for (const body of [small, long]) await assert.rejects(answered(door, body), /closed/);
			answers = 'errors';
			await assert.rejects(answered(door, small), /500/);
			answers = 'short';
			await answered(door, small);
			await answered(door, long);
			answers = 'all';
			assert.equal((await answered(door, small)).status, 200);
		} finally {
			server.closeAllConnections();
			server.close();
		}
	});

	for (const [name, open] of hostsWithDoors) {
		describe(`over HTTP: ${name}`, () => {
			let running: Hosts;
			before(async () => {
				running = await open();
			});
			after(() => running.close());

			it('keeps answering beside senders that are slow, and after one that does not end', async () => {
				for (const door of running.doors.filter(({ method }) => method !== 'GET')) {
					const { status } = await besideSlowSenders(door);
					assert.notEqual(status, null, door.name);
					await afterEndlessSender(door);
				}
			});

			it('is answered below 500, holds up nothing, and leaves no memory behind', async () => {
				const round = async (): Promise<void> => {
					for (const door of running.doors)
						for (const body of chosen(requestBodies, 23)) {
							const { processorMs } = await answered(door, body);
							assert.ok(processorMs < LONGEST_MS, `${door.name}, ${body.name}: ${processorMs} ms`);
						}
				};
				await round();
				// What a round leaves behind, each further round leaves behind again; what is only freed late, none does.
				const grown: number[] = [];
				while (grown.length < 3 && !grown.some((bytes) => bytes < MEMORY_BYTES)) {
					const before = memory();
					await round();
					grown.push(memory() - before);
				}
				assert.ok(Math.min(...grown) < MEMORY_BYTES, `${grown.join(', ')} bytes more`);
			});
		});
	}
});

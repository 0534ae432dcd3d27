/** A recording that never ends, over real sockets: in memory and in a file it is given up at the largest size. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { recordingFile } from '../../../node-red/account/recording-file';
import { openTransport, type AccountTransport } from '../../../node-red/account/transport';

const LARGEST = 256 * 1024 ** 2;
const TOO_LARGE = { code: 'TOO_LARGE', message: 'The answer is larger than 256 MB. The rest was not read.' };
const CHUNK = Buffer.alloc(1024 ** 2, 'x');

describe('a recording without end', function () {
	this.timeout(120_000);
	let server: Server;
	let url: string;
	let transport: AccountTransport;
	let sent = 0;
	let closed = 0;
	/** The length that the server states; it then sends nothing of it. */
	let stated: number | null = null;
	let folder: string;

	before(async () => {
		server = createServer((_request, response) => {
			sent = 0;
			const more = (): void => {
				while (!response.destroyed) {
					sent += CHUNK.length;
					if (!response.write(CHUNK)) return;
				}
			};
			response.on('close', () => (closed += 1));
			if (stated !== null) {
				sent = 0;
				response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': stated });
				return void response.flushHeaders();
			}
			response.writeHead(200, { 'content-type': 'audio/mpeg' }).on('drain', more);
			more();
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		transport = openTransport(() => 'Basic x');
		folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-endless-'));
	});
	after(async () => {
		transport.close();
		server.closeAllConnections();
		server.close();
		await fs.rm(folder, { recursive: true, force: true });
	});
	const request = () =>
		({
			method: 'GET',
			url,
			headers: {},
			placesCall: false,
			authenticate: false,
			publicOnly: false,
			responseType: 'bytes',
		}) as const;

	/** What was sent is what was read, and what the sockets between hold. */
	const wasStopped = (): void => assert.ok(sent > LARGEST && sent < LARGEST * 1.25, `${sent} bytes were sent`);

	it('is given up at 256 MB when it goes into memory', async () => {
		await assert.rejects(transport.send(request(), { timeoutMs: 100_000 }), TOO_LARGE);
		wasStopped();
	});

	it('is given up at 256 MB when it goes into a file, of which nothing is left; next to nothing is in memory', async () => {
		const file = recordingFile(path.join(folder, 'call.mp3'));
		await file.open();
		const before = process.memoryUsage().arrayBuffers;
		let most = 0;
		const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers - before)), 20);
		await assert.rejects(transport.send(request(), { timeoutMs: 100_000 }, file), TOO_LARGE);
		clearInterval(watch);
		wasStopped();
		assert.ok(most < LARGEST / 2, `${most} bytes were in memory at once`);
		await file.discard();
		assert.deepEqual(await fs.readdir(folder), []);
	});

	it('or one that says it is longer is refused before any of it came, and its connection is closed', async () => {
		stated = LARGEST + 1;
		const file = recordingFile(path.join(folder, 'stated.mp3'));
		await file.open();
		for (const target of [undefined, file]) {
			const before = closed;
			await assert.rejects(transport.send(request(), { timeoutMs: 100_000 }, target), TOO_LARGE);
			while (closed === before) await new Promise((resolve) => setTimeout(resolve, 5));
		}
		await file.discard();
	});
});

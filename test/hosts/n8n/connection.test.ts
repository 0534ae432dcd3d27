/**
 * What the pinning of a recording's address relies on, in n8n's own HTTP client: the address in `agentOptions` is the
 * one that is connected to, without another lookup, and the server is asked for the name in the URL.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A name that nobody can look up. */
const NAME = 'recordings.example.invalid';
/** How a TLS connection begins. */
const HANDSHAKE = 0x16;

interface Client {
	request(options: object): Promise<unknown>;
}

async function n8nsClient(): Promise<Client> {
	const file = path.resolve(__dirname, '../../../tools/n8n/install.mjs');
	const { installedN8n } = (await import(pathToFileURL(file).href)) as { installedN8n(): Promise<string> };
	const load = createRequire(path.join(await installedN8n(), 'node_modules/x.js'));
	load('reflect-metadata');
	const { OutboundHttp } = load('@n8n/backend-network') as { OutboundHttp: unknown };
	const { Container } = load('@n8n/di') as { Container: { get(kind: unknown): { requests(): Client } } };
	return Container.get(OutboundHttp).requests();
}

describe('an address pinned in n8n', function () {
	this.timeout(120_000);
	let client: Client;
	let server: Server;
	let port: number;
	const begun: Buffer[] = [];

	before(async () => {
		client = await n8nsClient();
		server = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.once('data', (bytes) => {
				begun.push(bytes);
				socket.destroy();
			});
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		port = (server.address() as AddressInfo).port;
	});
	after(() => server.close());

	const ask = (agentOptions?: object): Promise<unknown> =>
		client.request({ method: 'GET', url: `https://${NAME}:${port}/a.mp3`, agentOptions });

	it('is the one that is connected to; the certificate is asked for by the name', async () => {
		await assert.rejects(ask(), { code: 'ENOTFOUND' });
		await assert.rejects(ask({ host: '127.0.0.1' }), { code: 'ECONNRESET' });
		assert.deepEqual([begun.length, begun[0]?.[0]], [1, HANDSHAKE]);
		assert.ok(begun[0]?.includes(NAME));
	});

	it('is not what a proxy on the way is asked for, which may let names through only', async () => {
		const asked: unknown[] = [];
		const proxy = createHttpServer().on('connect', (request, socket) => {
			asked.push(request.url);
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
		});
		await once(proxy.listen(0, '127.0.0.1'), 'listening');
		const before = process.env['HTTPS_PROXY'];
		process.env['HTTPS_PROXY'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
		try {
			await assert.rejects(ask({ host: '127.0.0.1' }));
			assert.deepEqual(asked, [`${NAME}:${port}`]);
		} finally {
			if (before === undefined) delete process.env['HTTPS_PROXY'];
			else process.env['HTTPS_PROXY'] = before;
			proxy.close();
		}
	});
});

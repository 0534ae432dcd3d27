/** `npm run start:n8n`: a second start has what was built, on other ports when the usual ones are in use. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Starter } from '../starter';

const root = path.resolve(__dirname, '..', '..', '..');

interface Client {
	request<Answer>(method: string, resource: string, body?: unknown): Promise<Answer>;
}

/** One run of `npm run start:n8n`. */
class Start extends Starter {
	constructor(folder: string, environment: Record<string, string>, args: string[] = []) {
		super({ script: 'n8n', folder, environment, args });
	}

	get n8n(): string {
		return this.address('1\\. Open n8n:');
	}

	get simulator(): string {
		return this.address('3\\. Watch the phones:');
	}

	async signIn(): Promise<Client> {
		const client = pathToFileURL(path.join(root, 'tools', 'n8n', 'client.mjs')).href;
		return ((await import(client)) as { connect(url: string): Promise<Client> }).connect(this.n8n);
	}

	/** A customer rings flow 926 on the dial pad; how that call ended. */
	async ring(): Promise<string> {
		const response = await fetch(`${this.simulator}/_simulator/api/inbound`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ from: '+919876543210', to: '08047112233', flow: '926' }),
		});
		const { sid } = (await response.json()) as { sid: string };
		for (;;) {
			const answer = await fetch(`${this.simulator}/_simulator/api/calls/${sid}`);
			const { call } = (await answer.json()) as { call: { outcome: string } };
			if (call.outcome) return call.outcome;
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
	}
}

describe('npm run start:n8n', function () {
	this.timeout(240_000);
	let folder: string;
	let started: Start | undefined;
	let other: http.Server | undefined;

	before(async () => {
		folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-start-n8n-'));
	});

	after(async () => {
		started?.child.kill('SIGKILL');
		other?.close();
		await fs.rm(folder, { recursive: true, force: true });
	});

	it('keeps what was built, and never writes into an n8n that it did not start', async () => {
		// Somebody's own n8n on the usual port: it answers everything, as a fresh n8n would.
		const requests: string[] = [];
		other = http.createServer((request, response) => {
			requests.push(`${request.method} ${request.url}`);
			response.setHeader('content-type', 'application/json');
			response.end('{"data":{"userManagement":{"showSetupOnFirstLoad":true}}}');
		});
		await new Promise<void>((resolve) => other?.listen(0, '127.0.0.1', resolve));
		const { port } = other.address() as AddressInfo;
		const kept = path.join(folder, 'kept');
		const environment = {
			N8N_PORT: String(port),
			SIMULATOR_PORT: String(port + 100),
		};

		started = await new Start(kept, environment, ['--demo']).ready();
		assert.match(started.output, /^The simulator has \d{2,3} calls of the last seven days\.$/m);
		assert.match(
			started.output,
			new RegExp(`^Port ${port} is in use, so n8n is at port \\d+\\. N8N_PORT sets another one\\.$`, 'm'),
		);
		assert.deepEqual(requests, []);
		assert.equal(await started.ring(), 'answered');
		const client = await started.signIn();
		const built = { name: 'built by hand', nodes: [], connections: {}, settings: {} };
		await client.request('POST', '/rest/workflows', built);
		assert.equal(await started.stop(), 0);

		started = await new Start(kept, { ...environment, SIMULATOR_PORT: String(port + 200) }).ready();
		const workflows = await (await started.signIn()).request<{ name: string }[]>('GET', '/rest/workflows');
		const names = workflows.map(({ name }) => name);
		assert.ok(names.includes('built by hand'), names.join());
		assert.equal(new Set(names).size, names.length, 'no example was imported twice');
		assert.equal(await started.ring(), 'answered');
		const accounts = await (
			await started.signIn()
		).request<{ id: string; type: string }[]>('GET', '/rest/credentials');
		const account = accounts.find(({ type }) => type === 'exotelVoiceApi');
		const { data } = await (
			await started.signIn()
		).request<{ data: { baseUrl: string } }>('GET', `/rest/credentials/${account?.id}?includeData=true`);
		assert.equal(data.baseUrl, started.simulator);
		assert.deepEqual(requests, []);
		assert.equal(await started.stop(), 0);
	});
});

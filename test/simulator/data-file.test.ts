/** The data file under load: what is kept of answers is bounded, and a write neither stops the simulator nor ends it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSimulator } from '../../simulator';
import { CallState } from '../../simulator/engine/call-state';
import { DataFile, delayAfter, readDataFile } from '../../simulator/engine/data-file';
import { Simulation } from '../../simulator/engine/simulation';
import type { Call } from '../../simulator/model/call';
import { settingsFrom } from '../../simulator/model/options';
import { readSnapshot, snapshotPieces } from '../../simulator/model/snapshot';

const call = (sid: string, more: object = {}): Call =>
	({
		sid,
		accountSid: 'acme',
		time: 0,
		endedAt: 0,
		legs: [],
		timeline: [],
		deliveries: [],
		appletRequests: [],
		heard: [],
		...more,
	}) as unknown as Call;

describe('simulator: the data file', () => {
	let folder: string;
	let dataFile: string;
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'exotel-simulator-'));
		dataFile = path.join(folder, 'data.json');
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	/** What the simulator writes to stderr meanwhile. */
	async function warnings(work: () => Promise<void>): Promise<string> {
		const write = process.stderr.write.bind(process.stderr);
		let text = '';
		process.stderr.write = (chunk: string | Uint8Array) => (text += String(chunk)) !== '';
		try {
			await work();
		} finally {
			process.stderr.write = write;
		}
		return text;
	}

	it('stays small although every applet of a long flow gets a long answer', async () => {
		const server = http.createServer((_request, response) => response.end('\u0001'.repeat(8_192)));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		const applets = Array.from({ length: 40 }, () => ({ type: 'passthru', url }));
		const simulator = await startSimulator({ port: 0, speed: 0, dataFile });
		try {
			simulator.setFlow('f', { applets });
			simulator.inbound({ from: '+919812345678', to: '08047112233', flow: 'f' });
			await simulator.advance(300);
		} finally {
			await simulator.close();
			server.close();
		}
		const [saved] = readDataFile(dataFile)?.calls ?? [];
		const bodies = saved?.appletRequests.map(({ body }) => body ?? '') ?? [];
		assert.equal(bodies.length, 40);
		assert.equal(bodies[0]?.length, 8_192, 'the first answers are kept as before');
		assert.ok(bodies.every((body) => body.length >= 128));
		assert.ok(bodies.join('').length <= 64 * 1024 + 40 * 128, `${bodies.join('').length} characters`);
	});

	it('leaves out the oldest calls when all of them are too much for one text', () => {
		const calls = ['a', 'b', 'c'].map((sid) => call(sid, { pad: 'x'.repeat(1_000) }));
		const snapshot = { now: 5, flows: [], agents: {}, calls };
		const saved = (maxCharacters?: number) =>
			readSnapshot([...snapshotPieces(snapshot, { maxCharacters })].join('')).calls.map(({ sid }) => sid);
		assert.deepEqual(saved(), ['a', 'b', 'c']);
		assert.deepEqual(saved(2_500), ['b', 'c']);
		assert.deepEqual(saved(10), []);
	});

	it('warns with the name of the file when it cannot be written, and goes on', async () => {
		const simulation = new Simulation(settingsFrom({}));
		const file = new DataFile(simulation, dataFile);
		const fails = () => {
			throw new RangeError('Invalid string length');
		};
		simulation.calls.add(new CallState(call('a', { toJSON: fails })));
		const text = await warnings(() => file.close());
		assert.match(text, /could not be written: RangeError: Invalid string length/);
		assert.ok(text.includes(dataFile));
		simulation.close();
	});

	it('has each call as it was when the simulator stopped', async () => {
		const simulation = new Simulation(settingsFrom({}));
		const file = new DataFile(simulation, dataFile);
		const one = call('a');
		simulation.calls.add(new CallState(one));
		one.time = 7;
		await file.close();
		assert.equal(readDataFile(dataFile)?.calls[0]?.time, 7);
		assert.ok(!readFileSync(dataFile, 'utf8').includes('undefined'));
		simulation.close();
	});

	it('is written less often the longer a write takes', () => {
		assert.deepEqual([delayAfter(1), delayAfter(50), delayAfter(3_000)], [500, 500, 30_000]);
	});
});

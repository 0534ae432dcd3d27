/**
 * One export of all calls, in a process of its own: `core` streams them with `callsBetween` and Node-RED's transport,
 * `axios` is the loop somebody writes by hand. Both write the same columns to a file as they read. Hands back the time
 * it took, the CPU time, the calls written, and the most heap that was in use after a collection.
 */
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

const [how, url, bundle, file] = process.argv.slice(2);
const require = createRequire(import.meta.url);
/** Garbage is collected this often, in pages, so that the heap in use is seen and not what V8 has not collected yet. */
const PAGES_PER_COLLECTION = 50;
/** As long as Exotel's. */
const KEY = {
	username: 'ab12cd34ef56ab12cd34ef56ab12cd34ef56ab12cd34ef56',
	password: '65fe43dc21ba65fe43dc21ba65fe43dc21ba65fe43dc21ba',
};

const ways = {
	async *core() {
		const { callsBetween, openTransport, processClock } = require(bundle);
		const basic = `Basic ${Buffer.from(`${KEY.username}:${KEY.password}`).toString('base64')}`;
		const transport = openTransport(() => basic);
		const account = {
			region: 'custom',
			baseUrl: url,
			sid: 'acme1',
			timeZone: 'Asia/Kolkata',
			defaultCountry: 'IN',
		};
		const send = (request, options) => transport.send(request, options);
		// As Node-RED does: each answer is searched for the key.
		const secrets = Object.values(KEY);
		const options = { transport: send, clock: processClock, account, secrets };
		for await (const { calls } of callsBetween(account, { pageSize: 100 }, options))
			yield calls.map((call) => [
				call.sid,
				call.createdAt,
				call.from,
				call.to,
				call.status,
				call.durationSeconds,
				call.price,
				call.recordingUrl,
			]);
		transport.close();
	},
	async *axios() {
		const { default: axios } = await import('axios');
		const client = axios.create({ baseURL: url, auth: KEY });
		let next = '/v1/Accounts/acme1/Calls.json?details=true&PageSize=100&SortBy=DateCreated:asc';
		while (next) {
			const { data } = await client.get(next);
			yield data.Calls.map((call) => [
				call.Sid,
				call.DateCreated,
				call.From,
				call.To,
				call.Status,
				call.Duration,
				call.Price,
				call.RecordingUrl,
			]);
			next = data.Metadata.NextPageUri;
		}
	},
};

const out = fs.createWriteStream(file);
global.gc();
const before = process.memoryUsage().heapUsed;
const usedBefore = process.cpuUsage();
const started = performance.now();
let [calls, pages, heap] = [0, 0, 0];
for await (const rows of ways[how]()) {
	calls += rows.length;
	if (!out.write(`${rows.map((row) => row.join(',')).join('\n')}\n`)) await once(out, 'drain');
	if (++pages % PAGES_PER_COLLECTION !== 0) continue;
	global.gc();
	heap = Math.max(heap, process.memoryUsage().heapUsed - before);
}
out.end();
await once(out, 'finish');
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(usedBefore);
process.send({ ms, cpuMs: (user + system) / 1000, calls, heapMb: heap / 1048576 }, () => process.exit(0));

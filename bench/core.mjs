/**
 * What the core costs without a host: CPU time for reading one status callback, as a ratio to decoding and `JSON.parse`
 * of the same call, and for building and checking one Connect answer, as a ratio to `JSON.stringify` of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { callback, contentTypes, encoders } from './exotel-requests.mjs';
import { assertQuiet, inTurns, median, ratioOf, rounded } from './measuring.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const ROUNDS = 41;
const PER_ROUND = 4_000;

/** The core as hosts run it: bundled. */
export async function loadCore() {
	const folder = mkdtempSync(join(tmpdir(), 'exonodes-bench-'));
	const outfile = join(folder, 'core.cjs');
	try {
		await bundle({
			entryPoints: [join(root, 'exotel', 'index.ts')],
			bundle: true,
			platform: 'node',
			format: 'cjs',
			target: 'node20',
			outfile,
			logLevel: 'error',
		});
		return require(outfile);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Microseconds of CPU time each time. */
function cost(once) {
	const before = process.cpuUsage();
	for (let index = 0; index < PER_ROUND; index++) once(index);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / PER_ROUND;
}

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark({ short = false } = {}) {
	const core = await loadCore();
	const calls = Array.from({ length: PER_ROUND }, (_, index) => callback(index));
	const bodies = Object.fromEntries(
		Object.entries(encoders).map(([name, encode]) => [name, calls.map((call) => Buffer.from(encode(call)))]),
	);
	const read = (encoding) => (index) =>
		core.readCallEvent(
			{
				method: 'POST',
				headers: { 'content-type': contentTypes[encoding] },
				body: bodies[encoding][index],
				receivedAt: 1_790_000_000_000,
			},
			account,
		);
	const parse = (index) => JSON.parse(bodies.JSON[index].toString('utf8'));
	const request = { kind: 'connect', version: '1.0' };
	const connect = {
		destinations: '+919812345678, 09812345679',
		outgoingExoPhone: '08047112233',
		record: true,
		recordingChannels: 'dual',
		ringTimeSeconds: 30,
		conversationTimeSeconds: 3600,
		musicOnHold: 'default_tone',
	};
	const build = () => core.usableAnswer(request, { kind: 'connect', connect }, account);
	const { body } = build().answer;
	const written = JSON.parse(body);
	const seen = await inTurns(
		Object.fromEntries(
			Object.entries({
				parse,
				parseAgain: parse,
				JSON: read('JSON'),
				form: read('form'),
				multipart: read('multipart'),
				stringify: () => JSON.stringify(written),
				build,
				check: () => core.usableOwnAnswer(request, { httpStatus: 200, body: written }),
			}).map(([name, once]) => [name, () => cost(once)]),
		),
		short ? 21 : ROUNDS,
	);
	assertQuiet(seen.parse, seen.parseAgain, 'JSON.parse');
	const row = (name, figure, bare, more) => ({
		name,
		value: rounded(ratioOf(seen[figure], seen[bare])),
		unit: '×',
		against: `JSON.${bare} (${rounded(median(seen[bare]))} µs)`,
		note: `${rounded(median(seen[figure]))} µs`,
		...more,
	});
	return [
		row('core: JSON callback read', 'JSON', 'parse', { atMost: 2.5 }),
		row('core: form callback read', 'form', 'parse'),
		row('core: multipart callback read', 'multipart', 'parse', { atMost: 4 }),
		row('core: Connect answer built and checked', 'build', 'stringify', { atMost: 2.5 }),
		row('core: Connect answer written by hand checked', 'check', 'stringify'),
	];
}

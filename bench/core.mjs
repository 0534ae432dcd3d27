/**
 * What the core costs: status callbacks decoded and normalised per second, as a ratio to bare `JSON.parse` of the same
 * bytes; Connect answers built and validated, and make-call requests checked and encoded per second, as a ratio to bare
 * `JSON.stringify` of the same answer or input. All are measured in turns in one run, so that a busy machine slows all.
 * Goal: JSON callbacks within 4 times bare parsing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const ROUNDS = 15;
const PER_ROUND = 4_000;
const BOUNDARY = 'exonodes-bench';

/** The terminal callback of seed 004 with numbers as Exotel sends them. */
function callback(index) {
	return JSON.stringify({
		CallSid: `492205107c5fb48f4ac25d1f${String(77759339 + index)}`,
		EventType: 'terminal',
		DateCreated: '2019-04-08 03:17:59',
		DateUpdated: '2019-04-08 03:18:35',
		Status: 'completed',
		To: `+918867${String(990000 + (index % 9999))}`,
		From: `0941374${String(1000 + (index % 8999))}`,
		PhoneNumberSid: '01130830000',
		StartTime: '2019-04-08 03:17:59',
		EndTime: '2019-04-08 03:18:36',
		Direction: 'outbound-api',
		RecordingUrl:
			'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme1/492205107c5fb48f4ac25d1f77759339.mp3',
		ConversationDuration: 32,
		Legs: [
			{ OnCallDuration: 41, Status: 'completed' },
			{ OnCallDuration: 32, Status: 'completed' },
		],
	});
}

/** The fields of a callback as a form has them. */
function flatFields(body) {
	const { Legs, ...fields } = JSON.parse(body);
	const legs = Legs.flatMap((leg, index) =>
		Object.entries(leg).map(([key, value]) => [`Legs[${index}][${key}]`, String(value)]),
	);
	return [...Object.entries(fields).map(([name, value]) => [name, String(value)]), ...legs];
}

function multipart(pairs) {
	const part = ([name, value]) =>
		`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
	return `${pairs.map(part).join('')}--${BOUNDARY}--\r\n`;
}

/** The core as hosts run it: bundled. */
async function loadCore() {
	const folder = mkdtempSync(join(tmpdir(), 'exonodes-bench-'));
	const outfile = join(folder, 'core.cjs');
	try {
		await build({
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

/** Nanoseconds per call, the median of the rounds; the contestants take turns. */
function race(contestants) {
	const times = new Map(Object.keys(contestants).map((name) => [name, []]));
	for (let round = 0; round < ROUNDS; round++) {
		for (const [name, once] of Object.entries(contestants)) {
			const start = process.hrtime.bigint();
			for (let index = 0; index < PER_ROUND; index++) once(index);
			times.get(name).push(Number(process.hrtime.bigint() - start) / PER_ROUND);
		}
	}
	return Object.fromEntries(
		[...times].map(([name, list]) => [name, list.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]]),
	);
}

/** Measures; returns rows `{ name, value, unit, note }`. */
export async function benchmark() {
	const core = await loadCore();
	const bodies = Array.from({ length: PER_ROUND }, (_, index) => callback(index));
	const bytes = bodies.map((body) => new TextEncoder().encode(body));
	const fields = bodies.map(flatFields);
	const forms = fields.map((pairs) => new URLSearchParams(pairs).toString());
	const multiparts = fields.map((pairs) => new TextEncoder().encode(multipart(pairs)));
	const headers = { 'content-type': 'application/json' };
	const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
	const multipartHeaders = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
	const decoder = new TextDecoder();
	const read = (body, kind = headers) =>
		core.readCallEvent({ method: 'POST', headers: kind, body, receivedAt: 1_790_000_000_000 }, account);
	let kept;
	const parsing = race({
		bareText: (index) => (kept = JSON.parse(bodies[index])),
		text: (index) => (kept = read(bodies[index])),
		bareBytes: (index) => (kept = JSON.parse(decoder.decode(bytes[index]))),
		bytes: (index) => (kept = read(bytes[index])),
		form: (index) => (kept = read(forms[index], formHeaders)),
		multipart: (index) => (kept = read(multiparts[index], multipartHeaders)),
	});
	const input = {
		destinations: ['09812345678', '+918047115777'],
		record: true,
		recordingChannels: 'dual',
		ringTimeSeconds: 45,
		conversationTimeSeconds: 3600,
		musicOnHold: 'operator_tone',
	};
	const request = { kind: 'connect', version: '1.0' };
	const build = () => core.buildAnswer(request, { kind: 'connect', connect: input }, account);
	const answer = JSON.parse(build().body);
	const call = {
		from: '+919413740001',
		to: '08867990002',
		exoPhone: '01130830003',
		record: true,
		recordingChannels: 'dual',
		customField: 'order-1042',
		timeLimitSeconds: 600,
		statusCallbackUrl: 'https://flows.example.com/exotel?token=abc',
		statusCallbackEvents: ['terminal', 'answered'],
	};
	const writing = race({
		bare: () => (kept = JSON.stringify(answer)),
		answer: () => (kept = build()),
		check: () => (kept = core.checkedAnswer(request, { httpStatus: 200, body: answer })),
		bareCall: () => (kept = JSON.stringify(call)),
		call: () => (kept = core.connectNumbers.request(account, call)),
	});
	if (kept === undefined) throw new Error('Nothing was measured.');
	const perSecond = (nanoseconds) => Math.round(1e9 / nanoseconds);
	const ratio = (a, b) => Math.round((a / b) * 100) / 100;
	return [
		{
			name: 'JSON callbacks read (text)',
			value: perSecond(parsing.text),
			unit: 'events/s',
			note:
				`${ratio(parsing.text, parsing.bareText)} times bare JSON.parse ` +
				`(${perSecond(parsing.bareText)}/s); goal 4`,
		},
		{
			name: 'JSON callbacks read (bytes)',
			value: perSecond(parsing.bytes),
			unit: 'events/s',
			note:
				`${ratio(parsing.bytes, parsing.bareBytes)} times decoding and JSON.parse ` +
				`(${perSecond(parsing.bareBytes)}/s); goal 4`,
		},
		{
			name: 'urlencoded callbacks read',
			value: perSecond(parsing.form),
			unit: 'events/s',
			note: `${ratio(parsing.form, parsing.bareText)} times bare JSON.parse of the same call`,
		},
		{
			name: 'multipart callbacks read',
			value: perSecond(parsing.multipart),
			unit: 'events/s',
			note: `${ratio(parsing.multipart, parsing.bareText)} times bare JSON.parse of the same call`,
		},
		{
			name: 'Connect answers built and validated',
			value: perSecond(writing.answer),
			unit: 'answers/s',
			note: `${ratio(writing.answer, writing.bare)} times bare JSON.stringify (${perSecond(writing.bare)}/s)`,
		},
		{
			name: 'Connect answers checked',
			value: perSecond(writing.check),
			unit: 'answers/s',
			note: `${ratio(writing.check, writing.bare)} times bare JSON.stringify`,
		},
		{
			name: 'make-call requests checked and encoded',
			value: perSecond(writing.call),
			unit: 'requests/s',
			note: `${ratio(writing.call, writing.bareCall)} times bare JSON.stringify of the input`,
		},
	];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
	for (const row of await benchmark())
		console.log(`${row.name.padEnd(38)} ${String(row.value).padStart(9)} ${row.unit.padEnd(10)} ${row.note}`);
}

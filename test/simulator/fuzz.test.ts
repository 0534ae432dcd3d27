/**
 * Nonsense of all kinds against every door of the simulator: it answers below 500 (or what a number or switch asks
 * for), never with a fault of its own, and never stops. 1,500 requests here, 50,000 with NIGHTLY=1.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import { CREDENTIALS, Line } from './telephone-line';

const RUNS = process.env.NIGHTLY === '1' ? 50_000 : 1_500;
const SEED = Number(process.env.FUZZ_SEED ?? 20261121);
const AT_ONCE = 16;

/** mulberry32: small, seeded, good enough to vary requests. */
function dice(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const DOORS: readonly [string, string][] = [
	['POST', '/v1/Accounts/{sid}/Calls/connect'],
	['POST', '/v1/Accounts/{sid}/Calls/connect.json'],
	['GET', '/v1/Accounts/{sid}/Calls'],
	['GET', '/v1/Accounts/{sid}/Calls.json'],
	['GET', '/v1/Accounts/{sid}/Calls/{call}.json'],
	['GET', '/v1/Accounts/{sid}/Calls/{call}'],
	['GET', '/v1/Accounts/{sid}/Numbers/{any}'],
	['GET', '/v1/Accounts/{sid}'],
	['GET', '/v1/Accounts/{sid}/IncomingPhoneNumbers'],
	['GET', '/v2_beta/Accounts/{sid}/IncomingPhoneNumbers'],
	['PUT', '/v2_beta/Accounts/{sid}/IncomingPhoneNumbers/08047115777'],
	['POST', '/v2/accounts/{sid}/calls'],
	['GET', '/v2/accounts/{sid}/calls/{call}'],
	['GET', '/v2/accounts/{sid}/users'],
	['GET', '/exotelrecordings/{sid}/{call}.mp3'],
	['GET', '/_simulator/{any}'],
	['GET', '/_simulator/api/calls'],
	['GET', '/_simulator/api/calls/{call}'],
	['PUT', '/_simulator/api/flows/{any}'],
	['PUT', '/_simulator/api/flows/926'],
	['GET', '/_simulator/api/flows/{any}'],
	['PUT', '/_simulator/api/flows'],
	['POST', '/_simulator/api/flows'],
	['POST', '/_simulator/api/inbound'],
	['PUT', '/_simulator/api/chaos'],
	['PUT', '/_simulator/api/quirks'],
	['POST', '/_simulator/api/clock'],
	['POST', '/_simulator/api/check-answer'],
	['PUT', '/_simulator/api/accounts/{sid}/agents'],
	['GET', '/_simulator/api/state'],
	['POST', '/_simulator/api/reset'],
	['GET', '/{any}'],
	['GET', '/v1/{any}/{any}'],
	['GET', '//'],
	['GET', '/%'],
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
const NAMES = [
	'From',
	'To',
	'CallerId',
	'Url',
	'StatusCallback',
	'StatusCallbackEvents[0]',
	'StatusCallbackEvents',
	'StatusCallbackContentType',
	'TimeLimit',
	'TimeOut',
	'Record',
	'CustomField',
	'StreamUrl',
	'Sid',
	'DateCreated',
	'Status',
	'Duration',
	'Price',
	'PageSize',
	'SortBy',
	'Before',
	'After',
	'details',
	'RecordingUrlValidity',
	'Page',
	'limit',
	'offset',
	'fields',
	'account',
	'Expires',
	'Signature',
	'__proto__',
	'constructor',
	'VoiceUrl',
];
const VALUES = [
	'',
	' ',
	'"',
	'+919812345670',
	'+919812345671',
	'09812345672',
	'+919812345696',
	'+919812345693',
	'+919812345692',
	'09812345601',
	'919812345609',
	'XXXXX30240',
	'sip:a@b',
	'sip:',
	'\u0000',
	'\uffff',
	'\ud800',
	'null',
	'true',
	'-1',
	'0',
	'1',
	'101',
	'1e309',
	'99999999999999999999',
	'gte:2026-01-01 00:00:00;lte:2026-01-02 00:00:00',
	'gte:',
	';;;',
	',,,',
	'gte:10s;lte:x',
	'http://127.0.0.1:1/x',
	'http://',
	'javascript:alert(1)',
	'terminal',
	'answered,ringing',
	'application/json',
	'<script>alert(1)</script>',
	']]>',
	'../../etc/passwd',
	'%00',
	'%zz',
	'{"a":1}',
	'[]',
	'a'.repeat(5000),
	'MTU3Nzk4NjAwNixhZmQ4MGJhNzI1MzA5YmU2MjM0MTA2YjY5ZGVmMTQxMg==',
	'http://my.exotel.com/x/exoml/start_voice/926',
	'😀',
	'DateCreated:asc',
	'२०२६',
];

describe('simulator: nonsense', function () {
	this.timeout(0);

	it(`survives ${RUNS} fuzzed requests`, async () => {
		const line = await Line.open({
			callsPerMinute: 0,
			retrySeconds: [],
			deliveryTimeoutMs: 200,
			answerTimeoutMs: 200,
			maxCalls: 300,
		});
		const roll = dice(SEED);
		const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
		const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
		const counts = new Map<number | string, number>();
		const usual: [string, string][] = [
			['From', '+919812345670'],
			['To', '+919812345671'],
			['CallerId', '08047115777'],
		];
		const pairs = () => [
			...(roll() < 0.4 ? usual : []),
			...Array.from({ length: Math.floor(roll() * 6) }, (): [string, string] => [pick(NAMES), pick(VALUES)]),
		];
		const encode = (text: string) =>
			roll() < 0.1 ? text.replace(/[^\x21-\x7e]/g, '') : encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''));
		const nested = (depth: number): unknown => {
			const kind = roll();
			if (depth > 3 || kind < 0.5) return pick<unknown>([...VALUES, 1, -1, 1.5, true, false, null]);
			if (kind < 0.7) return Array.from({ length: Math.floor(roll() * 4) }, () => nested(depth + 1));
			const names = [
				'from',
				'to',
				'virtual_number',
				'user_contact_uri',
				'user_id',
				'customer_contact_uri',
				'status_callback',
				'event',
				'url',
				'applets',
				'type',
				'version',
				'destination',
				'numbers',
				'rules',
				'duplicate',
				'agents',
				'contact',
				'body',
				'flow',
				'digits',
				'account',
				'recording_channels',
				'max_time_limit',
				'speed',
				'advanceSeconds',
				'ringing',
				'numberForm',
				'toString',
				'valueOf',
				'toJSON',
				'custom_field',
				'status',
				'contentType',
				'start_call_playback',
				'value',
				'From',
				'To',
				'CallerId',
				'v2ErrorCode',
			];
			return Object.fromEntries(
				Array.from({ length: Math.floor(roll() * 6) }, () => [pick(names), nested(depth + 1)]),
			);
		};
		const body = (): { type: string | null; content: Buffer | null } => {
			const kind = roll();
			if (kind < 0.2) return { type: null, content: null };
			if (kind < 0.45)
				return {
					type: 'application/x-www-form-urlencoded',
					content: Buffer.from(
						pairs()
							.map(([name, value]) => `${encode(name)}=${encode(value)}`)
							.join('&'),
					),
				};
			if (kind < 0.7) return { type: 'application/json', content: Buffer.from(JSON.stringify(nested(0))) };
			if (kind < 0.85) {
				const parts = pairs()
					.map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
					.join('');
				const whole = `${parts}--b--\r\n`;
				return {
					type: pick([
						'multipart/form-data; boundary=b',
						'multipart/form-data',
						'multipart/form-data; boundary=c',
					]),
					content: Buffer.from(roll() < 0.3 ? whole.slice(0, Math.floor(roll() * whole.length)) : whole),
				};
			}
			return {
				type: pick([
					'application/json',
					'text/plain',
					'application/xml',
					'',
					'multipart/form-data; boundary="',
					'application/x-www-form-urlencoded',
				]),
				content: Buffer.from(Array.from({ length: Math.floor(roll() * 200) }, () => Math.floor(roll() * 256))),
			};
		};
		const send = () =>
			new Promise<void>((resolve, reject) => {
				const [method, door] = pick(DOORS);
				const target = door
					.replace('{sid}', pick(['Exotel', 'Exotel', 'Exotel', 'a', 'x'.repeat(80), '%2e%2e', '__proto__']))
					.replace(
						'{call}',
						() =>
							pick(
								line.simulator
									.calls()
									.map(({ sid }) => String(sid))
									.slice(0, 20),
							) ?? 'none',
					)
					.replaceAll(
						'{any}',
						() =>
							encodeURIComponent(
								pick(VALUES)
									.replace(/[\ud800-\udfff]/g, '')
									.slice(0, 100),
							) || 'x',
					);
				const query =
					roll() < 0.6
						? `?${pairs()
								.map(([name, value]) => `${encode(name)}=${encode(value)}`)
								.join('&')}`
						: '';
				const { type, content } = body();
				const headers: Record<string, string> =
					roll() < 0.9
						? { Authorization: CREDENTIALS }
						: { Authorization: pick(['', 'Basic', 'Basic !!!', 'Basic Og==', 'Digest x']) };
				if (type !== null) headers['Content-Type'] = type;
				if (content) headers['Content-Length'] = String(content.length);
				const path = `${target}${query}`.replace(/[^\x21-\x7e]/g, '');
				const request = http.request(
					line.simulator.url,
					{ method: roll() < 0.9 ? method : pick(METHODS), path, headers, agent },
					(response) => {
						const status = response.statusCode ?? 0;
						counts.set(status, (counts.get(status) ?? 0) + 1);
						if (
							response.headers['x-simulator-fault'] ||
							(status >= 500 && ![500, 502, 503, 504].includes(status))
						)
							reject(
								new Error(
									`${status} for ${path} with ${type}: ${content?.toString('latin1').slice(0, 300)}`,
								),
							);
						response.resume();
						response.on('end', resolve);
					},
				);
				request.on('error', () => {
					// 96 and 97, and the chaos switches cut connections on purpose
					counts.set('cut', (counts.get('cut') ?? 0) + 1);
					resolve();
				});
				request.end(content ?? undefined);
			});
		try {
			const started = performance.now();
			for (let sent = 0; sent < RUNS; sent += AT_ONCE) {
				await Promise.all(Array.from({ length: Math.min(AT_ONCE, RUNS - sent) }, send));
				if (sent % (AT_ONCE * 20) === 0) {
					// whatever chaos was switched on goes off again, and time passes
					await line.control('PUT', '/chaos', {});
					await line.control('POST', '/clock', { speed: 0 });
					await line.simulator.advance(30);
				}
			}
			const after = await line.control('GET', '/state');
			assert.equal(after.json.version.length > 0, true);
			assert.ok(after.json.calls.kept <= 300);
			assert.ok(
				(counts.get(200) ?? 0) > RUNS / 20 && (counts.get(400) ?? 0) > RUNS / 20,
				`both sense and nonsense were met: ${JSON.stringify([...counts])}`,
			);
			if (process.env.NIGHTLY === '1')
				process.stdout.write(
					`      ${RUNS} requests in ${Math.round((performance.now() - started) / 1000)} s: ` +
						`${[...counts].map(([status, count]) => `${status}: ${count}`).join(', ')}\n`,
				);
		} finally {
			agent.destroy();
			await line.close();
		}
	});

	it('survives broken HTTP and clients that go away', async () => {
		const line = await Line.open();
		try {
			const lines = [
				'GET',
				'GET / HTTP/9.9\r\n\r\n',
				'POST /v1/Accounts/x/Calls/connect HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort',
				'\x16\x03\x01',
				'GET /_simulator/api/events HTTP/1.1\r\nHost: x\r\n\r\n',
				'POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
			];
			for (const text of lines) {
				await new Promise<void>((resolve) => {
					const socket = net.connect(line.simulator.port, '127.0.0.1', () => {
						socket.write(text, () => setImmediate(() => socket.destroy()));
					});
					socket.on('error', () => undefined);
					socket.on('close', () => resolve());
				});
			}
			assert.equal((await line.control('GET', '/health')).json.status, 'ok');
			const large = await line.v1('POST', '/Calls/connect.json', 'x'.repeat(1024 * 1024 + 1), {
				'Content-Type': 'application/x-www-form-urlencoded',
			});
			assert.equal(large.status, 413);
		} finally {
			await line.close();
		}
	});
});

/** What tracking keeps in memory in the long run: a node that runs for weeks takes what one takes that runs for days. */
import assert from 'node:assert/strict';
import v8 from 'node:v8';
import vm from 'node:vm';
import { defaultRules, readCallEvent } from '../../../exotel/index';
import { eventOf, placedCall, stage } from './stage';
import { settle, VirtualClock } from './virtual-clock';

/** Events of the shorter and of the longer run; each call has four. */
const SHORT = 10_000;
const LONG = 100_000;
/** One call in this time: 100 calls are kept at once, as `KEPT_MS` is 26 hours. */
const PAUSE_MS = 16 * 60 * 1000;

/** Calls that end with a callback each. */
const ENDED = 4_000;
const CUSTOM_FIELD_LENGTH = 3_500;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

function heapUsed(): number {
	for (let turn = 0; turn < 3; turn += 1) collect();
	return process.memoryUsage().heapUsed;
}

/** The end of a call as a multipart form, with a long part. */
function longCallback(sid: string): Buffer {
	const fields = {
		CallSid: sid,
		EventType: 'terminal',
		Status: 'completed',
		CustomField: 'x'.repeat(CUSTOM_FIELD_LENGTH),
	};
	const parts = Object.entries(fields).map(
		([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	return Buffer.from(`${parts.join('')}--b--\r\n`);
}

describe('memory of the tracker', function () {
	this.timeout(300_000);

	it('holds no callback of a call that has ended', async () => {
		const { tracker, memory, announced } = stage({ clock: new VirtualClock() });
		const account = { region: 'singapore', sid: 'acme1', ...defaultRules } as const;
		const headers = { 'content-type': 'multipart/form-data; boundary=b' };
		const before = heapUsed();
		for (let call = 0; call < ENDED; call += 1) {
			const body = longCallback(`492205107c5fb48f4ac25d1f${10_000_000 + call}`);
			const event = readCallEvent({ method: 'POST', headers, body, receivedAt: 0 }, account);
			await tracker.received(event, null);
			announced.length = 0;
		}
		const bytes = heapUsed() - before;
		assert.equal(memory.size, ENDED);
		assert.ok(bytes < (ENDED * CUSTOM_FIELD_LENGTH) / 2, `${bytes} bytes for ${memory.bytes} bytes of records`);
	});

	it(`after ${LONG} events is within 10 % of that after ${SHORT}; what has expired leaves by time`, async () => {
		const clock = new VirtualClock();
		const { tracker, memory, announced } = stage({ clock });
		await tracker.start();
		const heap: number[] = [];
		const bytes: number[] = [];
		let ends = 0;
		for (let call = 0; call < LONG / 4; call += 1) {
			const [attemptId, sid] = [`attempt${call}`, `sid${call}`];
			await tracker.begin({ attemptId, api: 'v1' });
			await tracker.placed(attemptId, placedCall(sid), 'details');
			await tracker.received(eventOf(sid, 'ringing'), attemptId);
			await tracker.received(eventOf(sid, 'answered'), attemptId);
			await tracker.received(eventOf(sid, 'terminal'), attemptId);
			// An event of a call that was placed elsewhere and never ends.
			await tracker.received(eventOf(`other${call}`, 'answered'), null);
			ends += announced.filter(({ type }) => type === 'ended').length;
			announced.length = 0;
			await clock.advance(PAUSE_MS);
			if ((call + 1) * 4 === SHORT || (call + 1) * 4 === LONG) {
				heap.push(heapUsed());
				bytes.push(memory.bytes);
			}
		}
		assert.equal(ends, LONG / 4);
		const [short = 0, long = 0] = heap;
		assert.ok(long < short * 1.1, `${short} bytes after ${SHORT} events, ${long} after ${LONG}`);
		assert.ok((bytes[1] ?? 0) < (bytes[0] ?? 0) * 1.1, `${bytes.join()} bytes of records`);
		// Nothing more comes, and nobody reads: everything leaves all the same.
		await clock.advance(27 * 60 * 60 * 1000);
		await settle();
		assert.ok(memory.size <= 1, `${memory.size} records are left`);
		tracker.stop();
	});
});

/** What tracking keeps in memory in the long run: a node that runs for weeks takes what one takes that runs for days. */
import assert from 'node:assert/strict';
import v8 from 'node:v8';
import vm from 'node:vm';
import { eventOf, placedCall, stage } from './stage';
import { settle, VirtualClock } from './virtual-clock';

/** Events of the shorter and of the longer run; each call has four. */
const SHORT = 10_000;
const LONG = 100_000;
/** One call in this time: 100 calls are kept at once, as `KEPT_MS` is 26 hours. */
const PAUSE_MS = 16 * 60 * 1000;

describe('memory of the tracker', function () {
	this.timeout(300_000);

	it(`after ${LONG} events is within 10 % of that after ${SHORT}; what has expired leaves by time`, async () => {
		v8.setFlagsFromString('--expose-gc');
		const collect = vm.runInNewContext('gc') as () => void;
		const heapUsed = (): number => {
			for (let turn = 0; turn < 3; turn += 1) collect();
			return process.memoryUsage().heapUsed;
		};
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

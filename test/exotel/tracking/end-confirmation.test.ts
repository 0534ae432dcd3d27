/** *Confirm the end by asking Exotel*: what Exotel's own record does not say is not believed. */
import assert from 'node:assert/strict';
import { ExotelError, settlementOf, type CallEvent } from '../../../exotel/index';
import { createPacer } from '../../../exotel/http/pacing';
import { eventOf, placedCall, polledEnd, SharedStore, stage, typesOf } from './stage';
import { settle, VirtualClock } from './virtual-clock';

const reported = (sid: string): CallEvent => eventOf(sid, 'terminal');

describe('with the end confirmed by asking Exotel', () => {
	let clock: VirtualClock;
	beforeEach(() => (clock = new VirtualClock()));

	/** A tracker whose polls give these, one after the other; then the call is active. */
	function asking(...answers: (CallEvent | Error)[]) {
		const poll = (): Promise<CallEvent | null> => {
			const answer = answers.shift() ?? null;
			return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
		};
		return stage({ clock, confirmsEnds: true, poll });
	}
	const ends = ({ announced }: ReturnType<typeof asking>) =>
		announced.flatMap((one) => (one.type === 'ended' ? [one.event.source] : []));

	it('a report of an end counts when the record of the call says so, with what the record says', async () => {
		const one = asking(polledEnd('s1'));
		await one.tracker.received(reported('s1'), null);
		await settle();
		assert.deepEqual(ends(one), ['sweep']);
	});

	it('a made-up end of a call that goes on is never announced, and the user is told', async () => {
		const one = asking();
		await one.tracker.received(reported('s1'), null);
		await clock.advance(600_000);
		assert.deepEqual(one.announced, []);
		assert.deepEqual(one.warnings, [{ code: 'end-not-confirmed', sid: 's1' }]);
	});

	it('a record that is late or cannot be read is read again, four times at most', async () => {
		const busy = new ExotelError('network', 'Exotel is down.');
		const late = asking(busy, busy, polledEnd('s2'));
		await late.tracker.received(reported('s2'), null);
		await clock.advance(40_000);
		assert.deepEqual(ends(late), ['sweep']);
		const never = asking();
		await never.tracker.received(reported('s3'), null);
		await clock.advance(3_600_000);
		assert.equal(never.polls.length, 4);
	});

	it('repeated reports make no further requests, neither meanwhile nor after the end', async () => {
		const one = asking(new ExotelError('network', 'Exotel is down.'), polledEnd('s1'));
		for (let count = 0; count < 50; count += 1) await one.tracker.received(reported('s1'), null);
		await clock.advance(10_000);
		for (let count = 0; count < 50; count += 1) await one.tracker.received(reported('s1'), null);
		await clock.advance(600_000);
		assert.equal(one.polls.length, 2);
		assert.deepEqual(ends(one), ['sweep']);
	});

	it('a flood of made-up ends asks about twenty calls at once', async () => {
		const one = stage({ clock, confirmsEnds: true, poll: () => new Promise(() => undefined) });
		const taken: boolean[] = [];
		for (let count = 0; count < 10_500; count += 1)
			taken.push(await one.tracker.received(reported(`s${count}`), null));
		await settle();
		assert.equal(one.polls.length, 20);
		assert.equal(one.warnings.length, 500);
		assert.deepEqual([taken.indexOf(false), taken.lastIndexOf(true)], [10_000, 9_999], 'the others are refused');
		assert.equal(await one.tracker.received(reported('s1'), null), true, 'as one that joins is not');
	});

	it('no end is lost that is reported with thousands of others', async () => {
		const one = stage({ clock, confirmsEnds: true, poll: (sid) => Promise.resolve(polledEnd(sid)) });
		const reports = Array.from({ length: 5_000 }, (_, count) => one.tracker.received(reported(`s${count}`), null));
		assert.ok((await Promise.all(reports)).every(Boolean));
		await clock.advance(60_000);
		assert.equal(ends(one).length, 5_000);
	});

	it('no end is lost by the wait for its turn where the account may send few requests a minute', async () => {
		const pacer = createPacer({ clock, perMinute: 20 });
		const poll = async (sid: string, _api: string, signal?: AbortSignal) => {
			await pacer.take(signal);
			return polledEnd(sid);
		};
		const one = stage({ clock, confirmsEnds: true, poll });
		for (let count = 0; count < 200; count += 1) await one.tracker.received(reported(`s${count}`), null);
		for (let minutes = 0; minutes < 20; minutes += 1) await clock.advance(60_000);
		assert.deepEqual([ends(one).length, one.warnings], [200, []]);
	});

	it('an end that is reported while a hundred others are asked about is asked about after them', async () => {
		const poll = (sid: string) => Promise.resolve(sid === 'real' ? polledEnd(sid) : null);
		const one = stage({ clock, confirmsEnds: true, poll });
		for (let count = 0; count < 100; count += 1) await one.tracker.received(reported(`s${count}`), null);
		await one.tracker.received(reported('real'), null);
		await clock.advance(3_600_000);
		assert.deepEqual(ends(one), ['sweep']);
	});

	it('made-up ends keep no real one waiting between their reads', async () => {
		const poll = (sid: string) => Promise.resolve(sid === 'real' ? polledEnd(sid) : null);
		const one = stage({ clock, confirmsEnds: true, poll });
		for (let count = 0; count < 999; count += 1) await one.tracker.received(reported(`s${count}`), null);
		await one.tracker.received(reported('real'), null);
		await settle();
		assert.deepEqual(ends(one), ['sweep']);
	});

	it('a report of the other API, which anybody can make up, keeps no end from being found', async () => {
		const poll = (sid: string, api: string) => Promise.resolve(api === 'v1' ? polledEnd(sid) : null);
		for (const restart of [false, true]) {
			const shared = new SharedStore();
			const killed = () => new Promise<null>(() => undefined);
			const one = stage({ clock, shared, confirmsEnds: true, poll: restart ? killed : poll });
			const real = reported('s1');
			await one.tracker.start();
			await one.tracker.received({ ...real, call: { ...real.call, api: 'v2' } }, null);
			await settle();
			await one.tracker.received(real, null);
			const after = restart ? stage({ clock, shared, confirmsEnds: true, poll }) : one;
			await after.tracker.start();
			await clock.advance(600_000);
			assert.deepEqual(ends(after), ['sweep'], `restart: ${restart}`);
		}
	});

	it('a report that names an attempt counts for it also after the end of the call was passed on without it', async () => {
		const start = { attemptId: 'a1', api: 'v1' } as const;
		const one = asking(polledEnd('s1'), polledEnd('s1'));
		await one.tracker.begin(start);
		await one.tracker.unknown(start, 'details');
		await one.tracker.received(reported('s1'), null);
		await settle();
		await one.tracker.received(reported('s1'), 'a1');
		await settle();
		assert.deepEqual(
			one.announced.map(({ type, attemptId }) => [type, attemptId]),
			[
				['unknown', 'a1'],
				['ended', null],
				['ended', 'a1'],
			],
		);
		await one.tracker.received(reported('s1'), 'a1');
		await one.tracker.received(reported('s1'), 'made-up');
		await clock.advance(3_600_000);
		assert.equal(one.polls.length, 2);
	});

	it('a report that comes as the reads of an earlier one end is kept', async () => {
		const shared = new SharedStore();
		const one = stage({ clock, shared, confirmsEnds: true, poll: () => Promise.resolve(null) });
		await one.tracker.received(reported('s1'), null);
		await clock.advance(155_000 - 1);
		const set = shared.set.bind(shared);
		shared.set = async (key, record) => {
			await clock.sleep(40);
			await set(key, record);
		};
		const second = one.tracker.received(reported('s1'), null);
		await clock.advance(1_000);
		await second;
		assert.match([...shared.values.values()].join(), /"reported"/);
	});

	it('progress is announced without asking', async () => {
		const one = asking();
		await one.tracker.received(eventOf('s1', 'ringing'), null);
		assert.deepEqual(typesOf(one), ['progress']);
		assert.equal(one.polls.length, 0);
	});

	it('the end of a call that was placed here is confirmed as well, also when its response was lost', async () => {
		const start = { attemptId: 'a1', api: 'v1', context: { order: 1 } } as const;
		const placed = asking(polledEnd('s1'));
		await placed.tracker.begin(start);
		await placed.tracker.placed('a1', placedCall('s1'), 'response');
		await placed.tracker.received(reported('s1'), 'a1');
		await settle();
		assert.deepEqual(typesOf(placed), ['placed', 'ended']);
		const lost = asking(polledEnd('s2'));
		await lost.tracker.begin(start);
		await lost.tracker.unknown(start, 'details');
		await lost.tracker.received(reported('s2'), 'a1');
		await settle();
		assert.deepEqual(
			lost.announced.map(({ type, attemptId }) => [type, attemptId]),
			[
				['unknown', 'a1'],
				['ended', 'a1'],
			],
		);
	});

	it('a report that comes while another one is asked about joins it, with the attempt that it names', async () => {
		const start = { attemptId: 'a1', api: 'v1' } as const;
		const one = asking(new ExotelError('network', 'Exotel is down.'), polledEnd('s1'));
		await one.tracker.begin(start);
		await one.tracker.unknown(start, 'details');
		await one.tracker.received(reported('s1'), null);
		await one.tracker.received(reported('s1'), 'a1');
		await clock.advance(3_600_000);
		assert.deepEqual(
			one.announced.map(({ type, attemptId }) => [type, attemptId]),
			[
				['unknown', 'a1'],
				['ended', 'a1'],
			],
		);
	});

	it('the end is found that is reported while an earlier report is not confirmed', async () => {
		const endsAt = clock.now() + 160_000;
		const poll = (sid: string) => Promise.resolve(clock.now() < endsAt ? null : polledEnd(sid));
		const one = stage({ clock, confirmsEnds: true, poll });
		await one.tracker.received(eventOf('s1', 'terminal', { id: 's1:flow:terminal', source: 'passthru' }), null);
		await clock.advance(150_000);
		await one.tracker.received(reported('s1'), null);
		await clock.advance(3_600_000);
		assert.deepEqual(ends(one), ['sweep']);
		assert.deepEqual(one.warnings, []);
	});

	it('reports without an end come to an end, and leave nothing behind', async () => {
		const shared = new SharedStore();
		const one = stage({ clock, shared, confirmsEnds: true, poll: () => Promise.resolve(null) });
		for (let count = 0; count < 1_000; count += 1) {
			await one.tracker.received(reported('s1'), null);
			await clock.advance(500);
		}
		await clock.advance(3_600_000);
		assert.ok(one.polls.length <= 20, `${one.polls.length} reads in 500 s`);
		assert.deepEqual([...shared.values.keys()], []);
	});

	it('a report is asked about again after a restart, with the attempts that were named', async () => {
		const shared = new SharedStore();
		const start = { attemptId: 'a1', api: 'v1' } as const;
		const before = stage({ clock, shared, confirmsEnds: true, poll: () => new Promise(() => undefined) });
		await before.tracker.start();
		await before.tracker.begin(start);
		await before.tracker.unknown(start, 'details');
		await before.tracker.received(reported('s1'), 'a1');
		const after = stage({ clock, shared, confirmsEnds: true, poll: (sid) => Promise.resolve(polledEnd(sid)) });
		await after.tracker.start();
		await clock.advance(60_000);
		assert.deepEqual(typesOf(before), ['unknown']);
		assert.deepEqual(
			after.announced.map(({ type, attemptId }) => [type, attemptId]),
			[['ended', 'a1']],
		);
		const later = stage({ clock, shared, confirmsEnds: true, poll: (sid) => Promise.resolve(polledEnd(sid)) });
		await later.tracker.start();
		await clock.advance(60_000);
		assert.deepEqual([later.announced, later.polls], [[], []]);
	});

	it('an account that cannot be read any more is a fault, and rejects nothing', async () => {
		const one = asking();
		one.host.confirmsEnds = () => {
			throw new Error('Account: none is chosen.');
		};
		await one.tracker.received(reported('s1'), null);
		assert.deepEqual(
			one.warnings.map(({ code }) => code),
			['fault'],
		);
	});

	it('a callback to its own address settles nothing without the record of the call', () => {
		const known = { attemptId: 'a1', sid: 's1' };
		assert.equal(settlementOf(known, reported('s1'), 'a1'), 'settles');
		assert.equal(settlementOf(known, reported('s1'), 'a1', true), 'poll');
		assert.equal(settlementOf({ ...known, sid: null }, reported('s1'), 'a1', true), 'poll');
		assert.equal(settlementOf(known, polledEnd('s1'), 'a1', true), 'settles');
		assert.equal(settlementOf(known, eventOf('s1', 'ringing'), 'a1', true), 'settles');
		assert.equal(settlementOf(known, reported('s2'), 'a1', true), 'other');
	});
});

/** The search for ended calls of a tracker: an end that came out once does not come out again, however long the pause. */
import assert from 'node:assert/strict';
import { writeTime } from '../../../exotel/time';
import { answer, mumbai } from '../samples';
import { scripted } from '../scripted-transport';
import { eventOf, SharedStore, stage, typesOf, type Stage } from './stage';
import { VirtualClock } from './virtual-clock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A call that has ended; times in ms since 1970. */
interface Ended {
	sid: string;
	createdAt: number;
	endedAt: number;
}

describe('the search for ended calls, after a pause', () => {
	let clock: VirtualClock;
	let shared: SharedStore;
	beforeEach(() => {
		clock = new VirtualClock();
		shared = new SharedStore();
	});

	/** One search over what Exotel lists now. */
	async function search(one: Stage, calls: Ended[]): Promise<void> {
		const stamp = (ms: number): string => writeTime(new Date(ms), mumbai.timeZone);
		const Calls = calls
			.filter(({ endedAt }) => endedAt <= clock.now())
			.map(({ sid, createdAt, endedAt }) => ({
				...{ Sid: sid, Status: 'completed', DateCreated: stamp(createdAt), EndTime: stamp(endedAt) },
			}));
		const exotel = scripted(answer(JSON.stringify({ Metadata: {}, Calls })));
		const send = { transport: exotel.transport, clock, account: mumbai };
		await one.tracker.search.run({ account: mumbai, send }, (event) => one.tracker.received(event, null));
	}

	/** A callback reports the end of a call of a minute. */
	async function ends(one: Stage, sid: string): Promise<Ended> {
		await one.tracker.received(eventOf(sid, 'terminal'), null);
		return { sid, createdAt: clock.now() - MINUTE, endedAt: clock.now() };
	}

	for (const hours of [24, 48, 14 * 24])
		it(`does not repeat an end that a callback reported before ${hours} hours without Node-RED`, async () => {
			const one = stage({ clock, shared });
			await one.tracker.start();
			await search(one, []);
			await clock.advance(10 * MINUTE);
			const calls = [await ends(one, 's1')];
			await clock.advance(10 * MINUTE);
			await search(one, calls);
			calls.push(await ends(one, 's2'));
			one.tracker.stop();
			assert.deepEqual(typesOf(one), ['ended', 'ended']);

			await clock.advance(hours * HOUR);
			calls.push({ sid: 'missed', createdAt: clock.now() - HOUR, endedAt: clock.now() - HOUR / 2 });
			const two = stage({ clock, shared });
			await two.tracker.start();
			await clock.advance(MINUTE);
			await search(two, calls);
			assert.deepEqual(
				two.announced.map((announcement) => announcement.type === 'ended' && announcement.event.call.sid),
				['missed'],
			);
			two.tracker.stop();
		});

	it('does not repeat an end after two days in which no search succeeded', async () => {
		const one = stage({ clock, shared });
		await one.tracker.start();
		await search(one, []);
		const calls = [await ends(one, 's1')];
		await clock.advance(48 * HOUR);
		await search(one, calls);
		assert.deepEqual(typesOf(one), ['ended']);
		one.tracker.stop();
	});

	it('goes on behind the calls that were read when a later page fails', async () => {
		const one = stage({ clock });
		await one.tracker.search.start();
		await clock.advance(HOUR);
		const stamp = (minutesAgo: number): string =>
			writeTime(new Date(clock.now() - minutesAgo * MINUTE), mumbai.timeZone);
		const record = (Sid: string, minutesAgo: number): object => ({
			...{ Sid, Status: 'completed', DateCreated: stamp(minutesAgo), EndTime: stamp(minutesAgo - 1) },
		});
		const page = (Calls: object[], NextPageUri: string | null = null) =>
			answer(JSON.stringify({ Metadata: { NextPageUri }, Calls }));
		const second = [record('s1', 40), record('s2', 30)];
		const exotel = scripted(
			page([record('s1', 40)], '/Calls.json?After=abc'),
			answer('{}', 403),
			page(second),
			page([]),
		);
		const send = { transport: exotel.transport, clock, account: mumbai };
		const found: string[] = [];
		const run = (): Promise<void> =>
			one.tracker.search.run({ account: mumbai, send }, ({ call }) => Promise.resolve(void found.push(call.sid)));
		await assert.rejects(run());
		assert.deepEqual(found, ['s1']);
		const from = stamp(40);
		await clock.advance(HOUR);
		await run();
		assert.deepEqual(found, ['s1', 's2']);
		const asked = exotel.sent.map(({ request }) => decodeURIComponent(request.url.replaceAll('+', ' ')));
		assert.match(asked[2] ?? '', new RegExp(`gte:${from}`));
		assert.equal(asked.length, 4, 'the hour since then was searched as well');
	});

	it('keeps nothing longer for a search than it is made', async () => {
		const kept = (): boolean => shared.values.has('call_s1');
		const one = stage({ clock, shared });
		await one.tracker.start();
		await search(one, []);
		await ends(one, 's1');
		await clock.advance(27 * HOUR);
		assert.equal(kept(), true);
		await search(one, []);
		await clock.advance(HOUR);
		assert.equal(kept(), false, 'the search has passed it');
		await ends(one, 's1');
		await clock.advance(27 * HOUR);
		await one.tracker.search.forget();
		await clock.advance(HOUR);
		assert.equal(kept(), false, 'no search is made any more');
		one.tracker.stop();
	});
});

/**
 * The promises of the call tracker under random interleavings of requests, responses, callbacks, polls, restarts and
 * store failures, in virtual time. A model that knows nothing of the tracker's code follows what was delivered.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CallStep } from '../../../exotel/call/call';
import { ExotelError, type CallEvent } from '../../../exotel/index';
import { propertyRuns } from '../samples';
import { eventOf, placedCall, polledEnd, SharedStore, stage, type Stage } from './stage';
import { VirtualClock } from './virtual-clock';

const HOUR = 3_600_000;
const MAX_BYTES = 200_000;
const ATTEMPTS = [0, 1, 2] as const;

type Attempt = (typeof ATTEMPTS)[number];
type PollMode = 'works' | 'slow' | 'fails' | 'hangs';
type Action =
	| { do: 'begin' | 'end' | 'refuse' | 'no-response'; attempt: Attempt }
	| { do: 'respond'; attempt: Attempt; otherSid: boolean }
	| { do: 'callback'; attempt: Attempt; named: boolean; otherSid: boolean; type: CallStep['type']; times: number }
	| { do: 'foreign'; type: CallStep['type']; attempt: Attempt; named: boolean }
	| { do: 'store'; mode: SharedStore['mode'] }
	| { do: 'poll'; mode: PollMode }
	| { do: 'restart' }
	| { do: 'wait'; ms: number };

const attempt = fc.constantFrom(...ATTEMPTS);
const type = fc.constantFrom<CallStep['type']>('dial', 'ringing', 'answered', 'terminal', 'terminal');
const rarely = fc.integer({ min: 0, max: 5 }).map((n) => n === 0);
const waits = fc.oneof(fc.constant(0), fc.integer({ max: 2_000, min: 0 }), fc.integer({ min: 0, max: 90_000 }));
const action: fc.Arbitrary<Action> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('begin' as const), attempt }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant('respond' as const), attempt, otherSid: rarely }) },
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constantFrom('refuse' as const, 'no-response' as const, 'end' as const),
			attempt,
		}),
	},
	{
		weight: 8,
		arbitrary: fc.record({
			do: fc.constant('callback' as const),
			attempt,
			named: rarely.map((no) => !no),
			otherSid: rarely,
			type,
			times: fc.integer({ min: 1, max: 3 }),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant('foreign' as const), type, attempt, named: rarely }),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('store' as const),
			mode: fc.constantFrom<SharedStore['mode']>('works', 'fails', 'hangs'),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constant('poll' as const),
			mode: fc.constantFrom<PollMode>('works', 'slow', 'fails', 'hangs'),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
	{ weight: 8, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: waits }) },
);

/** What the rules say of one attempt, from what was delivered alone. */
interface Known {
	begun: boolean;
	/** The response may still come. */
	waiting: boolean;
	refused: boolean;
	sid: string | null;
	/** Two SIDs: nothing more is announced. */
	conflict: boolean;
	/** SIDs whose end was reported by a callback that names the attempt. */
	endReported: Set<string>;
	/** When the first callback that ends it arrived. */
	endedBy: number | null;
}

class World {
	readonly clock = new VirtualClock();
	readonly shared = new SharedStore();
	readonly known: Known[] = ATTEMPTS.map(() => ({
		begun: false,
		waiting: false,
		refused: false,
		sid: null,
		conflict: false,
		endReported: new Set(),
		endedBy: null,
	}));
	/** SIDs that have ended at Exotel. */
	readonly ended = new Set<string>();
	pollMode: PollMode = 'works';
	storeFailed = false;
	restarted = false;
	/** What processes that are gone had announced. */
	readonly past: Stage['announced'] = [];
	now: Stage;

	constructor(readonly usesStore: boolean) {
		this.now = this.#process();
	}

	get announced(): Stage['announced'] {
		return [...this.past, ...this.now.announced];
	}

	#process(): Stage {
		const made = stage({
			clock: this.clock,
			shared: this.usesStore ? this.shared : null,
			maxBytes: MAX_BYTES,
			poll: (sid) => this.#poll(sid),
			pollAfterMs: (count) => Math.min(4_000 * 1.5 ** count, HOUR / 2),
		});
		void made.tracker.start();
		return made;
	}

	async #poll(sid: string): Promise<CallEvent | null> {
		const mode = this.pollMode;
		if (mode === 'hangs') return new Promise(() => undefined);
		if (mode === 'slow') await this.clock.sleep(12_000);
		if (mode === 'fails') throw new ExotelError('exotel', 'Exotel is down.');
		return this.ended.has(sid) ? polledEnd(sid) : null;
	}

	async do(step: Action): Promise<void> {
		if (step.do === 'wait') await this.clock.advance(step.ms);
		else if (step.do === 'poll') this.pollMode = step.mode;
		else if (step.do === 'store') this.#breakStore(step.mode);
		else if (step.do === 'restart') await this.#restart();
		else if (step.do === 'foreign') this.#foreign(step);
		else if (step.do === 'callback') this.#callback(step);
		else this.#request(step);
	}

	#breakStore(mode: SharedStore['mode']): void {
		this.shared.mode = mode;
		if (mode !== 'works') this.storeFailed = true;
	}

	async #restart(): Promise<void> {
		if (!this.usesStore) return;
		// What was delivered has been worked on; a crash in the middle of a write is the store's to survive.
		await this.clock.advance(1_000);
		this.past.push(...this.now.announced);
		this.now.tracker.stop();
		for (const known of this.known) known.waiting = false;
		this.restarted = true;
		this.now = this.#process();
		await this.clock.advance(0);
	}

	#request(step: Exclude<Action, { do: 'wait' | 'poll' | 'store' | 'restart' | 'foreign' | 'callback' }>): void {
		const known = this.known[step.attempt];
		const { tracker } = this.now;
		assert.ok(known !== undefined);
		const start = { attemptId: `a${step.attempt}`, api: 'v1', context: { attempt: step.attempt } } as const;
		if (step.do === 'end') this.ended.add(`s${step.attempt}`);
		if (step.do === 'begin' && !known.begun) {
			known.begun = known.waiting = true;
			void tracker.begin(start);
		}
		if (step.do === 'begin' || step.do === 'end' || !known.waiting) return;
		known.waiting = false;
		if (step.do === 'no-response') void tracker.unknown(start, 'timeout');
		if (step.do === 'refuse') {
			known.refused = true;
			void tracker.refused(start.attemptId);
		}
		if (step.do !== 'respond') return;
		const sid = step.otherSid ? `w${step.attempt}` : `s${step.attempt}`;
		if (known.sid !== null && known.sid !== sid) known.conflict = true;
		else known.sid = sid;
		void tracker.placed(start.attemptId, placedCall(sid), 'response');
	}

	#callback(step: Extract<Action, { do: 'callback' }>): void {
		const sid = step.otherSid ? `w${step.attempt}` : `s${step.attempt}`;
		const known = this.known[step.attempt];
		assert.ok(known !== undefined);
		if (!known.begun) return;
		if (step.type === 'terminal' && step.named) this.ended.add(sid);
		for (let n = 0; n < step.times; n += 1) {
			if (step.named) this.#named(known, sid, step.type);
			void this.now.tracker.received(eventOf(sid, step.type), step.named ? `a${step.attempt}` : null);
		}
	}

	#foreign(step: Extract<Action, { do: 'foreign' }>): void {
		const known = this.known[step.attempt];
		assert.ok(known !== undefined);
		if (step.named && !known.begun) return;
		const sid = `f${step.attempt}`;
		if (step.named) this.#named(known, sid, step.type);
		void this.now.tracker.received(eventOf(sid, step.type), step.named ? `a${step.attempt}` : null);
	}

	/** A callback names an attempt: it settles it when its SID is the known one, or none is known. */
	#named(known: Known, sid: string, kind: CallStep['type']): void {
		if (known.conflict) return;
		known.sid ??= sid;
		if (known.sid !== sid || kind !== 'terminal') return;
		known.endReported.add(sid);
		known.endedBy ??= this.clock.now();
	}

	/** Everything works, every call ends (or none ever does), and more time passes than the longest call. */
	async finish(callsEnd: boolean): Promise<void> {
		this.shared.mode = 'works';
		this.pollMode = 'works';
		await this.clock.advance(60_000);
		for (const known of this.known) if (known.sid !== null && callsEnd) this.ended.add(known.sid);
		await this.clock.advance(5.6 * HOUR);
	}

	stop(): void {
		this.now.tracker.stop();
	}
}

/** What holds for one attempt, always. */
function checkAttempt(world: World, index: Attempt, finished: boolean): void {
	const known = world.known[index];
	assert.ok(known !== undefined);
	const mine = world.announced.filter(({ attemptId }) => attemptId === `a${index}`);
	const counts = { placed: 0, progress: 0, ended: 0, unknown: 0 };
	for (const announcement of mine) {
		assert.equal(counts.ended, 0, 'nothing comes after the end');
		if (counts.unknown > 0) assert.notEqual(announcement.type, 'unknown', 'unknown is said once');
		counts[announcement.type] += 1;
		if (announcement.type === 'unknown' && announcement.reason === 'conflicting-call-sids')
			assert.ok(known.conflict);
		if (announcement.type !== 'ended' && announcement.type !== 'progress') continue;
		const { sid } = announcement.event.call;
		assert.ok(known.conflict || sid === known.sid, 'only the SID that is ours says something about our call');
		if (!known.refused) assert.ok(counts.placed + counts.unknown > 0, 'placed comes first');
		if (announcement.type === 'progress') continue;
		const cause = announcement.event.source === 'sweep' ? world.ended : known.endReported;
		assert.ok(cause.has(sid), 'an end has a callback that names the attempt, or Exotel’s own word, behind it');
	}
	assert.ok(counts.placed <= 1, 'placed is said once');
	const last = mine.at(-1);
	if (known.endedBy !== null && !known.conflict) {
		assert.ok(last?.type === 'ended', 'a callback that settles the attempt ends it');
		assert.ok(last.time <= known.endedBy + 1_000, 'within a second of its arrival');
	}
	// A refused attempt is forgotten; callbacks that name it are passed on, and nobody polls for it.
	if (!finished || !known.begun || known.refused) return;
	if (known.waiting && known.sid === null) return;
	// A call that was unknown, showed progress and has no end to be found stays unknown: that is said once.
	assert.ok(counts.ended + counts.unknown > 0, `no end: ${JSON.stringify([known, mine])}`);
	const answered = known.sid !== null && !known.conflict;
	if (answered && world.ended.has(known.sid ?? ''))
		assert.equal(last?.type, 'ended', 'an end that Exotel knows is found');
}

/** What holds for calls of others, polls and memory. */
function checkRest(world: World): void {
	const others = world.announced.filter(({ attemptId }) => attemptId === null);
	const ids = others.map((announcement) => ('event' in announcement ? announcement.event.id : 'no event'));
	assert.equal(new Set(ids).size, ids.length, 'events of other calls come once');
	const polledAt = new Map<string, number>();
	for (const { sid, time } of world.now.polls) {
		assert.ok(time - (polledAt.get(sid) ?? -Infinity) >= 4_000, 'no poll storm');
		polledAt.set(sid, time);
	}
	assert.ok(world.now.memory.bytes <= MAX_BYTES, 'the memory bound holds');
	assert.deepEqual(
		world.now.warnings.filter(({ code }) => code === 'fault' || code === 'poll-failed'),
		[],
	);
}

describe('the call tracker, whatever happens', function () {
	this.timeout(600_000);
	const numRuns = process.env['MUTATION'] === undefined ? Math.max(propertyRuns, 10_000) : propertyRuns;
	const limit = process.env['NIGHTLY'] === undefined ? { interruptAfterTimeLimit: 18_000 } : {};

	it('keeps its promises', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.boolean(),
				fc.boolean(),
				fc.array(action, { maxLength: 40 }),
				async (usesStore, callsEnd, actions) => {
					const world = new World(usesStore);
					for (const step of actions) await world.do(step);
					await world.clock.advance(1_000);
					// A store that failed before a restart has lost what only it could have kept.
					const intact = !(world.storeFailed && world.restarted);
					if (intact) for (const index of ATTEMPTS) checkAttempt(world, index, false);
					await world.finish(callsEnd);
					if (intact) for (const index of ATTEMPTS) checkAttempt(world, index, true);
					if (intact) checkRest(world);
					world.stop();
				},
			),
			{ numRuns, ...limit },
		);
	});
});

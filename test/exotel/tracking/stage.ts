/** A tracker under a virtual clock, with a store and an Exotel that the test directs. */
import { emptyCall, type CallStep } from '../../../exotel/call/call';
import {
	CallTracker,
	MemoryStore,
	TrackerStore,
	type Announcement,
	type Call,
	type CallEvent,
	type CallStore,
	type Clock,
	type StoredRecord,
	type TrackerHost,
	type TrackerWarning,
} from '../../../exotel/index';

/** An event of a call, as a callback brings it; the end is `answered`. */
export function eventOf(sid: string, type: CallStep['type'], more: Partial<CallStep> = {}): CallStep {
	const call: Call = { ...emptyCall(sid, 'v1'), to: type === 'terminal' ? null : '+919812345678' };
	if (type === 'terminal')
		Object.assign(call, { state: 'ended', status: 'completed', outcome: 'answered', talkSeconds: 5 });
	const id = `${sid}:call:${type}${type === 'terminal' ? '' : ':from'}`;
	const party = type === 'terminal' ? null : 'from';
	return { id, type, party, at: '2026-11-21T10:00:00Z', source: 'v1-callback', call, raw: { sid, type }, ...more };
}

/** The end of a call as a poll finds it. */
export function polledEnd(sid: string): CallEvent {
	return eventOf(sid, 'terminal', { source: 'sweep' });
}

/** A call as the make-call response shows it. */
export function placedCall(sid: string): Call {
	return { ...emptyCall(sid, 'v1'), from: '+919812345600', customField: 'order 1' };
}

/** A host's store that outlives a tracker, and can fail or hang. */
export class SharedStore implements CallStore {
	readonly values = new Map<string, string>();
	mode: 'works' | 'fails' | 'hangs' = 'works';

	get(key: string): Promise<unknown> {
		return this.#do(() => JSON.parse(this.values.get(key) ?? 'null') as unknown);
	}
	set(key: string, record: StoredRecord): Promise<void> {
		return this.#do(() => void this.values.set(key, JSON.stringify(record)));
	}
	delete(key: string): Promise<void> {
		return this.#do(() => void this.values.delete(key));
	}
	entries(expiredBy: number): Promise<[string, unknown][]> {
		return this.#do(() => {
			for (const [key, text] of this.values)
				if ((JSON.parse(text) as StoredRecord).expiresAt <= expiredBy) this.values.delete(key);
			return [...this.values].map(([key, text]) => [key, JSON.parse(text) as unknown]);
		});
	}
	#do<Value>(work: () => Value): Promise<Value> {
		if (this.mode === 'hangs') return new Promise(() => undefined);
		if (this.mode === 'fails') return Promise.reject(new Error('the store is down'));
		return Promise.resolve(work());
	}
}

/** What one tracker has announced, with the time of each announcement. */
export interface Stage {
	tracker: CallTracker<string>;
	host: TrackerHost<string>;
	memory: MemoryStore;
	announced: (Announcement<string> & { time: number })[];
	warnings: TrackerWarning[];
	polls: { sid: string; time: number }[];
}

/** Options of a stage. */
export interface StageOptions {
	clock: Clock;
	shared?: CallStore | null;
	maxBytes?: number;
	poll?: TrackerHost<string>['poll'];
	pollAfterMs?: (pollCount: number) => number;
	confirmsEnds?: boolean;
	random?: () => number;
	/** False: what is announced waits in this process, as during a deploy. */
	sends?: boolean;
}

/** A tracker that has not been started. */
export function stage({
	clock,
	shared = null,
	maxBytes,
	sends = true,
	confirmsEnds = false,
	...rules
}: StageOptions): Stage {
	const { poll, pollAfterMs, random } = rules;
	const announced: Stage['announced'] = [];
	const warnings: TrackerWarning[] = [];
	const polls: Stage['polls'] = [];
	const onDropped = (count: number): void => void warnings.push({ code: 'store-full', count });
	const onFailed = (reason: unknown): void => void warnings.push({ code: 'store-failed', reason });
	const memory = new MemoryStore({ clock, onDropped, ...(maxBytes === undefined ? {} : { maxBytes }) });
	const host: TrackerHost<string> = {
		clock,
		random: random ?? (() => 0.5),
		poll(sid, api, signal) {
			polls.push({ sid, time: clock.now() });
			return poll === undefined ? Promise.resolve(null) : poll(sid, api, signal);
		},
		confirmsEnds: () => confirmsEnds,
		pollAfterMs: pollAfterMs ?? (() => 60_000),
		emit(announcement, sent) {
			announced.push({ ...announcement, time: clock.now() });
			if (sends) sent();
		},
		warn: (warning) => void warnings.push(warning),
	};
	const tracker = new CallTracker<string>(host, new TrackerStore({ clock, memory, shared, onFailed }));
	return { tracker, host, memory, announced, warnings, polls };
}

/** The types of what was announced, in order. */
export function typesOf({ announced }: Pick<Stage, 'announced'>): string[] {
	return announced.map(({ type }) => type);
}

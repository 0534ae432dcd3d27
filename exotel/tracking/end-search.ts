/** The search for ends that no callback reported, of one tracker; how far it has come is kept over restarts. */
import type { CallEvent } from '../call/call';
import type { Clock } from '../http/transport';
import { afterReading, endSearchState, newEnds, nextWindow, type EndSearchState } from './ended-calls';
import { MISSED_END_GRACE_MS, readWindow, type EndList } from './missed-ends';
import { SEARCH_KEPT_MS, SEARCH_KEY } from './records';
import type { TrackerStore } from './store';

/** The search of one tracker. */
export class EndSearch {
	readonly #store: TrackerStore;
	readonly #clock: Pick<Clock, 'now'>;

	constructor(store: TrackerStore, clock: Pick<Clock, 'now'>) {
		this.#store = store;
		this.#clock = clock;
	}

	/** How far the search has come; tracking begins with the first one. Never rejects. */
	async start(): Promise<EndSearchState> {
		const kept = await this.#store.get(SEARCH_KEY);
		const state = endSearchState(kept, this.#clock.now());
		if (kept?.kind !== 'search') await this.#keep(state, 1);
		return state;
	}

	/** A search came as far as `state`. Never rejects. */
	async done(state: EndSearchState): Promise<void> {
		const kept = await this.#store.get(SEARCH_KEY);
		// The store could not be read when the search began: it left out what the store would have asked for.
		if (kept?.kind === 'search' && state.since > kept.since) return;
		await this.#keep(state, (kept?.revision ?? 0) + 1);
	}

	/**
	 * Hands over every end that may have been missed, oldest call first; ends that callbacks reported are among them
	 * once. After an error the next search goes on behind the calls that were read.
	 * @throws ExotelError when the calls cannot be listed.
	 */
	async run(list: EndList, found: (event: CallEvent) => Promise<unknown>): Promise<void> {
		const now = this.#clock.now();
		const rule = { now, graceMs: MISSED_END_GRACE_MS, timeZone: list.account.timeZone };
		let state = await this.start();
		for (;;) {
			const window = nextWindow(state, now);
			const read = await readWindow(list, window, async (calls) => {
				for (const event of newEnds(state, calls, rule)) await found(event);
			});
			state = afterReading(state, window, read);
			await this.done(state);
			if (read.failure !== null) throw read.failure;
			// What was left of an earlier search comes first.
			if (window.to >= now) return;
		}
	}

	/** No search is made any more: nothing is kept for it, and a later one begins anew. */
	async forget(): Promise<void> {
		await this.#store.delete(SEARCH_KEY);
	}

	#keep(state: EndSearchState, revision: number): Promise<void> {
		const expiresAt = this.#clock.now() + SEARCH_KEPT_MS;
		return this.#store.set(SEARCH_KEY, { ...state, kind: 'search', expiresAt, revision });
	}
}

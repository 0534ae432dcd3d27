/** Until when ends that no callback reported were searched for, kept over restarts. */
import type { Clock } from '../http/transport';
import type { SearchStart } from './missed-ends';
import { FIRST_START_KEPT_MS, FIRST_START_KEY } from './records';
import type { TrackerStore } from './store';

/** The state of the search of one tracker. No method rejects. */
export class SearchState {
	readonly #store: TrackerStore;
	readonly #clock: Pick<Clock, 'now'>;

	constructor(store: TrackerStore, clock: Pick<Clock, 'now'>) {
		this.#store = store;
		this.#clock = clock;
	}

	/** Where the next search begins; tracking begins with the first one. */
	async start(): Promise<SearchStart> {
		const kept = await this.#store.get(FIRST_START_KEY);
		if (kept?.kind === 'first-start') return { since: kept.startedAt, searchedUntil: kept.searchedUntil };
		const now = this.#clock.now();
		await this.#keep({ since: now, searchedUntil: now }, 1);
		return { since: now, searchedUntil: now };
	}

	/** A search from `from` on read every call until this moment, ms since 1970. */
	async done(searchedUntil: number, from: SearchStart): Promise<void> {
		const kept = await this.#store.get(FIRST_START_KEY);
		const since = kept?.kind === 'first-start' ? kept.startedAt : this.#clock.now();
		// The store could not be read when the search began: it left out what the store would have asked for.
		if (from.since > since) return;
		await this.#keep({ since, searchedUntil }, (kept?.revision ?? 0) + 1);
	}

	/** No search is made any more: nothing is kept for it, and a later one begins anew. */
	async forget(): Promise<void> {
		if ((await this.#store.get(FIRST_START_KEY)) !== null) await this.#store.delete(FIRST_START_KEY);
	}

	#keep({ since: startedAt, searchedUntil }: SearchStart, revision: number): Promise<void> {
		const expiresAt = this.#clock.now() + FIRST_START_KEPT_MS;
		return this.#store.set(FIRST_START_KEY, { kind: 'first-start', startedAt, searchedUntil, expiresAt, revision });
	}
}

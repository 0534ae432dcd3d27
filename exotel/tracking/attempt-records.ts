/** The records of attempts in the store of a tracker. */
import type { AttemptRecord } from './records';
import type { TrackerStore } from './store';

/** Reads and writes them; each write makes the record newer than its copies. Never rejects. */
export class AttemptRecords {
	readonly #store: TrackerStore;

	constructor(store: TrackerStore) {
		this.#store = store;
	}

	async get(key: string): Promise<AttemptRecord | null> {
		const record = await this.#store.get(key);
		return record?.kind === 'attempt' ? record : null;
	}

	set(key: string, record: AttemptRecord): Promise<void> {
		return this.#store.set(key, { ...record, revision: record.revision + 1 });
	}
}

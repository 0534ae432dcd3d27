/** What the tracker asks of a store. */
import type { StoredRecord } from './records';

/** A small key-value store. The host's may reject; `entries` may drop what expired by `expiredBy`, ms since 1970. */
export interface CallStore {
	get(key: string): Promise<unknown>;
	set(key: string, record: StoredRecord): Promise<void>;
	delete(key: string): Promise<void>;
	entries(expiredBy: number): Promise<[string, unknown][]>;
}

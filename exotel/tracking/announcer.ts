/**
 * Announces to the host. The end of a call stays in the call's record until its message has been sent: a process that
 * is killed before announces it after its next start. Sending and writing are no transaction, so an end may come twice
 * after a kill, but is never lost.
 */
import type { Announcement, EndAnnouncement, TrackerHost } from './announcements';
import type { KeyedQueue } from './keyed-queue';
import type { StoredRecord } from './records';
import type { TrackerStore } from './store';

/** The announcements of one tracker. */
export class Announcer<Details> {
	readonly #host: Pick<TrackerHost<Details>, 'emit' | 'warn'>;
	readonly #store: TrackerStore;
	readonly #queue: KeyedQueue;
	/** The last end of each record that is being sent. */
	readonly #sending = new Map<string, Announcement<Details>>();

	constructor(host: Pick<TrackerHost<Details>, 'emit' | 'warn'>, store: TrackerStore, queue: KeyedQueue) {
		this.#host = host;
		this.#store = store;
		this.#queue = queue;
	}

	/** The record to write before these announcements are made: with the end among them. Memory needs no such note. */
	noted<Kept extends StoredRecord>(record: Kept, announcements: readonly Announcement<Details>[]): Kept {
		const unsent = announcements.flatMap((one) => endOf(one) ?? []).at(-1);
		return unsent !== undefined && this.#store.isShared ? { ...record, unsent } : record;
	}

	/** Announces something about the call of a record. Never throws. */
	announce(key: string, announcement: Announcement<Details>): void {
		if (this.#store.isShared && endOf(announcement) !== null) this.#sending.set(key, announcement);
		try {
			this.#host.emit(announcement, () => void this.#sent(key, announcement));
		} catch (reason) {
			this.#fault(reason);
		}
	}

	/** Announces what a process before noted and did not send. */
	announceUnsent(kept: readonly [string, StoredRecord][]): void {
		for (const [key, { unsent }] of kept) {
			if (unsent !== undefined) void this.#withUnsent(key, ({ unsent: end }) => this.announce(key, end));
		}
	}

	async #sent(key: string, announcement: Announcement<Details>): Promise<void> {
		if (this.#sending.get(key) !== announcement) return;
		this.#sending.delete(key);
		await this.#withUnsent(key, (record) => {
			const kept: StoredRecord = { ...record, revision: record.revision + 1 };
			delete kept.unsent;
			return this.#store.set(key, kept);
		});
	}

	/** Does something for a record that has an end to be sent and whose end is not being sent. Never rejects. */
	async #withUnsent(
		key: string,
		work: (record: StoredRecord & { unsent: EndAnnouncement }) => Promise<void> | void,
	): Promise<void> {
		try {
			await this.#queue.run(key, async () => {
				const record = await this.#store.get(key);
				const unsent = record?.unsent;
				if (record !== null && unsent !== undefined && !this.#sending.has(key))
					await work({ ...record, unsent });
			});
		} catch (reason) {
			this.#fault(reason);
		}
	}

	#fault(reason: unknown): void {
		this.#host.warn({ code: 'fault', reason });
	}
}

/** What is kept of an announcement; null unless it tells the end. The message that placed the call cannot be kept. */
function endOf<Details>(announcement: Announcement<Details>): EndAnnouncement | null {
	if (announcement.type === 'unknown') return { ...announcement, details: null };
	return announcement.type === 'ended' ? announcement : null;
}

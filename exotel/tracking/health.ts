/** How the tracking of one node's calls is doing, for whoever watches over it. */
import type { Announcement } from './announcements';
import type { TrackerStore } from './store';

/** Counts since the process started; calls as the store has them now. Times are ISO 8601 with offset. */
export interface TrackingHealth {
	/** Calls that are being placed or were placed, and have not ended. */
	openCalls: number;
	/** Calls whose outcome was announced as unknown and is not known yet. */
	unknownCalls: number;
	/** When the request of the oldest of these was sent; null when there is none. */
	oldestUnknownAt: string | null;
	/** When a callback last told something new; null when none has. */
	lastCallbackAt: string | null;
	/** Ends that a callback told. */
	endsByCallback: number;
	/** Ends whose callback was missed, and which a poll or a search found. */
	endsFound: number;
	/** Ends that neither a callback told nor a poll found. */
	endsMissed: number;
}

/** Counts what is learnt about the ends of calls. Times in ms since 1970. */
export class EndCounts {
	#lastCallbackAt: number | null = null;
	#byCallback = 0;
	#found = 0;
	#missed = 0;

	/** A callback told something new. */
	callback(now: number): void {
		this.#lastCallbackAt = now;
	}

	/** A call has ended: a callback told it, a poll or a search found it, or neither ever did. */
	ended(learntFrom: 'callback' | 'exotel' | 'nobody'): void {
		if (learntFrom === 'callback') this.#byCallback += 1;
		else if (learntFrom === 'exotel') this.#found += 1;
		else this.#missed += 1;
	}

	/** The health, with the calls that are open and since when outcomes are unknown. */
	health(openCalls: number, unknownSince: readonly number[]): TrackingHealth {
		const oldest = unknownSince.reduce((one, other) => Math.min(one, other), Infinity);
		return {
			openCalls,
			unknownCalls: unknownSince.length,
			oldestUnknownAt: unknownSince.length === 0 ? null : new Date(oldest).toISOString(),
			lastCallbackAt: this.#lastCallbackAt === null ? null : new Date(this.#lastCallbackAt).toISOString(),
			endsByCallback: this.#byCallback,
			endsFound: this.#found,
			endsMissed: this.#missed,
		};
	}
}

/** Watches what a tracker announces. */
export class HealthMonitor {
	readonly #counts = new EndCounts();

	/** Notes an announcement made at `now`, ms since 1970. */
	announced(announcement: Announcement<unknown>, now: number): void {
		const { type } = announcement;
		if (type === 'unknown') {
			if (announcement.reason === 'no-end-found') this.#counts.ended('nobody');
			return;
		}
		if (type === 'placed' && announcement.learntFrom === 'response') return;
		const isFound = announcement.event.source === 'sweep';
		if (!isFound) this.#counts.callback(now);
		if (type === 'ended') this.#counts.ended(isFound ? 'exotel' : 'callback');
	}

	/** The health of the calls in a store. Never rejects. */
	async read(store: Pick<TrackerStore, 'entries'>): Promise<TrackingHealth> {
		let openCalls = 0;
		const unknownSince: number[] = [];
		for (const [, record] of await store.entries()) {
			if (record.kind !== 'attempt') continue;
			if (record.phase === 'unknown') unknownSince.push(record.requestedAt);
			else if (record.phase !== 'ended') openCalls += 1;
		}
		return this.#counts.health(openCalls, unknownSince);
	}
}

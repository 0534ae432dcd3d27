/**
 * What this process knows of the waits of an account. n8n lets a node see neither other executions nor other processes:
 * a wait is known once it began or was woken here, and the figures begin anew when n8n starts.
 */

import { accountId, EndCounts, keepForAccount, keepNewest } from '../../../exotel';
import type { Account, TrackingHealth } from '../../../exotel';
import type { StoredWait } from './waitSteps';

/** n8n wakes a node up to a minute late. */
const lateMs = 120_000;

/** Fewer waits are not worth looking through. */
const FIRST_TIDY_AT = 1_000;

/** Attempts without a response whose SID is remembered. */
const MOST_NAMED = 1_000;

/** The waits of one account. Times in milliseconds since 1970. */
export class AccountWaits {
	readonly counts = new EndCounts();
	readonly #open = new Map<string, { isPlaced: boolean; wait: StoredWait }>();
	/** Attempt without a response → the SID that a callback named. */
	readonly #named = new Map<string, string>();
	/** At this many waits those are looked for whose end reached another process. */
	#tidyAt = FIRST_TIDY_AT;

	/** How many waits are remembered. */
	get size(): number {
		return this.#open.size;
	}

	/** A wait begins, or goes on; without a response it is not known whether its call was placed. */
	waits(wait: StoredWait, isPlaced: boolean): void {
		this.#open.set(wait.attemptId, { isPlaced, wait });
		if (this.#open.size < this.#tidyAt) return;
		this.#forgetExpired(Date.now());
		this.#tidyAt = Math.max(FIRST_TIDY_AT, 2 * this.#open.size);
	}

	/** A callback of this attempt, whose response never came, named its call. */
	names(attemptId: string, sid: string): void {
		keepNewest(this.#named, attemptId, sid, MOST_NAMED);
	}

	/** The SID that a callback of this attempt named. */
	sidOf(attemptId: string): string | undefined {
		return this.#named.get(attemptId);
	}

	/** The wait is over. */
	ended(attemptId: string, learntFrom: Parameters<EndCounts['ended']>[0]): void {
		this.#open.delete(attemptId);
		this.#named.delete(attemptId);
		this.counts.ended(learntFrom);
	}

	/** What is known. A wait whose execution the user stopped is open until its time is over. */
	health(now: number): TrackingHealth {
		this.#forgetExpired(now);
		const open = [...this.#open.values()];
		const unknown = open.filter(({ isPlaced }) => !isPlaced);
		return this.counts.health(
			open.length - unknown.length,
			unknown.map(({ wait }) => wait.startedAt),
		);
	}

	#forgetExpired(now: number): void {
		for (const [attemptId, { wait }] of this.#open) {
			if (wait.deadline + lateMs < now) this.#open.delete(attemptId);
		}
	}
}

const accounts = new Map<string, AccountWaits>();

/** The waits of an account in this process. */
export function waitsOf(account: Account): AccountWaits {
	const key = accountId(account);
	const known = accounts.get(key);
	if (known !== undefined) return known;
	const waits = new AccountWaits();
	keepForAccount(accounts, key, waits);
	return waits;
}

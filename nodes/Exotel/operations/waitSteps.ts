/**
 * A wait in steps: n8n wakes a waiting node by time and, with the date below, runs its code again instead of only
 * passing its item on. That rests on an undocumented effect of n8n (tried on 2.41): the date is stored as the time to
 * wake at, but not in the run's data, whose date makes n8n skip the node. Where that has no effect, n8n passes the item
 * on at the time of the first step. Until a step has worked in this process, therefore, only some waits at a time try
 * it early; the others have their first step when nearly every call has been reported (decision 043).
 */

import type { IExecuteFunctions, ITaskMetadata } from 'n8n-workflow';

import { asObject } from '../../host/parameters';

/** What is stored with the execution while it waits; no item can forge it. */
export interface StoredWait {
	/** Milliseconds since 1970: when the wait began, right after the request; when it was first read, if not stored. */
	startedAt: number;
	/** Milliseconds since 1970: when the wait is over. */
	deadline: number;
	/** Times this wait was woken by time. */
	step: number;
	attemptId: string;
}

/** n8n looks for waits every minute and 70 s ahead: a shorter step comes up to a minute late, a longer one in time. */
const firstStepMs = 75_000;
const longestStepMs = 15 * 60_000;
/** How many waits may try at a time whether steps work: as many calls at most are given up early where they do not. */
const maxTrials = 20;
/** A trial that was neither woken nor ended by a callback here is forgotten after this time. */
const trialMs = 3_600_000;

/** When waits of this process are woken. All times in milliseconds since 1970. */
export class WakingTimes {
	#stepsWork = false;
	/** Attempt → when its wait began to try. */
	readonly #trials = new Map<string, number>();

	/** The time of the next step; a late one while as many waits as may try whether steps work. */
	next(wait: Omit<StoredWait, 'startedAt'>, now: number): number {
		if (!this.#stepsWork) {
			for (const [attemptId, startedAt] of this.#trials) {
				if (now - startedAt >= trialMs) this.#trials.delete(attemptId);
			}
			if (this.#trials.size >= maxTrials) return Math.min(now + longestStepMs, wait.deadline);
			this.#trials.set(wait.attemptId, now);
		}
		return Math.min(now + Math.min(firstStepMs * 2 ** wait.step, longestStepMs), wait.deadline);
	}

	/** A wait was woken by time. */
	hasWoken(): void {
		this.#stepsWork = true;
		this.#trials.clear();
	}

	/** A callback ended this wait: it proved nothing, and another wait may try. */
	hasEnded(attemptId: string): void {
		this.#trials.delete(attemptId);
	}
}

const wakingTimes = new WakingTimes();

/** A time at which the node runs again: n8n writes nothing for it where it stores the run's data. */
function stepDate(milliseconds: number): Date {
	return Object.assign(new Date(milliseconds), { toJSON: () => null });
}

function metadataOf(functions: IExecuteFunctions): unknown {
	return asObject(functions.getExecuteData().metadata).exotelWait;
}

/** True when this run of the node goes on with a wait, whether or not that can be read: no call may be placed. */
export function hasStoredWait(functions: IExecuteFunctions): boolean {
	return metadataOf(functions) !== undefined;
}

/** The wait this run of the node goes on with; null when what is stored cannot be read. */
export function storedWait(functions: IExecuteFunctions): StoredWait | null {
	wakingTimes.hasWoken();
	const { startedAt, deadline, step, attemptId } = asObject(metadataOf(functions));
	if (typeof deadline !== 'number' || typeof step !== 'number' || typeof attemptId !== 'string') return null;
	// Earlier versions did not store when a wait began.
	const began = typeof startedAt === 'number' ? startedAt : Date.now();
	return { startedAt: began, deadline, step, attemptId };
}

/** Parks the execution until the next step. */
export async function waitForNextStep(functions: IExecuteFunctions, wait: StoredWait): Promise<void> {
	const metadata: ITaskMetadata & { exotelWait: StoredWait } = { exotelWait: wait };
	functions.setMetadata(metadata);
	const till = wakingTimes.next(wait, Date.now());
	await functions.putExecutionToWait(stepDate(till));
}

/** A callback ended the wait for this attempt. */
export function waitHasEnded(attemptId: string): void {
	wakingTimes.hasEnded(attemptId);
}

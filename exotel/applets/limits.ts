/**
 * The ranges Exotel states for the answer to a Connect request (seeds 002, 003; facts 7.2, 7.5). The JSON Schemas
 * of the answers and the forms of both hosts use the same figures; a test compares them.
 */

/** A range, both ends allowed, and what Exotel assumes when the field is left out. */
export interface Limit {
	min: number;
	max: number;
	default: number;
}

/** Limits of a Connect answer; times in seconds. */
export const connectLimits = {
	/** How long one destination rings. */
	ringTimeSeconds: { min: 1, max: 60, default: 30 },
	/** How long the two may talk. */
	conversationTimeSeconds: { min: 1, max: 4500, default: 900 },
	/** How many destinations ring at once. */
	parallelAttempts: { min: 1, max: 10, default: 5 },
} as const satisfies Record<string, Limit>;

/** Keys that a new form of a Gather waits for: a menu, the usual case. Exotel itself would wait for 255. */
export const menuDigits = 1;

/** How long a flow may take to answer, seconds: Exotel waits 5 s (seed 002), and the answer has to travel as well. */
export const appletTimeoutSeconds = { min: 0.2, max: 4.8, default: 4 } as const satisfies Limit;

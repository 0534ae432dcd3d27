/** Numbers that a person sets in a form: the form checks by these, and the node keeps to them. */
export const ranges = {
	/** Requests of an account; 200 is the limit of Exotel. */
	requestsPerMinute: { fallback: 200, min: 1, max: 6000 },
	/**
	 * Without a callback for this many minutes Exotel is polled; each further poll waits half as long again, up to 30
	 * minutes.
	 */
	patienceMinutes: { fallback: 5, min: 0.01, max: 30 },
	/** How long *get recording* waits until there is a recording. */
	waitSeconds: { fallback: 600, min: 0, max: 3600 },
	/** How often *call events* searches for missed ends; 0 is never. */
	sweepMinutes: { fallback: 0, min: 0, max: 1440 },
} as const;

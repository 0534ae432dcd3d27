/** Several reasons to stop one request. */

/** A signal that is aborted with the first of several. */
export interface JoinedSignal {
	signal: AbortSignal;
	/** Lets go of the others, once the request is over. */
	release(): void;
}

/**
 * Joins signals. `AbortSignal.any` leaves something behind on each of them in Node.js 20, request after request, and
 * that of a node lives as long as the node.
 */
export function joinSignals(...signals: readonly (AbortSignal | undefined)[]): JoinedSignal {
	const joined = new AbortController();
	const undo: (() => void)[] = [];
	for (const signal of signals) {
		if (signal === undefined) continue;
		const abort = (): void => joined.abort(signal.reason);
		if (signal.aborted) abort();
		else signal.addEventListener('abort', abort, { once: true });
		undo.push(() => signal.removeEventListener('abort', abort));
	}
	return { signal: joined.signal, release: () => undo.forEach((work) => work()) };
}

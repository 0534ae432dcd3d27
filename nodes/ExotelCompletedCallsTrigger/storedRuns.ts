/**
 * Whether n8n stored the run that a poll starts. n8n emits what a poll returns, unless the workflow was replaced or
 * unpublished meanwhile, and only logs that it could not store the run: it says so to who hands over a promise.
 */

import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

type Emitted = Parameters<IPollFunctions['__emit']>;
type Output = INodeExecutionData[][];

/** What to do when the run with this output does not come about. */
const undoings = new WeakMap<Output, () => void>();
const watched = new WeakSet<IPollFunctions>();

/**
 * Calls `undo` once when n8n fails to start the run of this output, which the poll has to return as it is. A run that
 * was started and then stopped or failed has come about.
 */
export function whenNotStored(functions: IPollFunctions, output: Output, undo: () => void): void {
	undoings.set(output, undo);
	if (watched.has(functions)) return;
	watched.add(functions);
	const emit = functions.__emit;
	functions.__emit = (...[data, response, done]: Emitted) => {
		const undoing = undoings.get(data);
		undoings.delete(data);
		if (undoing === undefined || done !== undefined) return emit.call(functions, data, response, done);
		const run = functions.helpers.createDeferredPromise<Awaited<NonNullable<Emitted[2]>['promise']>>();
		run.promise.catch((error: unknown) => {
			if (!hasBegun(error)) undoing();
		});
		let isHandedOver = false;
		try {
			emit.call(functions, data, response, run);
			isHandedOver = true;
		} finally {
			if (!isHandedOver) undoing();
		}
	};
}

/**
 * True for the errors of runs that were stored: they were stopped, or over before n8n looked for them. Such errors are
 * known by name only.
 */
function hasBegun(error: unknown): boolean {
	const name = error instanceof Error ? error.constructor.name : '';
	return name.endsWith('ExecutionCancelledError') || name === 'ExecutionNotFoundError';
}

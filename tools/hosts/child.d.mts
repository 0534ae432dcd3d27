import type { ChildProcess } from 'node:child_process';

/** Starts a Node program that `stopNode` can stop; its output is piped. */
export function startNode(
	args: string[],
	options?: { node?: string; cwd?: string; env?: NodeJS.ProcessEnv; detached?: boolean },
): ChildProcess;
/** Stops it as SIGTERM does; its exit code, null when it had to be ended at once. */
export function stopNode(child: ChildProcess): Promise<number | null>;

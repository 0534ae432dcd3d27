/**
 * Whether a node runs as a tool of an AI agent. Such a run cannot be continued by a callback, and what goes wrong has
 * to come out as data: an agent's model reads nothing of an error that is thrown.
 */

import type { IExecuteFunctions } from 'n8n-workflow';

/** Older n8n versions do not say what it is, and newer agents run a tool like any node; then it is false. */
export function isToolCall(functions: IExecuteFunctions): boolean {
	return typeof functions.isToolExecution === 'function' && functions.isToolExecution();
}

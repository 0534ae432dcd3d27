/** Workflows for the tests on a real n8n, built from few pieces: a start, items, our node, and what comes after it. */
import { randomUUID } from 'node:crypto';
import { EXO_PHONE } from './stage';

export interface CredentialReference {
	id: string;
	name: string;
}

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	webhookId?: string;
	credentials?: Record<string, CredentialReference>;
	[setting: string]: unknown;
}

export interface Workflow {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, { main: { node: string; type: 'main'; index: 0 }[][] }>;
	settings?: Record<string, unknown>;
}

export const PACKAGE = '@exonodes/n8n-nodes-exotel';

/** Any node; `more` holds settings beside the parameters, e.g. `retryOnFail`. */
export function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: Record<string, unknown> = {},
	more: Record<string, unknown> = {},
): WorkflowNode {
	return { id: randomUUID(), name, type, typeVersion, position: [0, 0], parameters, ...more };
}

/** One of ours. */
export function ours(
	name: string,
	type: string,
	parameters: Record<string, unknown>,
	credentials: Record<string, CredentialReference> = {},
	more: Record<string, unknown> = {},
): WorkflowNode {
	return node(name, `${PACKAGE}.${type}`, 1, parameters, { credentials, webhookId: randomUUID(), ...more });
}

/** The nodes one behind the other, output 0 to the next. */
export function line(name: string, nodes: WorkflowNode[]): Workflow {
	const connections: Workflow['connections'] = {};
	nodes.slice(0, -1).forEach((from, index) => {
		connections[from.name] = { main: [[{ node: nodes[index + 1]!.name, type: 'main', index: 0 }]] };
	});
	nodes.forEach((each, index) => (each.position = [index * 220, 0]));
	return { name, nodes, connections };
}

/** Adds a connection. */
export function join(workflow: Workflow, from: string, output: number, to: string): Workflow {
	const main = (workflow.connections[from] ??= { main: [] }).main;
	while (main.length <= output) main.push([]);
	main[output]!.push({ node: to, type: 'main', index: 0 });
	return workflow;
}

/** A start by POST whose body is `{ items: [...] }`; gives the path and the two nodes. */
export function start(): { path: string; nodes: WorkflowNode[] } {
	const path = randomUUID();
	return {
		path,
		nodes: [
			node(
				'Start',
				'n8n-nodes-base.webhook',
				2.1,
				{ httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
				{ webhookId: path },
			),
			node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'body.items', options: {} }),
		],
	};
}

/** The ExoPhone field filled in by hand. */
export const exoPhone = { __rl: true, mode: 'number', value: EXO_PHONE };

/** Two numbers; the last two digits of `to` decide what the simulator does. */
export const connectNumbers = (to: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
	resource: 'call',
	operation: 'connectNumbers',
	from: '+919812345678',
	to,
	exoPhone,
	...more,
});

/** Runs the Exotel node once on a real n8n and brings back what it gave out. */
import assert from 'node:assert/strict';
import type { Execution, Json, Stage, Stored } from './stage';
import { line, ours, start, type CredentialReference } from './workflows';

export interface Run {
	workflow: Stored;
	execution: Execution;
	/** What the node gave out. */
	items: Json[];
}

/**
 * Publishes a workflow around the node and starts it with `items`; comes back when the execution is in one of `states`.
 */
export async function runExotel(
	stage: Stage,
	parameters: Json,
	options: {
		items?: Json[];
		settings?: Json;
		states?: string[];
		seconds?: number;
		/** In place of the account. */
		credentials?: Record<string, CredentialReference>;
	} = {},
): Promise<Run> {
	const { path, nodes } = start();
	const credentials = options.credentials ?? { exotelVoiceApi: stage.account };
	const workflow = await stage.live(
		line('One run', [...nodes, ours('Exotel', 'exotel', parameters, credentials, options.settings)]),
	);
	await begin(stage, path, options.items);
	const execution = await stage.client.waitForExecution(workflow, options.states, { seconds: options.seconds ?? 60 });
	return { workflow, execution, items: outputOf(execution, 'Exotel') };
}

/** Starts a published workflow that begins with `start()`. */
export async function begin(stage: Stage, path: string, items: Json[] = [{}]): Promise<void> {
	const { status, text } = await stage.hit('POST', `/webhook/${path}`, {
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ items }),
	});
	assert.equal(status, 200, text);
}

/** The items a node gave out at its last run; empty when it gave out none. */
export function outputOf(execution: Execution, nodeName: string, output = 0): Json[] {
	return execution.runData[nodeName]?.at(-1)?.data?.main?.[output]?.map(({ json }) => json) ?? [];
}

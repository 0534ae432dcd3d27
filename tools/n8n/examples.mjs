/**
 * Puts an example workflow into an n8n with the credentials it needs, as a user does after "Import → From file".
 */
import fs from 'node:fs/promises';

/**
 * @param {import('./client.mjs').N8nClient} client
 * @param {string} file path of the example
 * @param {Record<string, { id: string, name: string }>} credentials by type
 * @param {(node: object) => void} [change] may change each node before it is stored
 * @returns {Promise<{ workflow: object, stored: { id: string, versionId: string } }>} with the addresses that n8n gave
 */
export async function importExample(client, file, credentials, change = () => {}) {
	const workflow = JSON.parse(await fs.readFile(file, 'utf8'));
	for (const node of workflow.nodes) {
		for (const type of Object.keys(node.credentials ?? {})) node.credentials[type] = credentials[type];
		change(node);
	}
	const stored = await client.createWorkflow(workflow);
	// n8n gives each node with a webhook an address of its own.
	return { workflow: { ...workflow, nodes: stored.nodes }, stored };
}

/** The production URL of the workflow's trigger whose path ends so. */
export function webhookOf(url, workflow, end) {
	const trigger = workflow.nodes.find(
		({ type, webhookId }) => webhookId !== undefined && /\.exotel\w*Trigger$/.test(type),
	);
	return `${url}/webhook/${trigger.webhookId}/${end}`;
}

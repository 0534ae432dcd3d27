/** What `npm start` draws at its first start: two examples of the package, with the account that they share. */
import fs from 'node:fs/promises';
import path from 'node:path';

/** The path of the example, and that of the flow made from it: two nodes cannot have one path. */
const EXAMPLE_PATH = 'who-to-ring';
const INBOUND_PATH = 'a-customer-rings';
/** Nodes of the example that draw a flow in the simulator and ring it: here the dial pad does that. */
const STAGING = new Set(['inject', 'function', 'http request']);

/**
 * The nodes of both examples, as the editor would deploy them.
 *
 * @param {{ examples: string, addresses: { simulator: string, nodeRed: string }, webhookToken: string }} options
 * @returns {Promise<{ nodes: object[], credentials: Record<string, Record<string, string>> }>}
 */
export async function firstFlows({ examples, addresses, webhookToken }) {
	const [call, applet] = await Promise.all(
		['1 First call.json', '2 Answer a caller.json'].map(async (name) =>
			JSON.parse(await fs.readFile(path.join(examples, '1 Start here', name), 'utf8')),
		),
	);
	const account = accountOf(call, addresses);
	// Ids of its own, so that the example can be imported as well.
	const inbound = JSON.parse(JSON.stringify(applet).replaceAll('"e8', '"f8').replaceAll(EXAMPLE_PATH, INBOUND_PATH))
		.filter(({ type }) => !STAGING.has(type))
		.map((node) => ({ ...node, ...inboundTexts(node) }));
	return {
		nodes: [account, ...call, ...inbound],
		credentials: { [account.id]: { apiKey: 'any-key', apiToken: 'any-token', webhookToken } },
	};
}

/** The account that the examples name: the ones imported later use it, too. */
function accountOf(nodes, { simulator, nodeRed }) {
	return {
		id: nodes.find((node) => 'account' in node).account,
		type: 'exotel-account',
		name: 'Simulator',
		configVersion: 1,
		region: 'custom',
		baseUrl: simulator,
		sid: 'acme1',
		publicUrl: nodeRed,
		timeZone: 'Asia/Kolkata',
		defaultCountry: 'IN',
		requestsPerMinute: '200',
		allowedAddresses: '',
		trustedProxies: '',
	};
}

/** Other words for the tab and for the note on what to click; the note on who is rung stays true. */
function inboundTexts({ type, info }) {
	if (type === 'tab')
		return {
			label: 'A customer rings',
			info: 'The simulator asks this flow which numbers to dial. Ring it from the dial pad on its page.',
		};
	if (type === 'comment' && info !== '')
		return { name: 'Ring this flow from the dial pad on the page of the simulator', info: '', x: 270 };
	return {};
}

/** The same flows, with the accounts on the simulator's and Node-RED's new addresses where a port has moved. */
export function movedFlows(nodes, before, now) {
	return nodes.map((node) => {
		if (node.type !== 'exotel-account') return node;
		return {
			...node,
			...(node.baseUrl === before.simulator && { baseUrl: now.simulator }),
			...(node.publicUrl === before.nodeRed && { publicUrl: now.nodeRed }),
		};
	});
}

/** The applet of the inbound flow, as the simulator is told: its address in Node-RED, with the token. */
export function inboundApplet(nodeRedUrl, webhookToken) {
	const query = new URLSearchParams({ token: webhookToken });
	return { type: 'connect', version: '1.0', url: `${nodeRedUrl}/exotel/${INBOUND_PATH}?${query}` };
}

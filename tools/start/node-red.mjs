/**
 * `npm start`: Exotel's simulator and a real Node-RED with the packed nodes and two example flows, nothing else to set
 * up. What is drawn is kept; `npm start -- --fresh` begins anew, `-- --demo` adds a week of calls. Ports: SIMULATOR_PORT
 * (4010), NODE_RED_PORT (1880), or the next free ones. Ctrl-C stops both.
 */
import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { deploy, installPacked, startNodeRed } from '../hosts/node-red.mjs';
import { simulatorWith } from './demo.mjs';
import { startFolder } from './folder.mjs';
import { keepInboundFlow } from './inbound-flow.mjs';
import { firstFlows, inboundApplet, movedFlows } from './node-red-flows.mjs';
import { startOptions } from './options.mjs';
import { portsFor } from './ports.mjs';
import { startStopping } from './stopping.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);
const { startSimulator } = require(path.join(root, 'simulator', 'dist', 'index.js'));

const stopping = startStopping();

/** Deploys the examples at the first start; later what is drawn stays, on the addresses of today. */
async function draw(nodeRed, kept, addresses, webhookToken) {
	if (kept === null) {
		const examples = path.join(root, 'node-red', 'examples');
		const { nodes, credentials } = await firstFlows({ examples, addresses, webhookToken });
		await deploy(nodeRed, nodes, { credentials });
		return;
	}
	const { simulator, nodeRed: before } = kept.addresses;
	if (simulator === addresses.simulator && before === addresses.nodeRed) return;
	const response = await fetch(`${nodeRed.url}/flows`);
	await deploy(nodeRed, movedFlows(await response.json(), kept.addresses, addresses));
}

await stopping.orReport('Node-RED', async () => {
	const { isFresh, isDemo } = startOptions(process.argv.slice(2));
	const { folder, kept, keep, leave } = await startFolder({ root, name: 'node-red', isFresh });
	stopping.add(leave);
	const ports = await portsFor(
		{ server: 'Node-RED', variable: 'NODE_RED_PORT', usual: 1880, key: 'nodeRed' },
		kept?.ports,
	);
	const simulator = await simulatorWith(startSimulator, {
		isDemo,
		port: ports.simulator,
		dataFile: path.join(folder, 'simulator.json'),
	});
	stopping.add(() => simulator.close());
	const userDir = path.join(folder, 'user');
	await installPacked(userDir);
	const nodeRed = await startNodeRed({
		userDir,
		port: ports.nodeRed,
		settings: 'editorTheme: { tours: false, palette: { editable: true } },',
	});
	stopping.add(() => nodeRed.stop());
	stopping.watch('Node-RED', nodeRed);

	const addresses = { simulator: simulator.url, nodeRed: nodeRed.url };
	const webhookToken = kept?.webhookToken ?? crypto.randomBytes(24).toString('base64url');
	await draw(nodeRed, kept, addresses, webhookToken);
	await keep({ addresses, webhookToken, ports });
	keepInboundFlow(simulator, {
		applets: [inboundApplet(nodeRed.url, webhookToken)],
		before: kept?.addresses.nodeRed,
		now: nodeRed.url,
	});

	console.log(`1. Open Node-RED:     ${nodeRed.url}/ and its debug sidebar (the bug icon).`);
	console.log('2. Click the button of the inject node "Ring a customer": the call is placed.');
	console.log('3. Watch the sidebar: placed, ringing and answered for each side, then ended.');
	console.log(`4. Watch the phones:  ${simulator.url}/_simulator/ – its dial pad rings the flow "A customer rings".`);
	console.log('5. Ctrl-C stops both and keeps what you drew; npm start -- --fresh begins anew.');
});

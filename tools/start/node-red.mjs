/**
 * `npm start`: Exotel's simulator and a real Node-RED with the packed nodes and the first example flow, nothing else to
 * set up. Ports: SIMULATOR_PORT (4010), NODE_RED_PORT (1880). Ctrl-C stops both.
 */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFileOf } from './data-file.mjs';
import { deploy, scratchUserDir, startNodeRed } from '../hosts/node-red.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);
const { startSimulator } = require(path.join(root, 'simulator', 'dist', 'index.js'));

const simulatorPort = Number(process.env.SIMULATOR_PORT || 4010);
const nodeRedPort = Number(process.env.NODE_RED_PORT || 1880);

let simulator;
let nodeRed;
let userDir;
let stopping;

/** Stops what runs, in the reverse order, once; leaves nothing behind. */
function stop(code) {
	stopping ??= (async () => {
		await nodeRed?.stop();
		await simulator?.close();
		if (userDir) await fs.rm(userDir, { recursive: true, force: true });
		process.exit(code);
	})();
	return stopping;
}

process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));

try {
	simulator = await startSimulator({
		port: simulatorPort,
		dataFile: await dataFileOf(root, 'simulator-of-node-red'),
	});
	userDir = await scratchUserDir();
	const publicUrl = `http://127.0.0.1:${nodeRedPort}`;
	nodeRed = await startNodeRed({ userDir, port: nodeRedPort });
	nodeRed.exited.then(
		(code) => stopping ?? (console.error(`Node-RED ended by itself (${code}):\n${nodeRed.log()}`), stop(1)),
	);

	const flows = JSON.parse(await fs.readFile(path.join(root, 'node-red', 'examples', 'first-call.json'), 'utf8'));
	const credentials = {};
	for (const node of flows) {
		if (node.type !== 'exotel-account') continue;
		node.baseUrl = simulator.url;
		node.publicUrl = publicUrl;
		credentials[node.id] = { apiKey: 'any-key', apiToken: 'any-token', webhookToken: 'any-webhook-token' };
	}
	await deploy(nodeRed, flows, { credentials });

	console.log(`1. Open Node-RED:     ${nodeRed.url}/ and its debug sidebar (the bug icon).`);
	console.log('2. Click the button of the inject node "Ring a customer": the call is placed.');
	console.log('3. Watch the sidebar: placed, ringing and answered for each side, then ended.');
	console.log(`4. Watch the phones:  ${simulator.url}/_simulator/`);
	console.log('5. Ctrl-C stops both.');
} catch (error) {
	console.error(
		error.code === 'EADDRINUSE' ? `A port is taken: ${error.message}. Set SIMULATOR_PORT or NODE_RED_PORT.` : error,
	);
	await stop(1);
}

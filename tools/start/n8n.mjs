/**
 * `npm run start:n8n`: Exotel's simulator and a real n8n with the packed nodes and the example workflows, nothing else
 * to set up. Ports: SIMULATOR_PORT (4010), N8N_PORT (5678). Ctrl-C stops both.
 */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFileOf } from './data-file.mjs';
import { connect, owner } from '../n8n/client.mjs';
import { importExample, webhookOf } from '../n8n/examples.mjs';
import { scratchUserFolder, startN8n } from '../n8n/host.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);
const { startSimulator } = require(path.join(root, 'simulator', 'dist', 'index.js'));

const simulatorPort = Number(process.env.SIMULATOR_PORT || 4010);
const n8nPort = Number(process.env.N8N_PORT || 5678);
/** The examples that are live at once: a caller of the simulator's dial pad meets them. */
const published = ['route-caller.json', 'missed-call-callback.json'];

let simulator;
let n8n;
let userFolder;
let stopping;

/** Stops what runs, in the reverse order, once; leaves nothing behind. */
function stop(code) {
	stopping ??= (async () => {
		await n8n?.stop();
		await simulator?.close();
		if (userFolder) await fs.rm(userFolder, { recursive: true, force: true });
		process.exit(code);
	})();
	return stopping;
}

process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));

try {
	simulator = await startSimulator({ port: simulatorPort, dataFile: await dataFileOf(root, 'simulator-of-n8n') });
	userFolder = await scratchUserFolder();
	n8n = await startN8n({ userFolder, port: n8nPort });
	n8n.exited.then((code) => stopping ?? (console.error(`n8n ended by itself (${code}):\n${n8n.log()}`), stop(1)));

	const client = await connect(n8n.url);
	const token = 'any-webhook-token-will-do';
	const credentials = {
		exotelVoiceApi: await client.createCredential('exotelVoiceApi', 'Exotel account', {
			region: 'custom',
			baseUrl: simulator.url,
			sid: 'acme1',
			apiKey: 'any-key',
			apiToken: 'any-token',
		}),
		exotelWebhookTokenApi: await client.createCredential('exotelWebhookTokenApi', 'Exotel webhook token', {
			token,
		}),
	};
	let first;
	const urls = {};
	for (const file of (await fs.readdir(path.join(root, 'examples')))
		.filter((name) => name.endsWith('.json'))
		.sort()) {
		const { workflow, stored } = await importExample(client, path.join(root, 'examples', file), credentials);
		if (file === 'call-and-wait.json') first = stored;
		if (!published.includes(file)) continue;
		await client.publish(stored);
		urls[file] = (end) => `${webhookOf(n8n.url, workflow, end)}?token=${token}`;
	}
	const [route, missed] = published.map((file) => urls[file]);
	simulator.setFlow('926', {
		applets: [
			{ type: 'connect', version: '1.0', url: route('applet'), fallbackUrl: route('fallback') },
			{ type: 'passthru', url: missed('exotel'), async: true },
		],
	});

	console.log(`1. Open n8n:         ${n8n.url}/workflow/${first.id}  (sign in: ${owner.email} / ${owner.password})`);
	console.log('2. Click "Execute workflow": two phones ring, the workflow waits, and goes on by the outcome.');
	console.log(`3. Watch the phones: ${simulator.url}/_simulator/`);
	console.log('4. Ring flow 926 from the dial pad there: the workflow "decide who gets the caller" answers.');
	console.log('5. Ctrl-C stops both.');
} catch (error) {
	console.error(
		error.code === 'EADDRINUSE' ? `A port is taken: ${error.message}. Set SIMULATOR_PORT or N8N_PORT.` : error,
	);
	await stop(1);
}

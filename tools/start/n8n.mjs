/**
 * `npm run start:n8n`: Exotel's simulator and a real n8n with the packed nodes and the example workflows, nothing else
 * to set up. What is built is kept; `npm run start:n8n -- --fresh` begins anew, `-- --demo` adds a week of
 * calls. Ports: SIMULATOR_PORT (4010), N8N_PORT (5678), or the next free ones. Ctrl-C stops both.
 */
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled } from '../hosts/installed.mjs';
import { connect, owner } from '../n8n/client.mjs';
import { importExample, webhookOf } from '../n8n/examples.mjs';
import { installPacked, startN8n } from '../n8n/host.mjs';
import { simulatorWith } from './demo.mjs';
import { startFolder } from './folder.mjs';
import { INBOUND_FLOW, keepInboundFlow } from './inbound-flow.mjs';
import { startOptions } from './options.mjs';
import { portsFor } from './ports.mjs';
import { startStopping } from './stopping.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);
const { startSimulator } = require(path.join(root, 'simulator', 'dist', 'index.js'));

const TIME_ZONE = 'Asia/Kolkata';
/** The example opened first. */
const FIRST = 'call-and-wait.json';
/** The examples that are live at once: a caller of the simulator's dial pad meets them. */
const PUBLISHED = ['route-caller.json', 'missed-call-callback.json'];

const stopping = startStopping();

/** Imports every example and publishes two. @returns what the next start has to know of it */
async function importExamples(client, simulatorUrl, webhookToken) {
	const exotelVoiceApi = await client.createCredential('exotelVoiceApi', 'Exotel account', {
		region: 'custom',
		baseUrl: simulatorUrl,
		sid: 'acme1',
		apiKey: 'any-key',
		apiToken: 'any-token',
	});
	const exotelWebhookTokenApi = await client.createCredential('exotelWebhookTokenApi', 'Exotel webhook token', {
		token: webhookToken,
	});
	const examples = path.join(root, 'examples');
	const files = (await fs.readdir(examples)).filter((name) => name.endsWith('.json')).sort();
	let first;
	const paths = {};
	for (const file of files) {
		const credentials = { exotelVoiceApi, exotelWebhookTokenApi };
		const { workflow, stored } = await importExample(client, path.join(examples, file), credentials);
		if (file === FIRST) first = stored.id;
		if (!PUBLISHED.includes(file)) continue;
		await client.publish(stored);
		paths[file] = webhookOf('', workflow, '');
	}
	return { account: exotelVoiceApi, first, paths };
}

/** Puts the simulator's new address into the account made at the first start. */
async function moveAccount(client, { id, name }, baseUrl) {
	const data = { region: 'custom', baseUrl, sid: 'acme1', apiKey: 'any-key', apiToken: 'any-token' };
	await client.request('PATCH', `/rest/credentials/${id}`, { name, type: 'exotelVoiceApi', data });
}

function inboundApplets(url, paths, token) {
	const query = new URLSearchParams({ token });
	const [route, missed] = PUBLISHED.map((file) => (end) => `${url}${paths[file]}${end}?${query}`);
	return [
		{ type: 'connect', version: '1.0', url: route('applet'), fallbackUrl: route('fallback') },
		{ type: 'passthru', url: missed('exotel'), async: true },
	];
}

await stopping.orReport('n8n', async () => {
	const { isFresh, isDemo } = startOptions(process.argv.slice(2));
	const { folder, kept, keep, leave } = await startFolder({ root, name: 'n8n', isFresh });
	stopping.add(leave);
	const ports = await portsFor({ server: 'n8n', variable: 'N8N_PORT', usual: 5678, key: 'n8n' }, kept?.ports);
	if (!(await isInstalled('n8n')))
		console.log('n8n is installed once for this computer: about 2.4 GB on the disk, some minutes.');
	const simulator = await simulatorWith(startSimulator, {
		isDemo,
		port: ports.simulator,
		dataFile: path.join(folder, 'simulator.json'),
	});
	stopping.add(() => simulator.close());
	const userFolder = path.join(folder, 'user');
	await installPacked(userFolder);
	const n8n = await startN8n({
		userFolder,
		port: ports.n8n,
		environment: { GENERIC_TIMEZONE: TIME_ZONE, N8N_DEFAULT_LOCALE: 'en' },
	});
	stopping.add(() => n8n.stop());
	stopping.watch('n8n', n8n);

	const client = await connect(n8n.url);
	const webhookToken = kept?.webhookToken ?? crypto.randomBytes(24).toString('base64url');
	const imported = kept?.imported ?? (await importExamples(client, simulator.url, webhookToken));
	if (kept && kept.simulator !== simulator.url) await moveAccount(client, imported.account, simulator.url);
	await keep({ ports, simulator: simulator.url, webhookToken, imported });
	keepInboundFlow(simulator, {
		applets: inboundApplets(n8n.url, imported.paths, webhookToken),
		before: kept ? `http://127.0.0.1:${kept.ports.n8n}` : undefined,
		now: n8n.url,
	});

	console.log(
		`1. Open n8n:         ${n8n.url}/workflow/${imported.first}  (sign in: ${owner.email} / ${owner.password})`,
	);
	console.log('2. Click "Execute workflow": two phones ring, the workflow waits, and goes on by the outcome.');
	console.log(`3. Watch the phones: ${simulator.url}/_simulator/`);
	console.log(
		`4. Ring flow ${INBOUND_FLOW} from the dial pad there: the workflow "decide who gets the caller" answers.`,
	);
	console.log('5. Ctrl-C stops both and keeps what you built; npm run start:n8n -- --fresh begins anew.');
});

/**
 * Every example workflow runs on a real n8n against the simulator as it was imported; only the account and the token
 * are filled in. What a person or a caller would do is done here: click "Execute workflow", ring the ExoPhone. All are
 * tried once more after the simulator was reset or restarted.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { outputOf } from './runs';
import {
	accountData,
	EXO_PHONE,
	openSimulator,
	SECRETS,
	sharedStage,
	type Client,
	type Execution,
	type Json,
	SID,
	type Simulator,
	type Stage,
	type Stored,
} from './stage';
import type { SimulatorOptions } from '../../../simulator/index';
import type { CredentialReference, Workflow, WorkflowNode } from './workflows';

const root = path.resolve(__dirname, '..', '..', '..');
const folder = path.join(root, 'examples');

interface ExampleTools {
	importExample(
		client: Client,
		file: string,
		credentials: Record<string, CredentialReference>,
		change?: (node: WorkflowNode) => void,
	): Promise<{ workflow: Workflow; stored: Stored }>;
	webhookOf(url: string, workflow: Workflow, end: string): string;
}

/** A simulator that can be restarted at its address, and n8n's credential for it. */
interface Exotel {
	simulator: Simulator;
	account: CredentialReference;
	/** Without its data unless told otherwise; with a data file it goes on where it was. */
	restart(options: SimulatorOptions): Promise<void>;
}

describe('the example workflows on n8n', function () {
	this.timeout(180_000);
	let stage: Stage;
	let tools: ExampleTools;
	/** Where phones ring while one looks on. */
	let fast: Exotel;
	/** An hour behind and moved by hand: what ended there ended within "the last day" of n8n. */
	let past: Exotel;
	let data: string;

	const open = async (name: string, speed: number, more: SimulatorOptions): Promise<Exotel> => {
		let simulator = await openSimulator(speed, more);
		const { url, port } = simulator;
		return {
			get simulator() {
				return simulator;
			},
			account: await stage.client.createCredential('exotelVoiceApi', name, accountData(url)),
			restart: async (options) => {
				await simulator.close();
				simulator = await openSimulator(speed, { port, ...options });
			},
		};
	};
	const hourAgo = (): SimulatorOptions => ({ startTime: Date.now() - 3_600_000 });
	const dataFile = (name: string): SimulatorOptions => ({ seed: undefined, dataFile: path.join(data, name) });

	before(async () => {
		stage = await sharedStage();
		tools = (await import(pathToFileURL(path.join(root, 'tools', 'n8n', 'examples.mjs')).href)) as ExampleTools;
		data = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-data-'));
		fast = await open('For the examples', 20, dataFile('fast'));
		past = await open('An hour ago', 0, { ...dataFile('past'), ...hourAgo() });
	});
	after(async () => {
		await fast?.simulator.close();
		await past?.simulator.close();
		if (data) fs.rmSync(data, { recursive: true });
	});

	interface Import {
		account?: CredentialReference;
		change?: (node: WorkflowNode) => void;
		copyOf?: string;
	}

	/** What was imported, and its last execution that was looked at. */
	const kept = new Map<string, { stored: Stored; workflow: Workflow; seen: string; live: boolean }>();

	/** The workflow of an example, imported at its first use; a changed copy has a name of its own. */
	async function imported(name: string, { account = fast.account, change, copyOf = name }: Import = {}) {
		let found = kept.get(name);
		if (!found) {
			const credentials = { exotelVoiceApi: account, exotelWebhookTokenApi: stage.token };
			const file = path.join(folder, `${copyOf}.json`);
			found = { ...(await tools.importExample(stage.client, file, credentials, change)), seen: '0', live: false };
			kept.set(name, found);
		}
		return found;
	}

	/** The next execution of an example, which succeeds. */
	async function executed(name: string): Promise<Execution> {
		const example = kept.get(name)!;
		const execution = await stage.client.waitForExecution(example.stored, undefined, { newerThan: example.seen });
		example.seen = execution.id;
		assert.equal(execution.status, 'success', execution.error?.message);
		return execution;
	}

	/** "Execute workflow". */
	async function execute(name: string, start = 'Start', account = fast.account): Promise<Execution> {
		const { stored } = await imported(name, { account });
		const workflowData = await stage.client.request('GET', `/rest/workflows/${stored.id}`);
		await stage.client.request('POST', `/rest/workflows/${stored.id}/run`, {
			workflowData,
			triggerToStartFrom: { name: start },
		});
		return executed(name);
	}

	/** The address of an example's trigger, with the token; the example is published at its first use. */
	async function live(name: string, end: string, options?: Import): Promise<string> {
		const example = await imported(name, options);
		if (!example.live) await stage.client.publish(example.stored);
		example.live = true;
		return `${tools.webhookOf(stage.n8n.url, example.workflow, end)}?token=${SECRETS.webhookToken}`;
	}

	const ring = (flow: string, from: string): string =>
		fast.simulator.inbound({ from, to: EXO_PHONE, flow, account: SID });
	const ended = async (sid: string): Promise<Json> => {
		await stage.until(() => (fast.simulator.call(sid)!['call'] as Json)['state'] === 'ended', 'the call has ended');
		return fast.simulator.call(sid) as Json;
	};
	/** Places a call as somebody else's program does. */
	const place = async ({ simulator }: Exotel, parameters: Record<string, string>): Promise<void> => {
		const authorization = `Basic ${Buffer.from(`${SECRETS.apiKey}:${SECRETS.apiToken}`).toString('base64')}`;
		const body = new URLSearchParams({ From: '+919812345678', CallerId: EXO_PHONE, ...parameters });
		const { status } = await stage.hit('POST', `${simulator.url}/v1/Accounts/${SID}/Calls/connect.json`, {
			headers: { authorization },
			body,
		});
		assert.equal(status, 200);
	};
	/** A call that ended busy, an hour ago. */
	const endedCall = async (): Promise<void> => {
		await place(past, { To: '+918012345602' });
		await past.simulator.advance(60);
	};

	/** What each example does, as often as one likes. */
	const examples: Record<string, () => Promise<void>> = {
		'call-and-wait': async () => {
			const execution = await execute('call-and-wait');
			assert.match(outputOf(execution, 'They spoke')[0]!['result'], /^order-1042: they spoke for \d+ seconds$/);
		},
		'reminder-calls': async () => {
			const execution = await execute('reminder-calls');
			assert.deepEqual(outputOf(execution, 'Not reached'), [
				{ name: 'Vikram', outcome: 'busy' },
				{ name: 'Meera', outcome: 'no-answer' },
			]);
		},
		'clean-number-list': async () => {
			const execution = await execute('clean-number-list');
			assert.equal(outputOf(execution, 'Look up').length, 3);
			assert.deepEqual(
				outputOf(execution, 'May be called').map(({ number, type, dnd }) => [number, type, dnd]),
				[['+919876543212', 'mobile', false]],
			);
		},
		'daily-report': async () => {
			await endedCall();
			const execution = await execute('daily-report', 'Start', past.account);
			assert.deepEqual(
				outputOf(execution, 'By outcome').map((row) => [row['direction'], row['outcome'], row['count_sid']]),
				[['outbound', 'busy', past.simulator.calls().length]],
			);
			assert.equal(execution.runData['No calls'], undefined);
		},
		'call-log': async () => {
			await endedCall();
			const execution = await execute('call-log', 'Ended calls', past.account);
			const { when, call, talked, ...row } = outputOf(execution, 'One row')[0]!;
			assert.ok(when);
			assert.ok(past.simulator.calls().some(({ sid }) => sid === call));
			const busy = { direction: 'outbound', from: '+919812345678', to: '+918012345602', outcome: 'busy' };
			assert.deepEqual(row, busy);
			assert.equal(String(talked), '0');
		},
		'route-caller': async () => {
			const url = await live('route-caller', 'applet');
			const fallbackUrl = url.replace('/applet?', '/fallback?');
			const connect = { type: 'connect', version: '1.0', url, fallbackUrl };
			fast.simulator.setFlow('example-route', { applets: [connect] }, SID);
			const { call } = await ended(ring('example-route', '+919812345678'));
			assert.equal(call['outcome'], 'answered');
			assert.equal(outputOf(await executed('route-caller'), 'To the account manager')[0]!['sent'], true);
			await ended(ring('example-route', '+919898989898'));
			assert.equal(outputOf(await executed('route-caller'), 'To the hotline')[0]!['sent'], true);
		},
		'ask-for-a-key': async () => {
			const gather = await live('ask-for-a-key', 'applet');
			const { workflow } = await imported('ask-for-a-key');
			const [asks, connects] = ['Which question?', 'Who to ring?'].map(
				(name) => workflow.nodes.find((node) => node.name === name)?.webhookId ?? '',
			) as [string, string];
			const applets = [
				{ type: 'gather', url: gather },
				{ type: 'connect', version: '1.0', url: gather.replace(asks, connects) },
			];
			fast.simulator.setFlow('example-keys', { applets }, SID);
			const call = { from: '+919812345678', to: EXO_PHONE, flow: 'example-keys', account: SID, digits: '2' };
			const { call: over, heard } = await ended(fast.simulator.inbound(call));
			assert.equal(over['outcome'], 'answered');
			assert.ok(JSON.stringify(heard).includes('For sales press 1, for service press 2.'));
			assert.match(JSON.stringify(over), /9812345679/);
		},
		'menu-by-keys': async () => {
			const url = await live('menu-by-keys', 'applet');
			const { status, text } = await stage.hit(
				'GET',
				`${url}&CallSid=${'m'.repeat(32)}&CallFrom=09812345678&CallTo=${EXO_PHONE}&Direction=incoming&digits=%222%22`,
			);
			assert.deepEqual([status, JSON.parse(text)], [200, { select: 'support' }]);
			await executed('menu-by-keys');
		},
		'missed-call-callback': async () => {
			const url = await live('missed-call-callback', 'exotel');
			// A second import of an example that is live has an address of its own.
			const nobody = await live('nobody-answers', 'applet', {
				copyOf: 'route-caller',
				change: (node) => {
					if (node.type.endsWith('.exotelAppletAnswer')) node.parameters['destinations'] = '+919812340001';
				},
			});
			fast.simulator.setFlow(
				'example-missed',
				{
					applets: [
						{ type: 'connect', version: '1.0', url: nobody },
						{ type: 'passthru', url, async: true },
					],
				},
				SID,
			);
			await ended(ring('example-missed', '+919812349910'));
			const execution = await executed('missed-call-callback');
			assert.equal(outputOf(execution, 'Connect agent and caller')[0]!['to'], '+919812349910');
		},
		'save-recordings': async () => {
			const url = await live('save-recordings', 'exotel', {
				change: (node) => {
					if (node.type === 'n8n-nodes-base.wait') node.parameters = { amount: 1, unit: 'seconds' };
				},
			});
			await place(fast, { To: '+918012345605', Record: 'true', StatusCallback: url });
			await fast.simulator.advance(30);
			await fast.simulator.settle();
			await fast.simulator.advance(900);
			const execution = await executed('save-recordings');
			assert.ok(outputOf(execution, 'Fetch the recording')[0]!['bytes'] > 0);
		},
	};

	function allWork(): void {
		for (const [example, works] of Object.entries(examples)) it(example, works);
	}

	it('are all tried here, have no account in them, and are listed in their README', () => {
		const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
		const readme = fs.readFileSync(path.join(folder, 'README.md'), 'utf8');
		assert.deepEqual(files.map((file) => file.slice(0, -5)).sort(), Object.keys(examples).sort());
		for (const file of files) assert.ok(readme.includes(`(${file})`), file);
	});

	it('daily-report says so when there were no calls', async () => {
		const execution = await execute('daily-report', 'Start', past.account);
		assert.deepEqual(outputOf(execution, 'No calls'), [{ report: 'No calls in the last 24 hours' }]);
		assert.equal(execution.runData['By outcome'], undefined);
	});

	describe('work as imported', allWork);

	describe('work again after a reset of the simulator', () => {
		before(() => {
			fast.simulator.reset();
			past.simulator.reset();
		});
		allWork();
	});

	describe('work again after a restart of the simulator that keeps its data', () => {
		before(async () => {
			await fast.restart(dataFile('fast'));
			await past.restart(dataFile('past'));
			assert.ok(past.simulator.calls().length > 0);
		});
		allWork();
	});

	describe('work again after a restart without its data and with a pinned seed', () => {
		before(async () => {
			await fast.restart({ seed: 7 });
			await past.restart({ seed: 7, ...hourAgo() });
			assert.deepEqual(past.simulator.calls(), []);
		});
		allWork();
	});
});

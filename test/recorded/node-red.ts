/**
 * Runs one case in a real Node-RED: the node files package.json names, a flow as saved, messages in, webhooks over
 * HTTP. Nothing inside this package is imported, so a redesign of it changes nothing here.
 */
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import helper from 'node-red-node-test-helper';
import manifest from '../../node-red/package.json';
import {
	editorDefaults,
	filled,
	incoming,
	named,
	type Case,
	type Data,
	type Incoming,
	type Recording,
	type Step,
} from './case';
import { deliver, plain, Recorder, SECRETS, Stage, type PlaysExotel, type Seen } from './stage';

/** The address this Node-RED has for Exotel; requests to it are delivered to the real port. */
const PUBLIC_URL = 'https://flows.example.com';
/** As many outputs as any of the nodes has. */
const MOST_OUTPUTS = 4;

type FlowNode = { id: string; type: string } & Data;
type NodeFile = (red: NodeAPI) => void | Promise<void>;

interface ExpressModule {
	(): Express;
	json(): RequestHandler;
	urlencoded(options: object): RequestHandler;
}

/** The parts of the test helper its types leave out. */
interface Helper {
	init(runtime: string): void;
	settings(settings: Data): void;
	load(files: NodeFile[], flow: FlowNode[], credentials: Data): Promise<void>;
	unload(): Promise<void>;
	getNode(id: string): Node | null;
	_redNodes: { setFlows(flow: FlowNode[], credentials: Data, type: string): Promise<void> };
}

const host = helper as unknown as Helper;
const load = createRequire(__filename);
const beside = createRequire(require.resolve('node-red'));
const express = beside('express') as ExpressModule;
const hostUtil = (beside('@node-red/util') as { util: { generateId(): string } }).util;

const context = beside('@node-red/runtime/lib/nodes/context') as { load(): Promise<void> };

host.init(require.resolve('node-red'));

/** Source file of each node type, by the name the package gives it. */
const nodeFiles = new Map(
	Object.entries(manifest['node-red'].nodes).map(([type, file]) => {
		const source = path.resolve(
			__dirname,
			'../../node-red',
			file
				.replace(/^\.\//, '')
				.replace(/^dist\//, '')
				.replace(/\.js$/, '.ts'),
		);
		return [type, source] as const;
	}),
);

const packageFolder = path.resolve(__dirname, '../../node-red');

/** The English catalogue of a node type, wherever the package keeps it. */
function catalogueOf(type: string): Data {
	const files = fs.readdirSync(packageFolder, { recursive: true, encoding: 'utf8' });
	const ending = path.join('locales', 'en-US', `${type}.json`);
	const found = files.find((file) => file.endsWith(ending) && !/(^|[\\/])(dist|node_modules)[\\/]/.test(file));
	return found === undefined ? {} : (JSON.parse(fs.readFileSync(path.join(packageFolder, found), 'utf8')) as Data);
}

/**
 * Node-RED's `RED._` for the files of one node type. The test helper has none of its own, and what a user reads must
 * not depend on how a catalogue names it.
 */
function translator(type: string): (key: string, values?: Data) => string {
	return (key, values = {}) => {
		const [, set = type, name = key] = /^.*\/([^/:]+):(.+)$/.exec(key) ?? [];
		const whole = catalogueOf(set);
		const find = (inside: unknown, dotted: string): unknown =>
			dotted.split('.').reduce<unknown>((found, step) => (found as Data | undefined)?.[step], inside);
		const text = find(whole, name) ?? find(whole[set], name);
		return typeof text === 'string' ? text.replace(/__(\w+)__/g, (_, word: string) => String(values[word])) : key;
	};
}

/** A server whose app is put in when the flow runs. */
export class Door {
	app: RequestListener = (_request, response) => void response.writeHead(404).end();
	readonly #server: Server = createServer((request, response) => this.app(request, response));

	async open(): Promise<string> {
		this.#server.listen(0, '127.0.0.1');
		await once(this.#server, 'listening');
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Every connection ends, whatever was still to be answered. */
	cut(): void {
		this.#server.closeAllConnections();
	}

	close(): void {
		this.cut();
		this.#server.close();
	}
}

/** What an editor would have saved, changed by the case. */
function saved(type: string, settings: Data, bare: boolean): Data {
	return { ...(bare ? {} : structuredClone(editorDefaults[type] ?? {})), ...settings };
}

function flowOf(test: Case, exotelUrl: string): FlowNode[] {
	const { next, bare = false } = test;
	const outputs = Array.from({ length: MOST_OUTPUTS }, (_, index) => `output ${index + 1}`);
	const wires = outputs.map((id, index) =>
		next !== undefined && next.apart !== true && index === 0 ? [id, 'next'] : [id],
	);
	const account = { region: 'custom', baseUrl: exotelUrl, sid: 'acme1', publicUrl: PUBLIC_URL, ...test.account };
	return [
		{ id: 'tab', type: 'tab' },
		{ id: 'account', type: 'exotel-account', ...saved('exotel-account', account, bare) },
		{
			id: 'node',
			z: 'tab',
			type: test.node,
			account: 'account',
			...saved(test.node, test.settings ?? {}, bare),
			wires,
		},
		...(next === undefined
			? []
			: [{ id: 'next', z: 'tab', type: next.node, ...saved(next.node, next.settings ?? {}, bare), wires: [] }]),
		...[...outputs, 'caught'].map((id) => ({ id, z: 'tab', type: 'collector' })),
		{ id: 'catcher', z: 'tab', type: 'catch', scope: null, uncaught: false, wires: [['caught']] },
	];
}

/** Runs a case; `finished` says when what was recorded is complete. */
export async function runInNodeRed(test: Case, finished: (text: string) => Promise<boolean>): Promise<string> {
	const stage = new Stage();
	const recorder = new Recorder(stage, test.answers);
	const door = new Door();
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-recorded-'));
	const { generateId } = hostUtil;
	hostUtil.generateId = () =>
		stage.made(Math.trunc(process.hrtime()[1]).toString(16).padStart(8, '0') + ids.next(), 'id');
	try {
		await recorder.listen();
		const url = await door.open();
		const words = { exotel: recorder.url, 'node-red': url, folder };
		const run = new Run(stage, recorder, door, url, filled(test, words));
		await run.start();
		for (const step of run.test.steps) {
			await run.take(step);
			await stage.settle();
		}
		const text = (): string => stage.text(run.recording(folder), words);
		for (let round = 0; round < 20 && !(await finished(text())); round += 1) await stage.settle();
		return text();
	} finally {
		await host.unload();
		hostUtil.generateId = generateId;
		stage.close();
		recorder.close();
		door.close();
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

/** Stops the Node-RED that runs. */
export const stopNodeRed = (): Promise<void> => host.unload();

const ids = {
	count: 0,
	/** Differs each time, so that two ids never look alike. */
	next(): string {
		this.count += 1;
		return this.count.toString(16).padStart(8, '0');
	},
};

/** A case while it runs. */
export class Run {
	readonly #messages: Record<string, unknown[]> = {};
	/** When each message of an output came, milliseconds since 1970. */
	readonly times: Record<string, number[]> = {};
	/** The newest message of each output as the flow has it. */
	readonly #last = new Map<string, object>();
	readonly #answers: Seen[] = [];
	readonly #flow: FlowNode[];
	readonly #secrets: Data;
	#api: NodeAPI | null = null;
	/** Hears every message of an output, as the flow has it. */
	onMessage: ((output: string, message: object) => void) | null = null;
	/** Context stores besides memory, as `contextStorage` in settings.js. */
	contextStorage: Data | null = null;

	constructor(
		readonly stage: Stage,
		readonly recorder: PlaysExotel,
		readonly door: Door,
		readonly url: string,
		readonly test: Case,
	) {
		this.#flow = flowOf(test, recorder.url);
		this.#secrets = { account: { ...SECRETS, ...test.secrets } };
	}

	async start(): Promise<void> {
		const types = new Set(this.#flow.map(({ type }) => type));
		const files = [...nodeFiles]
			.filter(([type]) => types.has(type))
			.map(([type, file]): NodeFile => {
				const register = load(file) as NodeFile;
				return (red) => register(Object.create(red, { _: { value: translator(type) } }) as NodeAPI);
			});
		const { contextStorage } = this;
		host.settings({ httpNodeRoot: '/', ...(contextStorage !== null && { contextStorage }) });
		// The test helper opens no context stores of its own.
		const stores: NodeFile[] = contextStorage === null ? [] : [() => context.load()];
		await host.load([...stores, (red) => this.#collect(red), ...files], this.#flow, this.#secrets);
		const api = this.#api as unknown as NodeAPI;
		// Each case makes a new runtime around the same event emitter.
		api.events.setMaxListeners(0);
		const app = express();
		if (this.test.parsedBodies !== false) app.use(express.json(), express.urlencoded({ extended: true }));
		const refused: ErrorRequestHandler = (reason, _request, response, _next) => {
			response.status(400).json({ code: 'unexpected_error', message: String(reason) });
		};
		app.use(refused);
		app.use(api.httpNode);
		app.use('/admin', api.httpAdmin);
		this.door.app = app;
		await this.stage.settle();
	}

	async take(step: Step): Promise<void> {
		if ('input' in step) host.getNode(step.to ?? 'node')?.receive(step.input as Parameters<Node['receive']>[0]);
		else if ('back' in step) {
			const last = this.#last.get(`output ${step.back}`);
			host.getNode('node')?.receive({ ...last, ...step.with });
		} else if ('incoming' in step) {
			const { path: webhook = this.#webhook(), ...request } = { ...named(incoming, step.incoming), ...step.with };
			const token = step.token === undefined ? SECRETS.webhookToken : step.token;
			this.#deliver(token === null ? webhook : `${webhook}?token=${token}`, request);
		} else if ('report' in step) {
			const { of = 0 } = step;
			await this.stage.until(() => this.recorder.bodies.length > of);
			const address = new URL(this.recorder.callbackOf(of));
			this.#deliver(address.pathname + address.search, { ...named(incoming, step.report), ...step.with });
		} else if ('advance' in step) await this.stage.advance(step.advance);
		else if ('redeploy' in step) {
			const started = once((this.#api as unknown as NodeAPI).events, 'flows:started');
			await host._redNodes.setFlows(structuredClone(this.#flow), this.#secrets, 'full');
			await started;
		} else throw new Error(`${this.test.name}: Node-RED knows no such step`);
	}

	/** What came of the case so far; `folder` is where the flow may have written files. */
	recording(folder: string | null): Recording {
		if (folder === null) return { requests: this.recorder.requests, messages: this.#messages };
		const found = fs
			.readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile());
		const paths = found.map((entry) => path.join(entry.parentPath, entry.name)).sort();
		const files = paths.map((file) => [path.relative(folder, file), fs.readFileSync(file)] as const);
		return {
			requests: this.recorder.requests,
			messages: this.#messages,
			...(this.#answers.length === 0 ? {} : { answers: this.#answers }),
			...(files.length === 0 ? {} : { files: Object.fromEntries(files) }),
		};
	}

	/** The path the node listens at, as the form explains it. */
	#webhook(): string {
		return `/exotel/${String(this.test.settings?.['path'] ?? '')}`;
	}

	#deliver(webhook: string, request: Incoming): void {
		const place = this.#answers.length;
		this.#answers.push({ failed: 'no answer yet' });
		void deliver(this.url, webhook, request).then((seen) => {
			this.#answers[place] = seen;
			this.stage.happened();
		});
		this.stage.happened();
	}

	/** Registers the nodes that collect; they belong to every flow, also one deployed again. */
	#collect(api: NodeAPI): void {
		this.#api = api;
		const { stage } = this;
		const messages = this.#messages;
		const { times } = this;
		const heard = (output: string, message: object): void => this.onMessage?.(output, message);
		const last = this.#last;
		api.nodes.registerType('collector', function (this: Node, config: NodeDef) {
			api.nodes.createNode(this, config);
			this.on('input', (message, _send, done) => {
				(messages[this.id] ??= []).push(written(message));
				(times[this.id] ??= []).push(stage.now);
				last.set(this.id, message);
				stage.happened();
				heard(this.id, message);
				done();
			});
		});
	}
}

/** A message at the moment it came; the flow may change it later. */
function written(message: object): unknown {
	const { req, res, ...rest } = message as Data;
	const open = {
		...(req === undefined ? {} : { req: '{request}' }),
		...(res === undefined ? {} : { res: '{response}' }),
	};
	return plain({ ...rest, ...open });
}

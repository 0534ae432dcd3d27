/**
 * A Node-RED for tests: node-red-node-test-helper with our node files, its HTTP root mounted in a real server (the
 * helper itself never serves it), and the real simulator playing Exotel.
 */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import helper from 'node-red-node-test-helper';
import manifest from '../../node-red/package.json';

const load = createRequire(__filename);

// express comes with Node-RED; it is no dependency of ours.
const express = createRequire(require.resolve('node-red'))('express') as {
	(): Express;
	json(): RequestHandler;
	urlencoded(options: object): RequestHandler;
};

helper.init(require.resolve('node-red'));

/** Settings and node files of one run. */
export interface RunOptions {
	/** True for an Express app around Node-RED that parses JSON and form bodies, and whose server Node-RED is not told. */
	parsedBodies?: boolean;
	/** True for the usual roots of Node-RED: requests pass through the body parsers of the editor first. */
	usualRoots?: boolean;
	/** Express believes `X-Forwarded-For` from anybody. */
	trustProxy?: boolean;
	settings?: Record<string, unknown>;
	credentials?: Record<string, Record<string, string>>;
}

/** One node of a flow as saved. */
export type FlowNode = { id: string; type: string } & Record<string, unknown>;

/** The node files under test, by type: the sources of what package.json registers. */
const NODE_FILES = Object.entries(manifest['node-red'].nodes).map(
	([type, file]) => [type, file.replace('./dist/', '../../node-red/').replace(/\.js$/, '')] as const,
);

/** A running Node-RED. */
export interface RunningNodeRed {
	/** Origin of its HTTP root, e.g. `http://127.0.0.1:43127`. */
	url: string;
	RED: NodeAPI;
	node(id: string): Node;
	/** Everything a node of type `helper` received so far. */
	received(id: string): NodeMessageInFlow[];
	/** Resolves with what helper `id` received once `enough` says so. */
	until(id: string, enough: (messages: NodeMessageInFlow[]) => boolean): Promise<NodeMessageInFlow[]>;
	/** Deploys changed flows. */
	deploy(
		flow: FlowNode[],
		type: 'full' | 'nodes' | 'flows',
		credentials?: Record<string, Record<string, string>>,
	): Promise<void>;
	/** What the editor's *Stop* and *Start* do. */
	setFlowsRunning(running: boolean): Promise<void>;
	/** All log entries, as text. */
	log(): string;
	/** All status texts and errors nodes have shown. */
	stop(): Promise<void>;
}

/** A free port's server whose app is put in later: the account needs the public URL before the flow is loaded. */
export async function reservePort(): Promise<{ server: Server; url: string; mount(app: RequestListener): void }> {
	let app: RequestListener = (_request, response) => void response.writeHead(404).end();
	const server = createServer((request, response) => app(request, response));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { server, url, mount: (mounted) => (app = mounted) };
}

/** Starts a flow. Helper nodes (`type: 'helper'`) collect what they receive. */
export async function startNodeRed(
	port: Awaited<ReturnType<typeof reservePort>>,
	flow: FlowNode[],
	options: RunOptions = {},
): Promise<RunningNodeRed> {
	let RED: NodeAPI | undefined;
	const inbox = new Map<string, NodeMessageInFlow[]>();
	const waiting = new Set<() => void>();
	/**
	 * Takes the API, and registers nodes that collect from the moment they exist: the helper's own would have to be
	 * listened to later.
	 */
	const capture = (api: NodeAPI): void => {
		RED = api;
		api.nodes.registerType('collector', function (this: Node, config: NodeDef) {
			api.nodes.createNode(this, config);
			this.on('input', (msg, _send, done) => {
				inbox.set(this.id, [...(inbox.get(this.id) ?? []), msg]);
				for (const check of waiting) check();
				done();
			});
		});
	};
	const collecting = (nodes: FlowNode[]): FlowNode[] =>
		nodes.map((node) => (node.type === 'helper' ? { ...node, type: 'collector' } : node));
	const types = new Set(flow.map((node) => node.type));
	const files = NODE_FILES.filter(([type]) => types.has(type) || type === 'exotel-account');
	helper.settings({ httpNodeRoot: '/', ...options.settings } as never);
	// What `RED.server` gives; the helper's own server serves no webhooks.
	(helper as unknown as { _server: unknown })._server = options.parsedBodies === true ? undefined : port.server;
	const nodeFiles = files.map(([, file]) => load(file) as (red: NodeAPI) => void);
	await helper.load(
		[capture, ...nodeFiles] as never,
		collecting(flow) as never,
		(options.credentials ?? {}) as never,
	);
	const api = RED as unknown as NodeAPI;
	// Each load makes a new runtime around the same event emitter.
	api.events.setMaxListeners(0);

	const app = express();
	if (options.trustProxy === true) app.set('trust proxy', true);
	if (options.parsedBodies === true || options.usualRoots === true)
		app.use(express.json(), express.urlencoded({ extended: true }));
	// As the editor's own error handler does: a body its parsers refuse never reaches a node.
	app.use(
		((reason, _request, response, _next) =>
			void response
				.status(400)
				.json({ code: 'unexpected_error', message: String(reason) })) as ErrorRequestHandler,
	);
	app.use(api.httpNode);
	port.mount(app);

	const runtime = (
		helper as unknown as {
			_redNodes: {
				setFlows(flow: FlowNode[], credentials: object, type: string): Promise<void>;
				startFlows(): Promise<void>;
				stopFlows(): Promise<void>;
			};
		}
	)._redNodes;
	return {
		url: port.url,
		RED: api,
		node: (id) => helper.getNode(id),
		received: (id) => inbox.get(id) ?? [],
		until: (id, enough) =>
			new Promise((resolve) => {
				const check = (): void => {
					const messages = inbox.get(id) ?? [];
					if (!enough(messages)) return;
					waiting.delete(check);
					resolve(messages);
				};
				waiting.add(check);
				check();
			}),
		async deploy(changed, type, credentials) {
			// helper.setFlows gives up after 300 ms, which a busy machine needs.
			const started = once(api.events, 'flows:started');
			await runtime.setFlows(collecting(changed), credentials ?? {}, type);
			await started;
		},
		setFlowsRunning: (running) => (running ? runtime.startFlows() : runtime.stopFlows()),
		log: () => JSON.stringify(helper.log().args),
		async stop() {
			await helper.unload();
			port.server.closeAllConnections();
			port.server.close();
		},
	};
}

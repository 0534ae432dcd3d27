/**
 * Runs one case as n8n does: the node classes package.json names, n8n's own reading of their forms, and stand-ins for
 * its contexts that follow n8n's interface. Requests really leave, webhooks really come in.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Express, Request, Response } from 'express';
import { NodeApiError, NodeHelpers } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IPollFunctions,
	ITaskMetadata,
	IWebhookFunctions,
	JsonObject,
} from 'n8n-workflow';
import manifest from '../../package.json';
import { filled, incoming, named, type Case, type Data, type Recording, type Step } from './case';
import { bodyOf, httpRequestOf } from './n8n-http';
import { forgetSources } from './sources';
import { deliver, plain, Recorder, SECRETS, Stage, type PlaysExotel, type Seen } from './stage';

const load = createRequire(__filename);
const express = createRequire(require.resolve('node-red'))('express') as () => Express;

/** The address under which n8n resumes this execution. */
const RESUME_URL = 'https://n8n.example.com/webhook-waiting/1042?signature=0123456789abcdef';
const PACKAGE = '@exonodes/n8n-nodes-exotel';

/** One instance of every exported class of a file of dist/, loaded from its source. */
function instances<T>(files: string[]): T[] {
	return files.flatMap((file) => {
		const source = path.resolve(__dirname, '../..', file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
		const exported = load(source) as Record<string, new () => T>;
		const made = exported[path.basename(source).split('.')[0] ?? ''];
		return made === undefined ? [] : [new made()];
	});
}

const loadTypes = (): Map<string, INodeType> =>
	new Map(instances<INodeType>(manifest.n8n.nodes).map((type) => [type.description.name, type] as const));
let types = loadTypes();

/** Loads the nodes anew: nothing is left of what they kept in memory, as after a restart of n8n. */
export function reloadNodes(): void {
	forgetSources();
	types = loadTypes();
}
const credentialTypes = new Map(
	instances<ICredentialType>(manifest.n8n.credentials).map((type) => [type.name, type] as const),
);

/** A value by its path: `options.record`, `list[0].number`. */
function valueAt(value: unknown, dotted: string): unknown {
	const steps = dotted
		.replace(/\[(\w+)\]/g, '.$1')
		.split('.')
		.filter((step) => step !== '');
	return steps.reduce<unknown>((found, step) => (found as Data | null | undefined)?.[step], value);
}

/** A node as n8n has it after loading the workflow: parameters not set have their defaults, hidden ones are gone. */
function nodeOf(id: string, type: INodeType, settings: Data, more: Data): INode {
	const { description } = type;
	const versions = [description.version].flat();
	const typeVersion = description.defaultVersion ?? Math.max(...versions);
	const name = id === 'node' ? description.displayName : `${description.displayName} behind`;
	const node: INode = {
		id,
		name,
		type: `${PACKAGE}.${description.name}`,
		typeVersion,
		position: [0, 0],
		parameters: {},
		...more,
	};
	const given = settings as INodeParameters;
	const read = NodeHelpers.getNodeParameters(description.properties, given, true, false, node, description);
	return { ...node, parameters: read ?? {} };
}

/** What a finished or parked run gave. */
type Outcome = { items: unknown } | { error: unknown };

/** Every field of every form, as `node field`; those inside a collection by their own names. */
export function fieldsInN8n(): string[] {
	return [...types].flatMap(([type, { description }]) =>
		description.properties.flatMap((field) => {
			if (field.type === 'notice') return [];
			const inside = field.type === 'collection' ? (field.options ?? []) : [];
			return inside.length > 0 ? inside.map(({ name }) => `${type} ${name}`) : [`${type} ${field.name}`];
		}),
	);
}

/** Runs a case; `finished` says when what was recorded is complete. */
export async function runInN8n(test: Case, finished: (text: string) => Promise<boolean>): Promise<string> {
	const stage = new Stage();
	const recorder = new Recorder(stage, test.answers);
	try {
		await recorder.listen();
		const words = { exotel: recorder.url };
		const run = new Run(stage, recorder, filled(test, words));
		const url = await run.open();
		for (const step of run.test.steps) {
			await run.take(step);
			await stage.settle();
		}
		const text = (): string => stage.text(run.recording(), { ...words, n8n: url });
		for (let round = 0; round < 20 && !(await finished(text())); round += 1) await stage.settle();
		const recorded = text();
		run.close();
		return recorded;
	} finally {
		stage.close();
		recorder.close();
	}
}

/** A case while it runs. */
export class Run {
	#type: INodeType;
	readonly #node: INode;
	readonly #runs: Data[] = [];
	/** When each run ended, milliseconds since 1970. */
	readonly #endedAt = new WeakMap<Data, number>();
	readonly #answers: Seen[] = [];
	readonly #staticData: IDataObject = {};
	readonly #flowContext: IDataObject = {};
	/** The item a waiting execution is parked with. */
	#parked: INodeExecutionData | null = null;
	/** Output of the trigger, for the node behind it. */
	#triggered: INodeExecutionData[] = [];
	#running = 0;
	/** What the node stored with its execution, and when n8n runs it again. */
	#metadata: ITaskMetadata | null = null;
	#wakesAt: number | null = null;
	/** True when a callback for an execution that does not wait is refused, as a real n8n does. */
	refusesEarly = false;
	/**
	 * Decides what the workflow behind a trigger does: `run` runs the node behind it with this item, `fail` ends the
	 * execution without it. Unless set, that node runs at once.
	 */
	workflow: ((execution: { run(item: Data): void; fail(): void }) => void) | null = null;
	/** True while nobody answers at the address of this n8n. */
	isDown = false;
	/** True when requests keep the time limit the node gives them. */
	timesOut = false;
	#server: Server | null = null;
	#url = '';

	constructor(
		readonly stage: Stage,
		readonly recorder: PlaysExotel,
		readonly test: Case,
	) {
		this.#type = typeOf(test.node);
		this.#node = nodeOf('node', this.#type, test.settings ?? {}, test.nodeSettings ?? {});
		stage.watch(() => this.#running > 0 && !stage.waits);
	}

	async open(): Promise<string> {
		const app = express();
		app.set('query parser', 'extended');
		if (this.test.proxyHops !== undefined) app.set('trust proxy', this.test.proxyHops);
		app.use((request, response) => void this.#receive(request, response));
		this.#server = createServer(app);
		this.#server.listen(0, '127.0.0.1');
		await once(this.#server, 'listening');
		this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
		return this.#url;
	}

	/** When n8n runs the waiting node again, milliseconds since 1970; null while nothing waits. */
	get wakesAt(): number | null {
		return this.#parked === null ? null : this.#wakesAt;
	}

	/** Runs the waiting node again with what is stored of its execution. */
	async wake(): Promise<void> {
		const parked = this.#parked;
		if (parked === null) return;
		this.#parked = null;
		this.#begin('woken', this.#execute(this.#type, this.#node, [parked], null));
		await this.stage.settle();
	}

	/** The nodes were loaded anew; what n8n stores is still there. */
	restarted(): void {
		this.#type = typeOf(this.test.node);
	}

	close(): void {
		this.#server?.closeAllConnections();
		this.#server?.close();
	}

	async take(step: Step): Promise<void> {
		if ('input' in step) {
			const items = [step.input].flat().map((json) => ({ json: json as IDataObject }));
			this.#begin('run', this.#execute(this.#type, this.#node, items, null));
		} else if ('incoming' in step) {
			const { path: webhook = `/${this.#webhookPath()}`, ...request } = {
				...named(incoming, step.incoming),
				...step.with,
			};
			const token = step.token === undefined ? SECRETS.webhookToken : step.token;
			this.#deliver(token === null ? webhook : `${webhook}?token=${token}`, request);
		} else if ('report' in step) {
			const { of = 0 } = step;
			await this.stage.until(() => this.recorder.bodies.length > of);
			const address = new URL(this.recorder.callbackOf(of));
			this.#deliver(address.pathname + address.search, { ...named(incoming, step.report), ...step.with });
		} else if ('advance' in step) await this.stage.advance(step.advance);
		else if ('poll' in step) {
			const polled = this.#type.poll?.call(
				this.#context(this.#node, { mode: step.poll }) as unknown as IPollFunctions,
			);
			this.#begin('poll', Promise.resolve(polled));
		} else if ('search' in step) {
			const search = this.#type.methods?.listSearch?.[step.search];
			const asked = search?.call(this.#context(this.#node, {}) as unknown as ILoadOptionsFunctions, step.text);
			this.#begin('search', Promise.resolve(asked));
		} else if ('activate' in step) {
			const create = this.#type.webhookMethods?.['default']?.create;
			this.#begin(
				'activate',
				Promise.resolve(create?.call(this.#context(this.#node, {}) as unknown as IHookFunctions)),
			);
		} else throw new Error(`${this.test.name}: n8n knows no such step`);
	}

	/** When one of the recorded runs ended, milliseconds since 1970. */
	endOf(run: Data): number {
		return this.#endedAt.get(run) ?? this.stage.now;
	}

	/** What came of the case so far. */
	recording(): Recording {
		const answered = this.#answers.length === 0 ? {} : { answers: this.#answers };
		return { requests: this.recorder.requests, runs: this.#runs, ...answered };
	}

	/** Writes down how a run ends. */
	#begin(what: string, work: Promise<unknown>): Data {
		const written: Data = { what };
		this.#runs.push(written);
		this.#running += 1;
		work.then(
			(items): Outcome => ({ items: plain(items) ?? null }),
			(error: unknown): Outcome => ({ error: errorOf(error) }),
		).then((outcome) => {
			Object.assign(written, outcome);
			this.#endedAt.set(written, this.stage.now);
			this.#running -= 1;
			this.stage.happened();
		});
		return written;
	}

	async #execute(
		type: INodeType,
		node: INode,
		items: INodeExecutionData[],
		response: Response | null,
	): Promise<unknown> {
		// `#begin` runs after this line, so the notes of the run are put into the newest one.
		await Promise.resolve();
		const notes = this.#runs.at(-1) ?? {};
		const functions = this.#executeFunctions(node, items, response, notes);
		try {
			return await type.execute?.call(functions as unknown as IExecuteFunctions);
		} finally {
			if (this.test.queue === true) response?.end();
		}
	}

	#deliver(target: string, request: Parameters<typeof deliver>[2]): void {
		const place = this.#answers.length;
		this.#answers.push({ failed: 'no answer yet' });
		void deliver(this.#url, target, request).then((seen) => {
			this.#answers[place] = seen;
			this.stage.happened();
		});
		this.stage.happened();
	}

	#webhookPath(): string {
		return this.#type.description.webhooks?.[0]?.path ?? '';
	}

	/** n8n's side of a webhook: finds the entry, reads the body, runs the node, answers. */
	async #receive(request: Request, response: Response): Promise<void> {
		if (this.isDown) {
			request.socket.destroy();
			return;
		}
		const wanted = request.path.slice(1);
		const webhook = this.#type.description.webhooks?.find((entry) => {
			const methods = String(entry.httpMethod).split(',');
			const resumes = entry.restartWebhook === true && wanted === `webhook-waiting/1042/${this.#node.id}`;
			return methods.includes(request.method) && (resumes || entry.path === wanted);
		});
		if (this.refusesEarly && webhook?.restartWebhook === true && this.#parked === null) {
			response.status(409).json({ message: 'The execution does not wait.' });
			return;
		}
		if (webhook === undefined) {
			response.status(404).json({ message: 'n8n knows no such webhook' });
			return;
		}
		const body = await bodyOf(request);
		const functions = {
			...this.#context(this.#node, { mode: 'webhook' }),
			getBodyData: () => body,
			getQueryData: () => request.query,
			getHeaderData: () => request.headers,
			getParamsData: () => request.params,
			getRequestObject: () => request,
			getResponseObject: () => response,
			getWebhookName: () => webhook.name,
			getNodeWebhookUrl: () => `https://n8n.example.com/webhook/${String(webhook.path)}`,
			evaluateExpression: (expression: string) => this.#evaluate(expression, this.#parked ?? { json: {} }),
		};
		const served = this.#type.webhook?.call(functions as unknown as IWebhookFunctions);
		const told = await Promise.resolve(served).then(
			(given) => ({ given, error: null }),
			(error: unknown) => ({ given: undefined, error: errorOf(error) }),
		);
		this.stage.happened();
		if (told.error !== null) {
			this.#runs.push({ what: 'webhook', error: told.error });
			response.status(500).json({ message: 'Workflow Webhook Error: Workflow could not be started!' });
			return;
		}
		const { workflowData, webhookResponse, noWebhookResponse } = told.given ?? {};
		if (workflowData !== undefined) {
			const run: Data = { what: 'webhook', items: plain(workflowData) };
			this.#runs.push(run);
			this.#endedAt.set(run, this.stage.now);
			this.#parked = null;
			this.#triggered = workflowData[0] ?? [];
			this.#runNext(response);
			// n8n leaves the response to a node further down, or to the end of the execution.
			if (webhook.responseMode === 'responseNode') return;
		}
		if (noWebhookResponse === true) return;
		if (webhookResponse !== undefined) response.status(200).json(webhookResponse);
		else
			response
				.status(200)
				.json({ message: workflowData === undefined ? 'Webhook call received' : 'Workflow was started' });
	}

	/** The rest of the workflow. */
	#runNext(response: Response): void {
		const { next } = this.test;
		if (next === undefined) return;
		if (this.workflow !== null) {
			this.workflow({
				run: (item) => this.#runNode(next, [{ json: item as IDataObject }], response),
				// What n8n itself says of an execution that failed.
				fail: () => void response.status(500).json({ message: 'Error in workflow' }),
			});
		} else this.#runNode(next, this.#triggered, response);
	}

	#runNode(next: NonNullable<Case['next']>, items: INodeExecutionData[], response: Response): void {
		const type = typeOf(next.node);
		const node = nodeOf('next', type, next.settings ?? {}, this.test.nodeSettings ?? {});
		this.#begin(next.node, this.#execute(type, node, items, response));
	}

	/** What every context of n8n has. */
	#context(node: INode, { mode = 'manual' }: { mode?: string }) {
		return {
			logger: { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} },
			getNode: () => node,
			getMode: () => mode,
			getActivationMode: () => 'activate',
			getWorkflow: () => ({ id: this.test.name, name: this.test.name, active: true }),
			getTimezone: () => 'Asia/Kolkata',
			getInstanceId: () => 'recorded',
			getExecutionId: () => '1042',
			getWorkflowStaticData: () => this.#staticData,
			getPollBudgetMs: () => 60_000,
			getCredentials: async (type: string) => await Promise.resolve(this.#credentials(type)),
			getNodeParameter: (name: string, fallback?: unknown, options?: { extractValue?: boolean }) =>
				this.#parameter(node, name, fallback, options, { json: {} }),
			getCurrentNodeParameter: (name: string) => this.#parameter(node, name, undefined, undefined, { json: {} }),
			helpers: {
				// Every name of the world is on the internet. 0.1.0 does not look any up.
				getSecureEgressFilter: () => ({
					createSecureLookup: () => (_name: string, _options: object, done: (...found: unknown[]) => void) =>
						done(null, [{ address: '8.8.8.8', family: 4 }]),
				}),
				httpRequest: async (options: IHttpRequestOptions) =>
					await httpRequestOf(this.recorder.url, options, null, this.timesOut),
				httpRequestWithAuthentication: async (type: string, options: IHttpRequestOptions) => {
					try {
						return await httpRequestOf(
							this.recorder.url,
							options,
							await this.#authorization(type),
							this.timesOut,
						);
					} catch (error) {
						// As n8n does: whatever failed is wrapped.
						throw new NodeApiError(node, error as JsonObject);
					}
				},
				prepareBinaryData: async (bytes: Buffer, fileName?: string, mimeType?: string) =>
					await Promise.resolve({
						data: bytes.toString('base64'),
						fileName,
						mimeType,
						fileSize: `${bytes.length} B`,
					}),
				returnJsonArray: (found: IDataObject | IDataObject[]) => [found].flat().map((json) => ({ json })),
			},
		};
	}

	#executeFunctions(node: INode, items: INodeExecutionData[], response: Response | null, notes: Data) {
		const executeData = {
			data: { main: [items] },
			node,
			source: null,
			...(this.#metadata !== null && { metadata: this.#metadata }),
		};
		return {
			...this.#context(node, {}),
			getInputData: () => items,
			getNodeParameter: (name: string, index: number, fallback?: unknown, options?: { extractValue?: boolean }) =>
				this.#parameter(node, name, fallback, options, items[index] ?? { json: {} }),
			continueOnFail: () => node.continueOnFail === true || /^continue/.test(node.onError ?? ''),
			isToolExecution: () => this.test.tool === true,
			getExecuteData: () => executeData,
			setMetadata: (metadata: ITaskMetadata) => void (this.#metadata = metadata),
			getContext: () => this.#flowContext,
			getExecutionCancelSignal: () => undefined,
			evaluateExpression: (expression: string, index: number) =>
				this.#evaluate(expression, items[index] ?? { json: {} }),
			getParentNodes: () =>
				node.id === 'next' ? [{ name: this.#node.name, type: this.#node.type, disabled: false }] : [],
			addExecutionHints: (...hints: unknown[]) => void Object.assign(notes, { hints }),
			putExecutionToWait: async (until: Date) => {
				this.#parked = executeData.data.main[0]?.[0] ?? null;
				this.#wakesAt = until.getTime();
				Object.assign(notes, { waitsUntil: until.toISOString(), parkedWith: plain(executeData.data.main[0]) });
				await Promise.resolve();
			},
			sendResponse: async (sent: { statusCode?: number; headers?: Record<string, string>; body?: unknown }) => {
				await Promise.resolve();
				if (response === null || response.headersSent) return;
				const { statusCode = 200, headers = {}, body } = sent;
				response.statusCode = statusCode;
				for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
				response.end(Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body));
			},
		};
	}

	#parameter(
		node: INode,
		name: string,
		fallback: unknown,
		options: { extractValue?: boolean } | undefined,
		item: INodeExecutionData,
	): unknown {
		const found = valueAt(node.parameters, name);
		if (found === undefined && fallback === undefined) throw new Error(`Could not get parameter "${name}"`);
		const value = this.#resolve(found === undefined ? fallback : found, item);
		const locator = typeof value === 'object' && value !== null && '__rl' in value;
		return options?.extractValue === true && locator ? (value as unknown as Data)['value'] : value;
	}

	/** Expressions in parameters. */
	#resolve(value: unknown, item: INodeExecutionData): unknown {
		if (typeof value === 'string') return value.startsWith('=') ? this.#evaluate(value.slice(1), item) : value;
		if (Array.isArray(value)) return value.map((entry) => this.#resolve(entry, item));
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, this.#resolve(entry, item)]));
	}

	/** The few expressions there are. An unknown one fails, as a broken one does in n8n. */
	#evaluate(expression: string, item: INodeExecutionData): unknown {
		const [, inner = ''] = /^\{\{\s*(.*?)\s*\}\}$/s.exec(expression) ?? [];
		if (inner === '$execution.resumeUrl') return this.test.resumeUrl ?? RESUME_URL;
		if (inner === '$json') return item.json;
		const [, field] = /^\$json\.([\w.]+)$/.exec(inner) ?? [];
		if (field !== undefined) return valueAt(item.json, field);
		const [, quoted, rest = ''] = /^\$\(("(?:[^"\\]|\\.)*")\)\.first\(\)\.json(?:\.([\w.]+))?$/.exec(inner) ?? [];
		if (quoted !== undefined && JSON.parse(quoted) === this.#node.name)
			return valueAt(this.#triggered[0]?.json, rest);
		throw new Error(`This n8n cannot evaluate ${expression}`);
	}

	/** A credential as saved, fields nobody filled in with their defaults. */
	#credentials(type: string): Data {
		const described = credentialTypes.get(type);
		const used = this.#type.description.credentials?.some(({ name }) => name === type) === true;
		if (described === undefined || !used) throw new Error(`Node does not require credentials of the type ${type}`);
		const { apiKey, apiToken, webhookToken } = SECRETS;
		const saved: Data = {
			region: 'custom',
			baseUrl: this.recorder.url,
			sid: 'acme1',
			apiKey,
			apiToken,
			token: webhookToken,
		};
		const all: Data = { ...saved, ...this.test.account, ...this.test.secrets };
		const fields = described.properties.filter((field) => field.type !== 'notice');
		return Object.fromEntries(fields.map((field) => [field.name, all[field.name] ?? field.default]));
	}

	/** What the credential's own description says about authentication. */
	async #authorization(credential: string): Promise<string> {
		const { authenticate } = credentialTypes.get(credential) ?? {};
		const saved = this.#credentials(credential);
		const basic = (username: string, password: string): string =>
			`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
		if (typeof authenticate === 'function') {
			const { auth } = await authenticate(saved as ICredentialDataDecryptedObject, {
				url: 'https://api.exotel.com/',
			});
			return basic(auth?.username ?? '', auth?.password ?? '');
		}
		// As 0.1.0 has it.
		const auth = authenticate?.properties.auth;
		const field = (written: unknown): string => {
			const [, name = ''] = /^=\{\{\s*\$credentials\.(\w+)\s*\}\}$/.exec(String(written)) ?? [];
			return String(saved[name] ?? '');
		};
		return basic(field(auth?.username), field(auth?.password));
	}
}

function typeOf(name: string): INodeType {
	const type = types.get(name);
	if (type === undefined) throw new Error(`No n8n node is named ${name}`);
	return type;
}

/** What n8n shows and stores of an error. */
function errorOf(error: unknown): unknown {
	if (!(error instanceof Error)) return { thrown: String(error) };
	const { name, message, description, httpCode, failure, context } = error as Error & Data;
	const { itemIndex } = (context ?? {}) as { itemIndex?: unknown };
	return plain({ name, message, description, httpCode, failure, itemIndex });
}

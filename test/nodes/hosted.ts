/** Stand-ins for what n8n hands a node, as far as these tests need them; requests really go out, by fetch. */
import { Readable } from 'node:stream';
import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeType,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { Exotel } from '../../nodes/Exotel/Exotel.node.js';

export const node: INode = {
	id: 'node-1',
	name: 'Exotel',
	type: '@exonodes/n8n-nodes-exotel.exotel',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Publishes a trigger with these settings as n8n does: what exists already is not created. Gives the log's warnings. */
export async function publish(
	{ webhookMethods }: Pick<INodeType, 'webhookMethods'>,
	settings: IDataObject,
	mode = 'activate',
	written = settings,
): Promise<string[]> {
	const warnings: string[] = [];
	const functions = {
		getNode: () => ({ ...node, parameters: written }),
		getNodeParameter: (name: string, otherwise?: unknown) => settings[name] ?? otherwise,
		getActivationMode: () => mode,
		logger: { warn: (text: string) => void warnings.push(text) },
	} as unknown as IHookFunctions;
	const { checkExists, create } = webhookMethods!['default']!;
	if (!(await checkExists.call(functions))) await create.call(functions);
	return warnings;
}

export interface PollHost {
	functions: IPollFunctions;
	staticData: IDataObject;
	/** How often Exotel was asked. */
	requests(): number;
	/** The next request fails like this, or the one after `others` more. */
	failNext(error: Error, others?: number): void;
	/** Changes what Exotel answers from now on. */
	rewrite(change: (body: string) => string): void;
	/** What n8n's log was told. */
	log: string[];
	/** Hands over what a poll returned as n8n does; the answer settles whether its run was stored. */
	emit(output: INodeExecutionData[][]): { stored(): Promise<void>; failed(error: Error): Promise<void> };
}

/** What a polling trigger gets; static data survives between polls as n8n keeps it. */
export function pollHost(
	baseUrl: string,
	options: { filters?: IDataObject; mode?: string; budgetMs?: number } = {},
): PollHost {
	const staticData: IDataObject = {};
	let requests = 0;
	const failures = new Map<number, Error>();
	let rewritten = (body: string): string => body;
	const log: string[] = [];
	const authorization = `Basic ${Buffer.from('key:token').toString('base64')}`;
	const httpRequestWithAuthentication = async (_: string, request: IHttpRequestOptions) => {
		requests += 1;
		const failure = failures.get(requests);
		if (failure !== undefined) throw failure;
		const response = await fetch(request.url, {
			method: request.method ?? 'GET',
			headers: { ...(request.headers as Record<string, string>), authorization },
		});
		const headers: Record<string, string> = {};
		response.headers.forEach((value, name) => (headers[name] = value));
		const text = rewritten(await response.text());
		return { statusCode: response.status, headers, body: Readable.from([Buffer.from(text)]) };
	};
	let done: Parameters<IPollFunctions['__emit']>[2];
	const settled = async () => await new Promise<void>((resolve) => void setImmediate(resolve));
	const functions = {
		__emit: (_data: unknown, _response: unknown, given: typeof done) => void (done = given),
		getMode: () => options.mode ?? 'trigger',
		getNode: () => node,
		getNodeParameter: () => options.filters ?? {},
		getCredentials: async () => ({ region: 'custom', baseUrl, sid: 'demo1' }),
		getWorkflowStaticData: () => staticData,
		getPollBudgetMs: () => options.budgetMs ?? 60_000,
		logger: { info: () => {}, warn: (line: string) => void log.push(line) },
		helpers: {
			httpRequestWithAuthentication,
			createDeferredPromise: () => {
				const deferred: Record<string, unknown> = {};
				deferred['promise'] = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
				return deferred;
			},
			httpRequest: () => Promise.reject(new Error('not without authentication')),
		},
	};
	return {
		functions: functions as unknown as IPollFunctions,
		staticData,
		requests: () => requests,
		failNext: (error, others = 0) => void failures.set(requests + 1 + others, error),
		rewrite: (change) => void (rewritten = change),
		log,
		emit: (output) => {
			done = undefined;
			(functions as unknown as IPollFunctions).__emit(output);
			const run = done as Parameters<IPollFunctions['__emit']>[2];
			return {
				stored: async () => {
					run?.resolve(undefined);
					await settled();
				},
				failed: async (error) => {
					run?.reject(error);
					await settled();
				},
			};
		},
	};
}

/** Settings of the node. */
export interface Settings {
	retryOnFail?: boolean;
	onError?: 'continueErrorOutput' | 'continueRegularOutput';
	isTool?: boolean;
	/** The input items. */
	items?: INodeExecutionData[];
	/** What n8n's request function throws in place of a response. */
	lost?: boolean;
	/** What n8n stored with the execution when the node began to wait. */
	metadata?: unknown;
}

/** An expression of the user that fails when n8n works it out. */
export class FailingExpression {}

/** Runs the Exotel node, Connect Numbers for one item unless told otherwise; `placed` counts the requests that make a phone ring. */
export function callHost(url: string, parameters: Record<string, unknown>, settings: Settings = {}) {
	const values: Record<string, unknown> = {
		resource: 'call',
		operation: 'connectNumbers',
		from: '+919812345678',
		to: '+918012345605',
		exoPhone: '08047112233',
		options: {},
		...parameters,
	};
	const seen = { placed: 0, waitTill: null as Date | null, hints: [] as string[] };
	const data = { main: [settings.items ?? [{ json: {} }]] };
	let { metadata } = settings;
	const functions = {
		getNode: () => ({ ...node, ...settings }),
		getInputData: () => data.main[0]!,
		getExecuteData: () => ({ data, metadata }),
		getExecutionId: () => '1',
		setMetadata: (stored: unknown) => void (metadata = structuredClone(stored)),
		getNodeParameter: (name: string, _item: number, otherwise?: unknown) => {
			if (values[name] instanceof FailingExpression) throw new Error('The expression cannot be worked out');
			return values[name] ?? otherwise;
		},
		evaluateExpression: () => 'http://127.0.0.1:5678/webhook-waiting/1?signature=abc',
		getCredentials: async () => ({ region: 'custom', baseUrl: url, sid: 'demo1' }),
		continueOnFail: () => settings.onError?.startsWith('continue') === true,
		isToolExecution: () => settings.isTool === true,
		addExecutionHints: ({ message }: { message: string }) => void seen.hints.push(message),
		putExecutionToWait: async (till: Date) => {
			seen.waitTill = till;
		},
		logger: { info: () => {}, warn: () => {} },
		helpers: {
			httpRequestWithAuthentication: async (_: string, request: IHttpRequestOptions) => {
				if (request.method === 'POST') {
					seen.placed += 1;
					if (settings.lost === true) throw new Error('socket hang up');
				}
				const authorization = `Basic ${Buffer.from('key:token').toString('base64')}`;
				const response = await fetch(request.url, {
					method: request.method ?? 'GET',
					headers: { ...(request.headers as Record<string, string>), authorization },
					body: request.body as string,
				});
				return {
					statusCode: response.status,
					headers: { 'content-type': response.headers.get('content-type') ?? '' },
					body: Readable.from([Buffer.from(await response.text())]),
				};
			},
		},
	};
	const outputs = async (): Promise<INodeExecutionData[][]> =>
		await new Exotel().execute.call(functions as unknown as IExecuteFunctions);
	return { seen, outputs, run: async () => (await outputs())[0]! };
}

/** What a waiting node makes of a callback; `answers`: the status codes it refuses it with. `attempt`: null names none. */
export async function resumed(
	baseUrl: string,
	parked: Record<string, unknown>,
	body: object,
	{
		attempt = parked['attemptId'],
		parameters = {},
	}: { attempt?: unknown; parameters?: Record<string, unknown> } = {},
) {
	const answers: number[] = [];
	const response = { status: (code: number) => (answers.push(code), response), json: () => response, end: () => {} };
	const given = await new Exotel().webhook.call({
		getRequestObject: () => ({
			method: 'POST',
			path: '/webhook-waiting/1/node-1',
			headers: { 'content-type': 'application/json' },
			ip: '127.0.0.1',
		}),
		getResponseObject: () => response,
		getBodyData: () => body,
		getQueryData: () => (attempt === null ? {} : { attempt }),
		getNode: () => node,
		getNodeParameter: (name: string, otherwise: unknown) => {
			if (parameters[name] instanceof FailingExpression) throw new Error('The expression cannot be worked out');
			return parameters[name] ?? otherwise;
		},
		getCredentials: async () => ({ region: 'custom', baseUrl, sid: 'demo1' }),
		evaluateExpression: () => parked,
		logger: { info: () => {} },
		getWebhookName: () => 'default',
		helpers: {
			httpRequestWithAuthentication: async (_: string, request: IHttpRequestOptions) => {
				const headers = { authorization: `Basic ${Buffer.from('key:token').toString('base64')}` };
				const asked = await fetch(request.url, { headers });
				const received = Readable.from([Buffer.from(await asked.text())]);
				return { statusCode: asked.status, headers: {}, body: received };
			},
		},
	} as unknown as IWebhookFunctions);
	return { ...given, answers };
}

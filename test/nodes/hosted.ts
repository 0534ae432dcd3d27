/** Stand-ins for what n8n hands a node, as far as these tests need them; requests really go out, by fetch. */
import { Readable } from 'node:stream';
import type { IDataObject, IHttpRequestOptions, INode, IPollFunctions } from 'n8n-workflow';

export const node: INode = {
	id: 'node-1',
	name: 'Exotel',
	type: '@exonodes/n8n-nodes-exotel.exotel',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export interface PollHost {
	functions: IPollFunctions;
	staticData: IDataObject;
	/** How often Exotel was asked. */
	requests(): number;
	/** The next request fails like this. */
	failNext(error: Error): void;
}

/** What a polling trigger gets; static data survives between polls as n8n keeps it. */
export function pollHost(
	baseUrl: string,
	options: { filters?: IDataObject; mode?: string; budgetMs?: number } = {},
): PollHost {
	const staticData: IDataObject = {};
	let requests = 0;
	let failure: Error | null = null;
	const authorization = `Basic ${Buffer.from('key:token').toString('base64')}`;
	const httpRequestWithAuthentication = async (_: string, request: IHttpRequestOptions) => {
		requests += 1;
		if (failure !== null) {
			const error = failure;
			failure = null;
			throw error;
		}
		const response = await fetch(request.url, {
			method: request.method ?? 'GET',
			headers: { ...(request.headers as Record<string, string>), authorization },
		});
		const headers: Record<string, string> = {};
		response.headers.forEach((value, name) => (headers[name] = value));
		return { statusCode: response.status, headers, body: Readable.from([Buffer.from(await response.text())]) };
	};
	const functions = {
		getMode: () => options.mode ?? 'trigger',
		getNode: () => node,
		getNodeParameter: () => options.filters ?? {},
		getCredentials: async () => ({ region: 'custom', baseUrl, sid: 'demo1' }),
		getWorkflowStaticData: () => staticData,
		getPollBudgetMs: () => options.budgetMs ?? 60_000,
		logger: { info: () => {}, warn: () => {} },
		helpers: {
			httpRequestWithAuthentication,
			httpRequest: () => Promise.reject(new Error('not without authentication')),
		},
	};
	return {
		functions: functions as unknown as IPollFunctions,
		staticData,
		requests: () => requests,
		failNext: (error) => {
			failure = error;
		},
	};
}

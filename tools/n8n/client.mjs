/**
 * The few things of n8n's REST interface that tests and `npm run start:n8n` need: owner, credentials, workflows,
 * executions.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { installedN8n } from './install.mjs';

export const owner = { email: 'owner@example.com', firstName: 'Asha', lastName: 'Rao', password: 'Exonodes-2026' };

/** Signs in, creating the owner of a fresh instance first. @returns {Promise<N8nClient>} */
export async function connect(url) {
	const client = new N8nClient(url);
	const settings = await client.request('GET', '/rest/settings');
	const path = settings.userManagement?.showSetupOnFirstLoad ? '/rest/owner/setup' : '/rest/login';
	const body = path === '/rest/login' ? { emailOrLdapLoginId: owner.email, password: owner.password } : owner;
	await client.request('POST', path, body);
	return client;
}

/** One signed-in session. */
export class N8nClient {
	#cookie = '';

	constructor(url) {
		this.url = url;
	}

	/** The `data` of n8n's answer; throws with status and text when it is no success. */
	async request(method, resource, body) {
		const response = await fetch(`${this.url}${resource}`, {
			method,
			headers: { 'content-type': 'application/json', 'browser-id': 'exonodes', cookie: this.#cookie },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		if (cookies.length > 0) this.#cookie = cookies.join('; ');
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${resource} answered ${response.status}: ${text.slice(0, 500)}`);
		const decoded = text === '' ? {} : JSON.parse(text);
		return decoded.data ?? decoded;
	}

	get cookie() {
		return this.#cookie;
	}

	/** @returns {Promise<{ id: string, name: string }>} */
	async createCredential(type, name, data) {
		const { id } = await this.request('POST', '/rest/credentials', { type, name, data });
		return { id, name };
	}

	/** Tests a stored credential as the editor does. @returns {Promise<{ status: 'OK' | 'Error', message: string }>} */
	async testCredential(type, { id, name }, data) {
		return await this.request('POST', '/rest/credentials/test', { credentials: { id, name, type, data } });
	}

	/** @returns {Promise<{ id: string, versionId: string }>} */
	async createWorkflow(workflow) {
		return await this.request('POST', '/rest/workflows', { settings: { executionOrder: 'v1' }, ...workflow });
	}

	/** Publishes a workflow and waits until its webhooks and polls are live. */
	async publish({ id, versionId }) {
		await this.request('POST', `/rest/workflows/${id}/activate`, { versionId });
		await until(async () => {
			const { status, triggers } = await this.request('GET', `/rest/workflows/${id}/publication-status`);
			if (status === 'failed') {
				const reasons = triggers.map(({ errorMessage }) => errorMessage).join('; ');
				throw new Error(`Workflow ${id} could not be published: ${reasons}`);
			}
			return status === 'published';
		}, `workflow ${id} is published`);
	}

	async unpublish({ id }) {
		await this.request('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/** Newest first. */
	async executions({ id }) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
		const found = await this.request('GET', `/rest/executions?filter=${filter}&limit=100`);
		return found.results ?? found;
	}

	/** One execution with its data taken apart: `runData`, `error`. */
	async execution(id) {
		const execution = await this.request('GET', `/rest/executions/${id}`);
		const { parse } = createRequire(path.join(await installedN8n(), 'node_modules/x.js'))('flatted');
		const data = typeof execution.data === 'string' ? parse(execution.data) : execution.data;
		return { ...execution, runData: data?.resultData?.runData ?? {}, error: data?.resultData?.error };
	}

	/** Waits until an execution of the workflow has one of the states, and returns it with its data. */
	async waitForExecution(
		workflow,
		states = ['success', 'error', 'crashed', 'canceled'],
		{ newerThan = '0', seconds = 60 } = {},
	) {
		let found;
		await until(
			async () => {
				found = (await this.executions(workflow)).find(
					({ id, status }) => Number(id) > Number(newerThan) && states.includes(status),
				);
				return found !== undefined;
			},
			`an execution of workflow ${workflow.id} is ${states.join(' or ')}`,
			seconds,
		);
		return await this.execution(found.id);
	}
}

/** The items a node gave out at its last run, per output. */
export function outputOf(execution, nodeName, output = 0) {
	return execution.runData[nodeName]?.at(-1)?.data?.main?.[output]?.map(({ json }) => json) ?? null;
}

/** Asks until it is so; the description is for the error. */
export async function until(isSo, description, seconds = 60) {
	const latest = Date.now() + seconds * 1_000;
	while (!(await isSo())) {
		if (Date.now() > latest) throw new Error(`Waited ${seconds} s in vain until ${description}`);
		await new Promise((resolve) => setTimeout(resolve, 150));
	}
}

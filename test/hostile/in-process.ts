/** The entry points that are functions: what each makes of a hostile body, and how long it occupies the event loop. */
import assert from 'node:assert/strict';
import type { IWebhookFunctions } from 'n8n-workflow';
import {
	attemptOf,
	connectAgent,
	connectNumbers,
	ExotelError,
	getCall,
	listCalls,
	lookupNumber,
	parseSenderRules,
	readAppletRequest,
	readCallEvent,
	testAccount,
	usableOwnAnswer,
	type Account,
	type FieldSet,
	type IncomingRequest,
	type Operation,
} from '../../exotel/index';
import { getAgentCall } from '../../exotel/operations/get-agent-call';
import { listExoPhones } from '../../exotel/operations/list-exophones';
import { ExotelAppletTrigger } from '../../nodes/ExotelAppletTrigger/ExotelAppletTrigger.node.js';
import { ExotelTrigger } from '../../nodes/ExotelTrigger/ExotelTrigger.node.js';
import { requestBodies, responseBodies, type Body } from './bodies';

/** An entry point: takes a body, and gives what it makes of it or throws an `ExotelError`. */
export interface Entry {
	name: string;
	bodies: readonly Body[];
	/** Null when this body cannot come in that way. The function that is returned is measured. */
	prepare(body: Body): (() => unknown) | null;
}

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const TOKEN = 'hostile-run-token-0123';

const incoming = ({ type }: Body, body: unknown): IncomingRequest => ({
	method: 'POST',
	path: '/exotel/calls',
	headers: { 'content-type': type },
	query: `token=${TOKEN}`,
	body,
	remoteAddress: '127.0.0.1',
	receivedAt: 1_645_599_000_000,
});

/** What the parser of a host makes of a body: an object, or nothing when that parser refuses it. */
function parsed({ type, text }: Body): Record<string, unknown> | null {
	if (type.includes('urlencoded')) return Object.fromEntries(new URLSearchParams(text));
	if (!type.includes('json')) return null;
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? { ...value } : null;
	} catch {
		return null;
	}
}

type Reader = (request: IncomingRequest) => unknown;

function readerEntries(name: string, read: Reader): Entry[] {
	return [
		{
			name: `${name}, text`,
			bodies: requestBodies,
			prepare: (body) => () => read(incoming(body, body.text)),
		},
		{
			name: `${name}, bytes`,
			bodies: requestBodies,
			prepare(body) {
				const bytes = new TextEncoder().encode(body.text);
				return () => read(incoming(body, bytes));
			},
		},
		{
			name: `${name}, parsed by the host`,
			bodies: requestBodies,
			prepare(body) {
				const object = parsed(body);
				return object === null ? null : () => read(incoming(body, object));
			},
		},
		{
			name: `${name}, query`,
			bodies: requestBodies.filter(({ type }) => type.includes('urlencoded')),
			prepare: (body) => () => read({ ...incoming(body, undefined), method: 'GET', query: body.text }),
		},
	];
}

const operations = [
	connectNumbers,
	connectAgent,
	getCall,
	getAgentCall,
	listCalls,
	lookupNumber,
	listExoPhones,
	testAccount,
] as unknown as Operation<FieldSet, unknown>[];

/** A trigger of the n8n package, with what n8n hands to it. */
function triggerEntry(name: string, trigger: Pick<ExotelTrigger, 'webhook'>): Entry {
	return {
		name,
		bodies: requestBodies,
		prepare(body) {
			const object = parsed(body);
			if (object === null) return null;
			const staticData = {};
			const functions = {
				getRequestObject: () => ({ ...incoming(body, null), ip: '127.0.0.1', socket: {} }),
				getQueryData: () => ({ token: TOKEN }),
				getBodyData: () => object,
				getHeaderData: () => ({}),
				getResponseObject: () => response,
				getNodeParameter: (_: string, fallback: unknown) => fallback,
				getCredentials: () => Promise.resolve({ token: TOKEN, region: 'singapore', sid: 'acme1' }),
				getWorkflowStaticData: () => staticData,
				getWorkflow: () => ({ id: 'w' }),
				getNode: () => ({ id: 'n', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} }),
				getMode: () => 'trigger',
				getWebhookName: () => 'default',
				getInstanceId: () => 'i',
				logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
			};
			const response: object = new Proxy(
				{},
				{ get: (_, name) => (name === 'headersSent' ? true : () => response) },
			);
			return () => trigger.webhook.call(functions as unknown as IWebhookFunctions);
		},
	};
}

export const entries: readonly Entry[] = [
	...readerEntries('core: status callback', (request) => readCallEvent(request, account)),
	...readerEntries('core: applet request', (request) => readAppletRequest(request, account)),
	{
		name: 'core: sender check',
		bodies: requestBodies,
		prepare: (body) => () => {
			const rules = parseSenderRules({
				tokens: [TOKEN],
				allowedAddresses: '127.0.0.2',
				trustedProxies: '127.0.0.1',
			});
			const request = { ...incoming(body, null), query: body.text, headers: { 'x-forwarded-for': body.text } };
			attemptOf(request);
			parseSenderRules({ tokens: 'anyone', allowedAddresses: '127.0.0.2', trustedProxies: '127.0.0.1' }).verify(
				request,
			);
			return rules.verify(request);
		},
	},
	...operations.map((operation): Entry => ({
		name: `core: response to ${operation.name}`,
		bodies: responseBodies,
		prepare: (body) => {
			const headers = { 'content-type': body.type };
			return () => operation.read({ status: 200, headers, body: body.text }, account);
		},
	})),
	{
		name: 'core: refusal',
		bodies: responseBodies,
		prepare: (body) => () =>
			getCall.read({ status: 403, headers: { 'content-type': body.type }, body: body.text }, account),
	},
	{
		name: 'core: response of a flow',
		bodies: requestBodies.filter(({ type }) => type.includes('json')),
		prepare: (body) => () =>
			usableOwnAnswer({ kind: 'connect', version: '1.0' }, { httpStatus: 200, body: body.text }),
	},
	triggerEntry('n8n: Exotel Trigger', new ExotelTrigger()),
	triggerEntry('n8n: Exotel Applet Trigger', new ExotelAppletTrigger()),
];

/** Milliseconds of processor time: what other programs of the machine do does not count. */
export function processorTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

/**
 * The milliseconds of processor time that one body occupies the event loop; null when it cannot come in that way. Fails
 * when anything but an `ExotelError` is thrown.
 */
export async function occupied(entry: Entry, body: Body): Promise<number | null> {
	const work = entry.prepare(body);
	if (work === null) return null;
	const started = processorTime();
	try {
		await work();
	} catch (error) {
		assert.ok(error instanceof ExotelError, `${entry.name}, ${body.name}: ${String(error)}`);
	}
	return processorTime() - started;
}

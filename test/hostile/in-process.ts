/** The entry points that are functions: what each makes of a hostile body, and how long it occupies the event loop. */
import assert from 'node:assert/strict';
import type { IWebhookFunctions } from 'n8n-workflow';
import {
	appletKinds,
	attemptOf,
	connectAnswerFields,
	downloadRecording,
	ExotelError,
	gatherAnswerFields,
	getCall,
	greetingAnswerFields,
	parseSenderRules,
	perform,
	readAccount,
	readAppletRequest,
	readCallEvent,
	usableAnswer,
	usableOwnAnswer,
	type Account,
	type AnswerInput,
	type AppletKind,
	type FieldSet,
	type HttpRequest,
	type HttpResponse,
	type IncomingRequest,
	type Operation,
} from '../../exotel/index';
import { ExotelAppletTrigger } from '../../nodes/ExotelAppletTrigger/ExotelAppletTrigger.node.js';
import { ExotelTrigger } from '../../nodes/ExotelTrigger/ExotelTrigger.node.js';
import { allOperations } from '../exotel/operations/all-operations';
import { listBodies, requestBodies, responseBodies, type Body } from './bodies';

/** An entry point: takes a body, and gives what it makes of it or throws an `ExotelError`. */
export interface Entry {
	name: string;
	bodies: readonly Body[];
	/** Null when this body cannot come in that way. What is returned is measured, each function as a request of its own. */
	prepare(body: Body): (() => unknown) | (() => unknown)[] | null;
}

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
/** As much as Node.js reads of a request line and its headers. */
const HEAD_BYTES = 16_384;
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
			prepare: (body) => () =>
				read({ ...incoming(body, undefined), method: 'GET', query: body.text.slice(0, HEAD_BYTES) }),
		},
	];
}

/** A recording may be any bytes. */
const operations = allOperations.filter((operation) => operation !== downloadRecording);

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

/** What a message or an item may hold where a form has a field, one after the other: the value of a body, or its text. */
function inputEntry(name: string, fields: readonly string[], read: (input: Payload) => unknown): Entry {
	return {
		name,
		bodies: [
			...requestBodies.filter(({ name, type }) => !type.includes('multipart') && !/nested|500,000/.test(name)),
			...listBodies,
		],
		prepare(body) {
			const object = parsed(body);
			const values = object === null ? [body.text] : [body.text, object, object['Legs']];
			return (body.list === undefined ? values : [body.list]).flatMap((value) =>
				fields.map((field) => () => read({ [field]: value })),
			);
		},
	};
}

type Payload = Record<string, unknown>;

const answerInputs: Record<AppletKind, { fields: readonly string[]; inputOf: (input: Payload) => AnswerInput }> = {
	connect: {
		fields: Object.keys(connectAnswerFields),
		inputOf: (input) => ({ kind: 'connect', connect: { destinations: ['+919876543210'], ...input } }),
	},
	gather: { fields: Object.keys(gatherAnswerFields), inputOf: (input) => ({ kind: 'gather', gather: input }) },
	greeting: {
		fields: Object.keys(greetingAnswerFields),
		inputOf: (input) => ({ kind: 'greeting', greeting: input }),
	},
	passthru: { fields: ['caseName'], inputOf: (input) => ({ kind: 'case', ...input }) },
};

/** What comes of an answer, as the hosts hand it on: written as JSON, or copied. */
async function handedOn(operation: Operation<FieldSet, unknown>, answer: HttpResponse): Promise<void> {
	const options = { transport: () => Promise.resolve(answer), clock: stoppedClock, account, maxAttempts: 1 };
	const fixed = { ...operation, request: () => requestOf(operation) };
	const outcome = await perform(fixed, account, {}, options).catch((error: unknown) => error);
	if (outcome instanceof Error && !(outcome instanceof ExotelError)) throw outcome;
	JSON.stringify(outcome instanceof ExotelError ? outcome.raw : outcome);
}

const stoppedClock = { now: () => 0, elapsed: () => 0, sleep: () => Promise.resolve() };

function requestOf({ name }: Operation<FieldSet, unknown>): HttpRequest {
	const isCall = name.startsWith('connect');
	return {
		method: isCall ? 'POST' : 'GET',
		url: 'https://api.exotel.com/v1/Accounts/acme1/Calls.json',
		headers: {},
		placesCall: isCall,
		authenticate: true,
		publicOnly: false,
		responseType: 'text',
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
			const text = body.text.slice(0, HEAD_BYTES);
			const request = { ...incoming(body, null), query: text, headers: { 'x-forwarded-for': text } };
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
			return () => handedOn(operation, { status: 200, headers, body: body.text });
		},
	})),
	{
		name: 'core: refusal',
		bodies: responseBodies,
		prepare: (body) => () =>
			handedOn(getCall, {
				status: 403,
				headers: { 'content-type': body.type },
				body: body.text,
			}),
	},
	{
		name: 'core: response of a flow',
		bodies: requestBodies.filter(({ type }) => type.includes('json')),
		prepare: (body) => () =>
			usableOwnAnswer({ kind: 'connect', version: '1.0' }, { httpStatus: 200, body: body.text }),
	},
	{
		name: 'core: response of a flow, as an object',
		bodies: [...requestBodies.filter(({ type }) => type.includes('json')), ...listBodies],
		prepare(body) {
			const object = body.list ?? parsed(body);
			if (object === null) return null;
			return (['connect', 'gather', 'passthru', 'greeting'] as const).map(
				(kind) => () => usableOwnAnswer({ kind, version: '1.0' }, { httpStatus: 200, body: object }),
			);
		},
	},
	...operations.map((operation) =>
		inputEntry(`core: input of ${operation.name}`, Object.keys(operation.fields), (input) =>
			operation.request(account, input),
		),
	),
	...appletKinds.map((kind) => {
		const { fields, inputOf } = answerInputs[kind];
		return inputEntry(`core: answer to ${kind}`, fields, (input) =>
			usableAnswer({ kind, version: '1.0' }, inputOf(input), account),
		);
	}),
	inputEntry('core: account', ['region', 'baseUrl', 'sid', 'timeZone', 'defaultCountry'], readAccount),
	triggerEntry('n8n: Exotel Trigger', new ExotelTrigger()),
	triggerEntry('n8n: Exotel Applet Trigger', new ExotelAppletTrigger()),
];

/** Milliseconds of processor time: what other programs of the machine do does not count. */
export function processorTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

/** What comes in with one body, each as a request of its own; nothing when it cannot come in that way. */
export function worksOf(entry: Entry, body: Body): (() => unknown)[] {
	return [entry.prepare(body) ?? []].flat();
}

/**
 * The milliseconds of processor time that one body occupies the event loop at most; null when it cannot come in that
 * way. Fails when anything but an `ExotelError` is thrown.
 */
export async function occupied(entry: Entry, body: Body): Promise<number | null> {
	const works = worksOf(entry, body);
	if (works.length === 0) return null;
	let longest = 0;
	for (const work of works) {
		const started = processorTime();
		try {
			await work();
		} catch (error) {
			assert.ok(error instanceof ExotelError, `${entry.name}, ${body.name}: ${String(error)}`);
		}
		longest = Math.max(longest, processorTime() - started);
	}
	return longest;
}

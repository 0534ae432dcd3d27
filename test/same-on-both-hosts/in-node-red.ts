/** The case of Node-RED for a description, and what came of it. */
import type { Case, Data, Step } from '../recorded/case';
import { runInNodeRed } from '../recorded/node-red';
import type { Answering, Placing, Reading, Reporting, SharedCase, Webhook } from './description';
import { dataOf, isData, requestsOf, sentence, type Happened, type Told } from './happened';
import { isPlacing } from './in-n8n';

const MODES = { connectNumbers: 'numbers', connectFlow: 'flow', connectAgent: 'agent' } as const;

/** Runs a description in Node-RED. */
export async function inNodeRed(shared: SharedCase): Promise<Happened> {
	let rounds = 0;
	const text = await runInNodeRed(nodeRedCase(shared), async () => {
		rounds += 1;
		return await Promise.resolve(rounds > 2);
	});
	return happenedInNodeRed(shared, dataOf(JSON.parse(text)));
}

function nodeRedCase(shared: SharedCase): Case {
	const { name, answers } = shared;
	const common = { name, host: 'node-red' as const, ...(answers !== undefined && { answers }) };
	const own =
		shared.operation === 'callEvents'
			? reporting(shared)
			: shared.operation === 'applet'
				? answering(shared)
				: isPlacing(shared)
					? placing(shared)
					: reading(shared);
	return { ...common, ...own, account: { ...shared.account, ...own.account } };
}

type OwnPart = Pick<Case, 'node' | 'steps' | 'settings' | 'account' | 'secrets' | 'next'>;

/** Values as the editor saves them: each with its type beside it. */
function typed(fields: Data): Data {
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, value]) => {
			const type = typeof value;
			if (type === 'number')
				return [
					[name, String(value)],
					[`${name}Type`, 'num'],
				];
			if (type === 'boolean')
				return [
					[name, String(value)],
					[`${name}Type`, 'bool'],
				];
			if (type === 'object')
				return [
					[name, JSON.stringify(value)],
					[`${name}Type`, 'json'],
				];
			return [
				[name, value],
				[`${name}Type`, 'str'],
			];
		}),
	);
}

function placing({ operation, fields, follows = false, later = [], publicUrl }: Placing): OwnPart {
	const steps = later.map((step): Step => {
		if (!('reportWithoutAttempt' in step)) return step;
		return { incoming: step.reportWithoutAttempt, with: { path: '/exotel/make-call/node' } };
	});
	// An address of this Node-RED, given as a path, is refused where n8n refuses to wait.
	const path = publicUrl === undefined ? {} : { statusCallbackUrl: '/exotel/calls' };
	const follow = follows && publicUrl === undefined;
	return {
		node: 'exotel-make-call',
		settings: { mode: MODES[operation], follow, ...typed({ ...fields, ...path }) },
		...(publicUrl !== undefined && { account: { publicUrl: publicUrl.address } }),
		steps: [{ input: { payload: 'go' } }, ...steps],
	};
}

function reading({ operation, fields, times = 1, later = [], account }: Reading): OwnPart {
	if (operation === 'listExoPhones') {
		// Node-RED lists ExoPhones for the editor only.
		const form = { region: 'custom', baseUrl: '{exotel}', sid: 'acme1', ...account };
		const path = '/admin/exotel-account/account/exophones';
		return { node: 'exotel-get-call', steps: [{ incoming: { path, json: form }, token: null }, ...later] };
	}
	const nodes = {
		getCall: 'exotel-get-call',
		listCalls: 'exotel-list-calls',
		lookupNumber: 'exotel-lookup-number',
		getRecording: 'exotel-get-recording',
	};
	const { api, ...rest } = fields;
	const settings: Data = { ...typed(rest), ...(api !== undefined && { api }) };
	if (operation === 'listCalls') settings['range'] = 'custom';
	// n8n tries once: the workflow waits and tries again.
	if (operation === 'getRecording') settings['waitSeconds'] = '0';
	const input = { input: { payload: 'go' } };
	return { node: nodes[operation], settings, steps: [...Array.from({ length: times }, () => input), ...later] };
}

/** Account and secrets of a webhook. */
function webhookOf(webhook: Webhook = {}): Pick<OwnPart, 'account' | 'secrets'> {
	const { token, previousToken, allowedAddresses, behindProxy } = webhook;
	return {
		account: {
			...(allowedAddresses !== undefined && { allowedAddresses }),
			...(token === 'anyone' && { anyoneMayCall: true }),
			...(behindProxy === true && { trustedProxies: '127.0.0.1' }),
		},
		secrets: {
			...(token !== undefined && token !== 'anyone' && { webhookToken: token }),
			...(previousToken !== undefined && { previousWebhookToken: previousToken }),
		},
	};
}

function reporting({ requests, webhook }: Reporting): OwnPart {
	return { node: 'exotel-call-events', settings: { path: 'calls' }, ...webhookOf(webhook), steps: requests };
}

function answering({ request, answer, fallback = {}, webhook, token }: Answering): OwnPart {
	const { destinations = '', branch = 'second', words = '' } = fallback;
	const connect = destinations === '' ? 'nobody' : 'numbers';
	const settings = {
		path: 'ask',
		fallback: connect,
		fallbackNumbers: destinations,
		fallbackBranch: branch,
		fallbackGather: words,
		fallbackGreeting: words,
	};
	const { fields = {}, answer: kind = 'connect', ...others } = answer ?? {};
	const next = { node: 'exotel-applet-answer', settings: { answer: kind, ...typed({ ...fields, ...others }) } };
	const incoming = { incoming: request, ...(token !== undefined && { token }) };
	return {
		node: 'exotel-applet',
		settings,
		...webhookOf(webhook),
		...(answer !== null && { next }),
		steps: [incoming, { advance: 5 }],
	};
}

function happenedInNodeRed(shared: SharedCase, recording: Data): Happened {
	const { messages = {}, answers = [] } = recording;
	const sent = Object.entries(messages as Record<string, Data[]>);
	// The recording lists outputs by name; what a node sent comes before the error of the node behind it.
	const outputs = [...sent.filter(([name]) => name !== 'caught'), ...sent.filter(([name]) => name === 'caught')];
	const told = outputs.flatMap(([output, all]) => all.flatMap((message) => toldOf(shared, output, message)));
	if (shared.operation === 'listExoPhones') {
		const [listed] = answers as Data[];
		const { exoPhones } = JSON.parse(String(listed?.['body'])) as { exoPhones: Data[] };
		const numbers = exoPhones.map(({ number }): Told => ({ result: number }));
		return { requests: requestsOf(shared, recording), told: numbers, answers: [] };
	}
	return {
		requests: requestsOf(shared, recording),
		told,
		answers: (answers as Data[]).map((answer) => {
			return { status: answer['status'], type: dataOf(answer['headers'])['content-type'], body: answer['body'] };
		}),
	};
}

function toldOf(shared: SharedCase, output: string, message: Data): Told[] {
	const { payload } = message;
	const exotel = dataOf(message['exotel']);
	if (output === 'caught') {
		const facts = dataOf(dataOf(message['error'])['cause']);
		// n8n writes a missed deadline into its log only: no node of the workflow can be told.
		if (shared.operation === 'applet' && facts['kind'] === 'busy') return [];
		return [{ error: errorOf(facts) }];
	}
	if (shared.operation === 'getRecording') return [{ result: dataOf(payload)['bytes'] }];
	if (!isPlacing(shared)) return [{ result: payload }];
	const error: Told[] = isData(exotel['error']) ? [{ error: errorOf(exotel['error']) }] : [];
	// A call that is not the node's comes out too, as an event without an attempt; n8n waits for one call only.
	if (exotel['attemptId'] === null) return [];
	if (shared.follows !== true) return error.length > 0 ? error : [{ result: payload }];
	// n8n gives out one item, the end; *placed* and *progress* are further outputs of Node-RED.
	return output === 'output 3' ? [...error, { result: payload }] : [];
}

function errorOf({ kind, message, hint, violations }: Data): { kind: unknown; text: string } {
	const broken = (violations as Data[]).map((violation) => violation['message']);
	return { kind, text: sentence(...(broken.length > 0 ? broken : [message]), hint) };
}

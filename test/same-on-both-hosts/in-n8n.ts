/** The case of n8n for a description, and what came of it. */
import { callEventTypes } from '../../exotel';
import type { Case, Data, Step } from '../recorded/case';
import { runInN8n } from '../recorded/n8n';
import type { Answering, Placing, Reading, Reporting, SharedCase, Webhook } from './description';
import { dataOf, isData, requestsOf, sentence, type Happened, type Told } from './happened';

/** A failed item instead of a failed run: it tells the kind of the error. */
const FAILED_ITEMS = { onError: 'continueRegularOutput' };
/** Fields that n8n's form has outside its options, by operation. */
const MAIN_FIELDS: Readonly<Record<string, readonly string[]>> = {
	connectNumbers: ['from', 'to'],
	connectFlow: ['from', 'flowId'],
	connectAgent: ['agentContact', 'agentId', 'to'],
	getCall: ['sid'],
	applet: ['destinations', 'promptText', 'maxDigits', 'greetingText', 'greetingUrl'],
};
const READING: Readonly<Record<Reading['operation'], { resource: string; operation: string }>> = {
	getCall: { resource: 'call', operation: 'get' },
	listCalls: { resource: 'call', operation: 'getMany' },
	lookupNumber: { resource: 'number', operation: 'lookup' },
	getRecording: { resource: 'call', operation: 'getRecording' },
	listExoPhones: { resource: 'exoPhone', operation: 'getMany' },
};

/** Runs a description in n8n. */
export async function inN8n(shared: SharedCase): Promise<Happened> {
	let rounds = 0;
	const text = await runInN8n(n8nCase(shared), async () => {
		rounds += 1;
		return await Promise.resolve(rounds > 2);
	});
	return happenedInN8n(shared, dataOf(JSON.parse(text)));
}

function n8nCase(shared: SharedCase): Case {
	const { name, account, answers } = shared;
	const common = {
		name,
		host: 'n8n' as const,
		nodeSettings: FAILED_ITEMS,
		...(account !== undefined && { account }),
		...(answers !== undefined && { answers }),
	};
	if (shared.operation === 'callEvents') return { ...common, ...reporting(shared) };
	if (shared.operation === 'applet') return { ...common, ...answering(shared) };
	return { ...common, ...(isPlacing(shared) ? placing(shared) : reading(shared)) };
}

export function isPlacing(shared: SharedCase): shared is Placing {
	return shared.operation.startsWith('connect');
}

/** The values of the fields, those outside the options and those inside. */
function split(operation: string, fields: Data): { main: Data; options: Data } {
	const main = MAIN_FIELDS[operation] ?? [];
	const entries = Object.entries(fields);
	return {
		main: Object.fromEntries(entries.filter(([name]) => main.includes(name))),
		options: Object.fromEntries(entries.filter(([name]) => !main.includes(name))),
	};
}

function placing({
	operation,
	fields,
	follows = false,
	later = [],
	publicUrl,
	answers = [],
}: Placing): Pick<Case, 'node' | 'steps'> {
	const { exoPhone = '', ...rest } = fields;
	const { main, options } = split(operation, rest);
	const settings = {
		resource: 'call',
		operation,
		...main,
		...(operation === 'connectAgent' && 'agentId' in main && { agentBy: 'agentId' }),
		exoPhone: { __rl: true, mode: 'number', value: exoPhone },
		simplify: false,
		...(follows && { waitForOutcome: true }),
		options,
	};
	const steps = later.map((step): Step => {
		if (!('reportWithoutAttempt' in step)) return step;
		const path = '/webhook-waiting/1042/node';
		return { incoming: step.reportWithoutAttempt, with: { path }, token: null };
	});
	const [first, ...others] = answers;
	const placed = first === 'v1 connect' || first === 'v1 connect flow' || first === 'v2 call placed';
	// Before it waits, n8n reads the call once: it may have ended already.
	const readOnce = first === 'v2 call placed' ? 'v2 call running' : 'v1 call running';
	const all = follows && placed ? { answers: [first, readOnce, ...others] } : {};
	const resume = publicUrl === undefined ? {} : { resumeUrl: `${publicUrl.address}/webhook-waiting/1042` };
	return { node: 'exotel', ...{ settings }, ...all, ...resume, steps: [{ input: {} }, ...steps] };
}

function reading({ operation, fields, times = 1, later = [] }: Reading): Pick<Case, 'node' | 'steps'> {
	const settings: Data = { ...READING[operation] };
	if (operation === 'getCall') {
		const { main, options } = split(operation, fields);
		Object.assign(settings, main, { simplify: false, options });
	} else if (operation === 'listCalls') {
		Object.assign(settings, { returnAll: true, simplify: false, filters: fields });
	} else if (operation === 'getRecording') {
		Object.assign(settings, { recordingBy: 'url' in fields ? 'url' : 'sid' }, fields);
	} else if (operation === 'listExoPhones') Object.assign(settings, { returnAll: true });
	else Object.assign(settings, fields);
	const input = Array.from({ length: times }, () => ({}));
	return { node: 'exotel', ...{ settings }, steps: [{ input }, ...later] };
}

/** Options and secrets of a trigger. */
function webhookOf({ token, previousToken, allowedAddresses, behindProxy }: Webhook = {}): {
	options: Data;
	/** Node-RED asks for no token where the account has none; n8n has a setting of its own for that. */
	authentication: 'token' | 'none';
	more: Pick<Case, 'secrets' | 'proxyHops'>;
} {
	const secrets = {
		...(token !== undefined && token !== 'anyone' && { token }),
		...(previousToken !== undefined && { previousToken }),
	};
	return {
		options: allowedAddresses === undefined ? {} : { allowedAddresses },
		authentication: token === 'anyone' ? 'none' : 'token',
		more: { secrets, ...(behindProxy === true && { proxyHops: 1 }) },
	};
}

function reporting({ requests, webhook }: Reporting): Pick<Case, 'node' | 'steps'> {
	const { options, more, authentication } = webhookOf(webhook);
	const settings = { authentication, events: [...callEventTypes], options };
	return { node: 'exotelTrigger', ...{ settings }, ...more, steps: requests };
}

function answering(shared: Answering): Pick<Case, 'node' | 'steps'> {
	const { request, answer, fallback = {}, webhook, token } = shared;
	const { options, more, authentication } = webhookOf(webhook);
	const { destinations = '', branch = 'second', words = '' } = fallback;
	const applet = shared.applet ?? 'connect';
	const fixed = { fallbackDestinations: destinations, fallbackBranch: branch, fallbackWords: words };
	const settings = { applet, authentication, ...fixed, options };
	const { fields = {}, ...kind } = answer ?? {};
	const { main, options: others } = split('applet', fields);
	const answered = { ...kind, ...main, options: others };
	const next = answer === null ? {} : { next: { node: 'exotelAppletAnswer', settings: answered } };
	const incoming = { incoming: request, ...(token !== undefined && { token }) };
	return { node: 'exotelAppletTrigger', ...{ settings }, ...more, ...next, steps: [incoming, { advance: 5 }] };
}

function happenedInN8n(shared: SharedCase, recording: Data): Happened {
	const runs = (recording['runs'] as Data[]).flatMap(itemsOf);
	const told = runs.flatMap(({ what, json, binary, parked }) => toldOf(shared, what, json, binary, parked));
	return {
		requests: requestsOf(shared, recording),
		told,
		answers: ((recording['answers'] ?? []) as Data[]).map((answer) => {
			const reason = /^\{"ok":false,"reason":"(.*)"\}$/.exec(String(answer['body']))?.[1];
			return { status: answer['status'], type: typeOf(answer), body: reason ?? answer['body'] };
		}),
	};
}

interface Item {
	what: string;
	json: Data;
	binary: Data | undefined;
	parked: boolean;
}

function itemsOf(run: Data): Item[] {
	const what = String(run['what']);
	if (isData(run['error'])) {
		const { message, description, name } = run['error'];
		// n8n has one sort of error for what the user filled in, and tells no kind of it.
		const kind = name === 'NodeOperationError' ? 'input' : null;
		// The help address has a place of its own in Node-RED.
		const hint = String(description ?? '').replace(/ ?More: \S+$/, '');
		return [{ what, json: { error: message, details: { kind, hint } }, binary: undefined, parked: false }];
	}
	const items = ((run['items'] as Data[][] | null)?.[0] ?? []) as { json: Data; binary?: Data }[];
	return items.map(({ json, binary }) => ({ what, json, binary, parked: 'waitsUntil' in run }));
}

function toldOf(shared: SharedCase, what: string, json: Data, binary: Data | undefined, parked: boolean): Told[] {
	if (typeof json['error'] === 'string') {
		const { kind = null, hint = '' } = dataOf(json['details']);
		return [{ error: { kind, text: sentence(json['error'], hint) } }];
	}
	if (shared.operation === 'applet') {
		if (what !== 'webhook') return [];
		const { fallback: _fallback, answerBy: _answerBy, raw: _raw, ...request } = json;
		return [{ result: request }];
	}
	if (shared.operation === 'callEvents') return [{ result: json }];
	if (binary !== undefined) return [{ result: dataOf(binary['data'])['data'] }];
	if (shared.operation === 'listExoPhones') return [{ result: json['number'] }];
	const { attemptId: _attemptId, raw: _raw, message, hint, ...result } = json;
	// What an execution is parked with until its time is up is n8n's own: Node-RED has sent *placed* by then.
	if (parked && result['reason'] === 'wait-timeout') return [];
	const error = { kind: 'unknown-outcome', text: sentence(message, hint) };
	return [...(message === undefined ? [] : [{ error }]), { result }];
}

const typeOf = (answer: Data): unknown => dataOf(answer['headers'])['content-type'];

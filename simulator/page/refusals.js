// Why a request to the user's side was refused or got no answer, in words, and what to do about it.
import { element, fill } from './element.js';

const STATUS_WORDS = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	413: 'Content Too Large',
	415: 'Unsupported Media Type',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};
const NOT_READY = 'Your server, or a proxy in front of it, is not ready. See whether Node-RED or n8n runs.';
/** What to do, by status; `3xx` and so on for the others. */
const REMEDIES = {
	401:
		'Copy the address again, whole, with its token: in Node-RED from the form of the node, in n8n with ' +
		'Webhook → Get Address.',
	403: 'Add the address of the simulator, for example 127.0.0.1, to the addresses that the node allows.',
	404:
		'Nothing answers at this address. Deploy the flow in Node-RED or publish the workflow in n8n; then compare ' +
		'the address with that of the node.',
	405: 'Compare the address with that of the node: this one does not take such a request.',
	502: NOT_READY,
	503: 'Your server has no time for this now. Send it again later, or see whether Node-RED or n8n runs.',
	504: NOT_READY,
	'3xx': 'A redirect is not followed. Enter the address to which it leads.',
	'4xx': 'Compare the address with that of the node.',
	'5xx': 'Your server failed while it handled the request. Its log says why.',
};
/** What to do when nothing came, by what the error says. */
const WITHOUT_ANSWER = [
	[
		/ECONNREFUSED/,
		'Nothing listens at this address. Start Node-RED or n8n, or correct host and port of the address.',
	],
	[/ENOTFOUND|EAI_AGAIN/, 'The name in the address is not known. Correct it.'],
	[/no answer within/, 'Let your server answer first, and do afterwards what takes long.'],
	[
		/EPROTO|CERT|SSL|certificate/,
		'The address needs a valid certificate, or begins with http:// instead of https://.',
	],
];
const SEE_WHETHER = 'See whether Node-RED or n8n runs, and compare the address with that of the node.';
const LONGEST_ANSWER = 160;

/**
 * In words what came back instead of an acceptance.
 *
 * @param {{ status: number | null, error: string | null, body: string | null }} answer
 *   `error`: why there was no answer
 * @returns {{ what: string, remedy: string } | null} null when the status is none of a refusal
 */
export function refusalOf({ status, error, body }) {
	if (status === null) {
		if (!error) return null;
		const [, remedy] = WITHOUT_ANSWER.find(([pattern]) => pattern.test(error)) ?? [];
		return { what: `no answer. ${sentence(error)}`, remedy: remedy ?? SEE_WHETHER };
	}
	if (status < 300) return null;
	const said = shortAnswer(body ?? '');
	const named = [status, STATUS_WORDS[status]].filter(Boolean).join(' ');
	return {
		what: said === '' ? `${named}.` : `${named}. Your server answered: “${said}”.`,
		remedy: REMEDIES[status] ?? REMEDIES[`${Math.floor(status / 100)}xx`] ?? SEE_WHETHER,
	};
}

/** The refusal of a delivery; null when there is none. */
export function refusedDelivery({ kind, status, error, answer }) {
	if (kind === 'passthru' && status === 302) return null;
	return refusalOf({ status, error, body: answer?.body ?? null });
}

/** The deliveries that were refused, each kind of refusal once; drawn again with `update(deliveries)`. */
export function refusalList(nameOf) {
	const list = element('ul', { class: 'refusals' });
	let drawn = '';
	const update = (deliveries) => {
		const counts = new Map();
		for (const delivery of deliveries) {
			const refusal = refusedDelivery(delivery);
			if (refusal === null) continue;
			const key = JSON.stringify([nameOf(delivery), refusal.what, refusal.remedy]);
			counts.set(key, (counts.get(key) ?? 0) + 1);
		}
		const entries = [...counts];
		const state = JSON.stringify(entries);
		if (state !== drawn) fill(list, entries.map(item));
		drawn = state;
		return entries.length === 0 ? '' : JSON.parse(entries.at(-1)[0]).slice(0, 2).join(': ');
	};
	return { list, update };
}

function item([key, count]) {
	const [name, what, remedy] = JSON.parse(key);
	const times = count > 1 ? ` (${count} times)` : '';
	return element(
		'li',
		{},
		element('p', { class: 'problem' }, element('strong', {}, `${name}${times}: `), what),
		element('p', {}, remedy),
	);
}

/** The message of a JSON answer, else the beginning of the text, without tags. */
function shortAnswer(body) {
	const text = messageIn(body) ?? body.replace(/<[^<>]*>/g, ' ');
	const words = text.replace(/\s+/g, ' ').trim();
	return words.length > LONGEST_ANSWER ? `${words.slice(0, LONGEST_ANSWER)} …` : words;
}

function messageIn(body) {
	try {
		const { message, error } = JSON.parse(body);
		return [message, error].find((text) => typeof text === 'string');
	} catch {
		return undefined;
	}
}

function sentence(text) {
	return /[.!?]$/.test(text) ? text : `${text}.`;
}

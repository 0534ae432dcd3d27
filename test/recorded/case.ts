/**
 * The cases as data: what is set, what comes in and what Exotel answers. What came of each is a file in recordings/.
 */
import fs from 'node:fs';
import path from 'node:path';

/** Any object out of a JSON file. */
export type Data = Record<string, unknown>;

/** One answer of the recorder that plays Exotel. */
export interface Answer {
	status?: number;
	headers?: Record<string, string>;
	/** Text is sent as it is, anything else as JSON. */
	body?: unknown;
	/** Bytes of a recording. */
	base64?: string;
	/** The connection is cut when the request has been read. */
	reset?: boolean;
}

/** One request that Exotel makes to a webhook. */
export interface Incoming {
	method?: string;
	path?: string;
	/** As text; a `token` is put in beside it. */
	query?: string;
	headers?: Record<string, string>;
	/** At most one of these. */
	text?: string;
	json?: unknown;
	form?: Record<string, string>;
	multipart?: Record<string, string>;
}

/** What happens in a case, in this order. */
export type Step =
	/** A message (Node-RED) or a list of items (n8n) comes to the node, or to the node behind it. */
	| { input: unknown; to?: 'next' }
	/** Exotel calls the node's webhook; `token: null` leaves the token out. */
	| { incoming: string | Incoming; with?: Incoming; token?: string | null }
	/** Exotel calls the address that request number `of` (from 0) named for its reports. */
	| { report: string | Incoming; with?: Incoming; of?: number }
	/** Seconds pass. */
	| { advance: number }
	/** The same flow is deployed once more (Node-RED). */
	| { redeploy: true }
	/** The last message of this output (from 1) comes back to the node, changed by `with` (Node-RED). */
	| { back: number; with?: Data }
	/** n8n asks a polling trigger; `manual` is a try in the editor. */
	| { poll: 'trigger' | 'manual' }
	/** n8n fills the list of a field of the form. */
	| { search: string; text?: string }
	/** n8n switches the workflow on. */
	| { activate: true };

/** One case. */
export interface Case {
	name: string;
	host: 'node-red' | 'n8n';
	/** Type of the node. */
	node: string;
	settings?: Data;
	/** What differs from the usual account. */
	account?: Data;
	/** What differs from the usual secrets. */
	secrets?: Data;
	/** A node behind the one under test; `apart` when no wire leads to it (Node-RED). */
	next?: { node: string; settings?: Data; apart?: true };
	/** Node-RED: false when the editor's parsers are not in front of the webhooks (own admin root). */
	parsedBodies?: boolean;
	/** Node-RED: true leaves out what the editor would have saved, as a flow written by hand does. */
	bare?: boolean;
	/** n8n: settings of the node besides its parameters (`retryOnFail`, `onError`). */
	nodeSettings?: Data;
	/** n8n: run as a tool of an AI agent. */
	tool?: boolean;
	/** n8n: the address under which it resumes this execution, instead of the usual one. */
	resumeUrl?: string;
	/** n8n: how many proxies in front of it are believed (`N8N_PROXY_HOPS`). */
	proxyHops?: number;
	/** n8n: the execution runs elsewhere, and the open response is closed when it has ended. */
	queue?: boolean;
	answers?: (string | Answer)[];
	steps: Step[];
}

/** What one case gave: requests, and everything the host saw. */
export type Recording = Data & { requests: Data[] };

const folder = path.join(__dirname, 'cases');

function read<T>(...parts: string[]): T {
	return JSON.parse(fs.readFileSync(path.join(folder, ...parts), 'utf8')) as T;
}

/** Canned answers of Exotel by name. */
export const answers = read<Record<string, Answer>>('shared', 'answers.json');
/** Requests of Exotel by name. */
export const incoming = read<Record<string, Incoming>>('shared', 'incoming.json');
/** What the Node-RED editor saves for a node nobody changed, by type. */
export const editorDefaults = read<Record<string, Data>>('shared', 'node-red-defaults.json');

/** All cases, by file and in the file's order. */
export function readCases(): Case[] {
	const files = fs
		.readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort();
	return files.flatMap((file) => read<Case[]>(file));
}

/** A named answer or request, or the one written in the case. */
export function named<T>(known: Record<string, T>, wanted: string | T): T {
	if (typeof wanted !== 'string') return wanted;
	const found = known[wanted];
	if (found === undefined) throw new Error(`No canned text is named ${wanted}`);
	return found;
}

/** The words of an address that a case does not know beforehand, put in wherever `{word}` is written. */
export function filled<T>(value: T, words: Record<string, string>): T {
	let text = JSON.stringify(value);
	if (text === undefined) return value;
	for (const [word, meaning] of Object.entries(words)) text = text.replaceAll(`{${word}}`, meaning);
	return JSON.parse(text) as T;
}

/**
 * The messages of the nodes by their entry of docs/troubleshooting.md, so that the search of the site finds the entry of
 * a message that somebody pastes: those of the table at the end of that page, those that the core makes of a response or
 * of a connection that failed, and those about how a workflow of n8n is built.
 */
import fs from 'node:fs';
import path from 'node:path';
import { load } from '../build/load.mjs';
import { repositoryFiles } from '../files.mjs';

const CORE = `
	export { knownErrorCodes } from './http/error-codes';
	export { toExotelError } from './http/error-response';
	export { networkError } from './http/retry';
	export { stoppedError, unknownOutcome } from './http/send';`;

const ACCOUNT = { region: 'mumbai', sid: '…', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const STATUSES = [400, 401, 402, 403, 404, 409, 429, 500];
const RESOURCES = ['call', 'recording', 'number', 'agent'];
/** The message and the hint of an error about how a workflow is built. */
const WORKFLOW =
	/const message = ([`'].*[`']);\s*throw workflowFailure|workflowFailure\([^,]+, ([`'].*[`']), \{\s*description:\s*('[^']*'(?: \+\s*'[^']*')*)/g;
/** What the errors about a field say behind its label. */
const FIELD = /`\$\{field\.label\} ((?:is|must be) [^`$.;,]+)/g;
/** A row of the table of messages. */
const ROW = /^\| (.+?) \| \[[\w-]+\]\(#([\w-]+)\) \|$/gm;

/**
 * @param {string} root the top folder of the repository
 * @param {string} page the text of docs/troubleshooting.md
 * @returns {Promise<Map<string, Map<string, string[]>>>} by the anchor of the entry its messages, with `…` for what
 *   differs, and what each of them advises
 */
export async function messagesByEntry(root, page) {
	const entries = new Map();
	const add = (entry, message, hint = '') => {
		if (!entries.has(entry)) entries.set(entry, new Map());
		entries.get(entry).set(message, [...(entries.get(entry).get(message) ?? []), hint]);
	};
	for (const { message, hint, help } of await coreErrors(root)) add(help.split('#')[1], message, hint);
	for (const [message, hint] of workflowMessages(root)) add('workflow', message, hint);
	for (const [, rule] of sources(root, 'exotel/fields', FIELD)) add('field', `… ${rule.trim()}`);
	const [, table] = page.split('## Messages of the nodes');
	for (const [, message, entry] of table.matchAll(ROW)) add(entry, message);
	return entries;
}

/** One error of each kind that the core makes. */
async function coreErrors(root) {
	const core = await load(CORE, path.join(root, 'exotel'));
	const answered = (status, body, resource) =>
		core.toExotelError({ status, headers: {}, body: JSON.stringify(body) }, ACCOUNT, {
			url: 'https://api.in.exotel.com/v1',
			resource,
		});
	const refused = (status, code) => ({ RestException: { Status: status, Message: '…', Code: code } });
	return [
		...STATUSES.map((status) => answered(status, {})),
		...STATUSES.map((status) => answered(status, refused(status))),
		...RESOURCES.map((resource) => answered(404, refused(404), resource)),
		...codeErrors(core.knownErrorCodes.map((code) => [code, answered(400, refused(400, code))])),
		...['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET'].map((code) =>
			core.networkError({ message: `connect ${code} …` }, { code, transient: true }),
		),
		core.networkError({ message: 'self-signed certificate' }, { code: null, transient: false }),
		core.stoppedError(),
		core.unknownOutcome('no response came within … s'),
		core.unknownOutcome('the connection ended without a response'),
	];
}

/** One error for all codes that mean the same; their HTTP status is not always the same. */
function codeErrors(errors) {
	const byHint = new Map();
	for (const one of errors) {
		const [, { hint, help }] = one;
		const key = `${hint} ${help}`;
		byHint.set(key, [...(byHint.get(key) ?? []), one]);
	}
	return [...byHint.values()].map((alike) => {
		const [, { hint, help }] = alike[0];
		return { message: `Exotel refused: … (HTTP …, code ${alike.map(([code]) => code).join(' or ')})`, hint, help };
	});
}

const sources = (root, folder, expression) =>
	repositoryFiles([folder])
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) => [...fs.readFileSync(path.join(root, file), 'utf8').matchAll(expression)]);

function workflowMessages(root) {
	return sources(root, 'nodes', WORKFLOW).map(([, named, message, description = '']) =>
		[named ?? message, description.replace(/' \+\s*'/g, '')].map((text) =>
			text.slice(1, -1).replace(/\$\{[^}]*\}/g, '…'),
		),
	);
}

/** The page with the messages of each entry at its end, as headings: the search finds a heading first. */
export function withMessages(page, entries) {
	return page
		.split(/(?=^<a id="|^## )/m)
		.map((part) => {
			const [, entry] = /^<a id="([\w-]+)">/.exec(part) ?? [];
			const messages = [...(entries.get(entry) ?? [])].map(([message, hints], at) => {
				const advice = [...new Set(hints)].filter(Boolean).map(plain).join('\n\n');
				return `#### ${plain(message)} {#${entry}-message-${at + 1}}\n\n${advice}\n\n`;
			});
			return messages.length === 0 ? part : `${part.trimEnd()}\n\n${messages.join('')}`;
		})
		.join('');
}

/** Text in which nothing is taken for Markdown. */
const plain = (text) => text.replace(/[<*_`[\]]/g, '\\$&');

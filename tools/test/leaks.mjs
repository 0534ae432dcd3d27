/**
 * The search of everything that the hosts of a test run have let out: what Node-RED, n8n and the starters printed at
 * log level debug, what mocha printed, and the executions that n8n saved. Every secret and number on the hosts' stages
 * is a known word (test/hosts/canaries.json). None of them may be in a log in any form, no secret in an execution, and
 * no number in the text of its errors: the data of an execution holds the numbers of its calls.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const file = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'test', 'hosts', 'canaries.json');
const canaries = JSON.parse(fs.readFileSync(file, 'utf8'));

const base64 = (text) => Buffer.from(text).toString('base64').replace(/=+$/, '');

/** Forms a secret travels in, by its name. */
const secretForms = Object.entries(canaries.secrets).flatMap(([name, secret]) => [
	{ name, form: secret },
	{ name: `${name} as base64`, form: base64(secret) },
	{ name: `${name} as hexadecimal digits`, form: Buffer.from(secret).toString('hex') },
]);
secretForms.push({
	name: 'Basic authorization',
	form: base64(`${canaries.secrets.apiKey}:${canaries.secrets.apiToken}`),
});

const BETWEEN = '(?:[ .()-]|%20|%2D|\\u00a0)?';
const NATIVE_ZERO = 0x0966;
const digit = (character) =>
	character === '#' ? '[0-9०-९]' : `[${character}${String.fromCodePoint(NATIVE_ZERO + Number(character))}]`;
/** A number of the stages, whatever stands in front of it or between its digits, in ASCII or Devanagari digits. */
const numbers = new RegExp(
	`(?<![0-9a-f])(?:\\+?91|%2B91|0)?${BETWEEN}(?:${canaries.numbers.map((number) => [...number].map(digit).join(BETWEEN)).join('|')})(?![0-9a-f])`,
	'iu',
);

/** The secrets in a text, by name. */
export const secretsIn = (text) => secretForms.filter(({ form }) => text.includes(form)).map(({ name }) => name);

/** The example in our own errors, which some flows of the tests call as well. */
const EXAMPLE = /Example:\s+\+919812345678/g;

/** The first telephone number of the stages in a text. */
export const numberIn = (text) => numbers.exec(text.replace(EXAMPLE, ''))?.[0] ?? null;

/** What a line of a log lets out; the line itself is not repeated. Titles of tests, which mocha prints, hold numbers. */
function leaksOfLog(name, text) {
	const isOfMocha = name.startsWith('mocha-');
	return text.split('\n').flatMap((line, index) => {
		const found = [...secretsIn(line), ...(isOfMocha || numberIn(line) === null ? [] : ['a telephone number'])];
		return found.map((what) => `${name}, line ${index + 1}: ${what}`);
	});
}

/** The texts of the errors and hints in the data of an execution, as n8n saves it (flatted: a list with references). */
export function errorTexts(data) {
	const values = JSON.parse(data);
	const text = (value) => (typeof value === 'string' ? values[Number(value)] : value);
	return values
		.filter((value) => typeof value === 'object' && value !== null && 'message' in value)
		.flatMap(({ message, description }) => [text(message), text(description)])
		.filter((value) => typeof value === 'string');
}

/** What the saved executions, workflows and events of one n8n let out. */
async function leaksOfDatabase(name, file) {
	const { DatabaseSync } = await import('node:sqlite');
	const database = new DatabaseSync(file);
	try {
		const executions = database.prepare('SELECT "executionId" AS id, "data" AS data FROM execution_data').all();
		const found = executions.flatMap(({ id, data }) => [
			...secretsIn(data).map((what) => `${name}, execution ${id}: ${what}`),
			...(errorTexts(data).some((text) => numberIn(text) !== null)
				? [`${name}, error of execution ${id}: a telephone number`]
				: []),
		]);
		return { found, count: executions.length };
	} finally {
		database.close();
	}
}

/**
 * Searches all that was kept in a folder.
 *
 * @returns {Promise<{ searched: Record<string, number>, found: string[] }>}
 *   `searched`: how many files there are by kind, which is the beginning of their names, and `executions`
 */
export async function searchOutput(folder) {
	const searched = { executions: 0 };
	const found = [];
	for (const name of fs.readdirSync(folder).sort()) {
		const file = path.join(folder, name);
		if (name.endsWith('-wal') || name.endsWith('-shm')) continue;
		const kind = name.slice(0, name.lastIndexOf('-'));
		if (name.endsWith('.sqlite')) {
			const database = await leaksOfDatabase(name, file);
			searched.executions += database.count;
			found.push(...database.found);
		} else {
			searched[kind] = (searched[kind] ?? 0) + 1;
			found.push(...leaksOfLog(name, fs.readFileSync(file, 'utf8')));
		}
	}
	return { searched, found };
}

/**
 * docs/simulator-flows.md has every field of the schema with its type, default and meaning, and every example there is
 * taken by the simulator and runs to the end that stands below it. `UPDATE_FLOW_FIELDS=1` writes the tables.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FlowStage, json, CUSTOMER } from './flow-stage';
import { controlEndpoints } from '../../simulator/api/control/api';
import { ACCOUNT, EXOPHONE } from './telephone-line';
import { must } from './must';

const ROOT = path.join(__dirname, '..', '..');
const PAGE = path.join(ROOT, 'docs', 'simulator-flows.md');
const schema = JSON.parse(readFileSync(path.join(ROOT, 'simulator', 'flow.schema.json'), 'utf8'));
const page = readFileSync(PAGE, 'utf8');

function typeOf(field: any): string {
	if (field.const !== undefined) return `\`${field.const as string}\``;
	if (field.enum) return field.enum.map((value: string) => `\`${value}\``).join(' or ');
	if (field.$ref) return 'list of applets';
	if (field.type === 'object') return 'lists of applets by name';
	if (field.type === 'integer') return `whole number, ${field.minimum as number} to ${field.maximum as number}`;
	if (field.type === 'boolean') return 'true or false';
	if (Array.isArray(field.type)) return 'text or null';
	return field.format === 'uri' ? 'URL' : 'text';
}

function defaultOf(name: string, field: any, required: string[]): string {
	if (required.includes(name)) return 'required';
	if (field.default !== undefined) return `\`${String(field.default)}\``;
	return field.$ref || field.type === 'object' ? 'the next applet' : '–';
}

function table(definition: any): string {
	const rows = Object.entries<any>(definition.properties as object).map(
		([name, field]) =>
			`| \`${name}\` | ${typeOf(field)} | ${defaultOf(name, field, definition.required as string[])} | ` +
			`${field.description as string} |`,
	);
	return [definition.description, '', '| Field | Type | Default | Meaning |', '|---|---|---|---|', ...rows].join(
		'\n',
	);
}

/** The page with the tables as the schema has them. */
function written(): string {
	return page.replace(
		/<!-- fields: ([\w-]+) -->\n[\s\S]*?<!-- end of fields -->/g,
		(_all, name: string) => `<!-- fields: ${name} -->\n\n${table(schema.$defs[name])}\n\n<!-- end of fields -->`,
	);
}

interface Example {
	flow: any;
	answers: [string, string, string][];
	runs: { digits: string; moments: string; outcome: string }[];
}

/** An example reaches up to the next one. */
const examples: Example[] = page
	.split('```json flow\n')
	.slice(1)
	.map((rest) => ({
		flow: JSON.parse(must(rest.split('\n```')[0])),
		answers: [
			...rest.matchAll(/^Your server answers `(\S+)` with `([\w/]+)`:\n\n```\w+ answer\n([\s\S]*?)\n```/gm),
		].map(([, target = '', type = '', body = '']): [string, string, string] => [target, type, body]),
		runs: [
			...rest.matchAll(/^Moments(?: when the caller presses `([^`]+)`)?: ([^.]+)\. Outcome: ([\w-]+)\.$/gm),
		].map(([, digits = '', moments = '', outcome = '']) => ({ digits, moments, outcome })),
	}));

describe('simulator: docs/simulator-flows.md', () => {
	if (process.env.UPDATE_FLOW_FIELDS === '1') writeFileSync(PAGE, written());

	for (const [name, definition] of Object.entries<any>(schema.$defs as object))
		if (definition.properties && name !== 'applet')
			it(`has every field of ${definition.title as string} as the schema has it`, () => {
				assert.ok(page.includes(`<!-- fields: ${name} -->\n\n${table(definition)}\n\n<!-- end`));
			});

	it('has an example of every applet', () => {
		const shown = page.split('```json flow\n').slice(1).join('');
		for (const { $ref } of schema.$defs.applet.oneOf)
			assert.ok(shown.includes(`"type": "${($ref as string).split('/').at(-1) ?? ''}"`), $ref);
	});

	for (const { flow, answers, runs } of examples)
		it(`has an example “${flow.id as string}” that runs to the end it states`, async () => {
			assert.ok(runs.length > 0);
			const stage = await FlowStage.open();
			try {
				for (const [target, type, body] of answers) stage.answers[target] = json(body, type);
				const own = JSON.parse(JSON.stringify(flow).replaceAll('http://127.0.0.1:1880', stage.receiver.url));
				assert.equal((await stage.line.control('POST', '/flows', own)).status, 200);
				for (const { digits, moments, outcome } of runs) {
					const { json: started } = await stage.line.control('POST', '/inbound', {
						...{ from: CUSTOMER, to: EXOPHONE, flow: flow.id, account: ACCOUNT },
						...(digits ? { digits } : {}),
					});
					await stage.line.simulator.advance(200);
					const { timeline, call } = await stage.line.view(started.sid as string);
					const told = timeline.map(({ type, detail }: any) =>
						type === 'branch' ? `branch ${detail}` : type,
					);
					assert.deepEqual([told.join(', '), call.outcome], [moments, outcome]);
				}
			} finally {
				await stage.close();
			}
		});

	it('names every endpoint of flows', () => {
		for (const endpoint of controlEndpoints.filter((name) => / flows/.test(name)))
			assert.ok(page.includes(`| \`${endpoint}\` |`), endpoint);
	});
});

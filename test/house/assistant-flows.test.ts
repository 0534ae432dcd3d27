/**
 * The flows that an assistant wrote from llms.txt use only what stands there, and each host's own check finds them complete.
 * They run on both hosts in test/hosts.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NodeHelpers, type INode, type INodeTypeDescription } from 'n8n-workflow';
import { codeBlocks, n8nDescriptions, read, root } from './pages';

type Data = Record<string, unknown>;
interface Workflow {
	nodes: (INode & { webhookId?: string })[];
	connections: Record<string, { main: { node: string }[][] }>;
}
type Flow = ({ id: string; type: string; z?: string; wires?: string[][] } & Data)[];

/** What nodes of Node-RED have whatever their type. */
const EVERY_NODE = new Set(['id', 'type', 'z', 'name', 'configVersion', 'x', 'y', 'wires']);
const PACKAGE = '@exonodes/n8n-nodes-exotel.';
const folder = path.join(root, 'test', 'fixtures', 'assistant');
const [shownWorkflow, shownFlow] = codeBlocks(read('docs/flows-as-json.md')).map(({ content }) => content);

/** The flows for a host by name, with the one that the guide shows. */
function flowsFor<Read>(host: string, shown = ''): [string, Read][] {
	const files = fs.readdirSync(path.join(folder, host));
	const texts = files.map((name): [string, string] => [name, fs.readFileSync(path.join(folder, host, name), 'utf8')]);
	return [...texts, ['flows-as-json.md', shown] as const].map(([name, text]) => [name, JSON.parse(text) as Read]);
}

const types = new Map<string, INodeTypeDescription>(
	n8nDescriptions().map((description) => [`${PACKAGE}${description.name}`, description]),
);

/** Parameters as llms.txt lists them: `options.record`. */
const listed = (parameters: Data): [string, unknown][] =>
	Object.entries(parameters).flatMap(([name, value]) =>
		name === 'options' || name === 'filters'
			? Object.entries(value as Data).map(([inner, one]): [string, unknown] => [`${name}.${inner}`, one])
			: [[name, value]],
	);

describe('the flows an assistant wrote from llms.txt', () => {
	let text = '';

	before(async () => {
		const pages = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-pages-'));
		await (await import('../../tools/docs/stage.mjs')).stage(pages);
		text = fs.readFileSync(path.join(pages, 'public', 'llms.txt'), 'utf8');
		fs.rmSync(pages, { recursive: true });
	});

	/** The part below a heading, up to the next one of its level or above. */
	const below = (heading: string): string => {
		const from = text.indexOf(`\n${heading}\n`);
		assert.ok(from >= 0, heading);
		const [level = ''] = /^#+/.exec(heading) ?? [];
		const end = text.slice(from + 2 + heading.length).search(new RegExp(`^#{1,${level.length}} `, 'm'));
		return text.slice(from, end < 0 ? undefined : from + 2 + heading.length + end);
	};
	/** The line of a parameter says so, and names the value where it is one of several. */
	const assertListed = (part: string, name: string, value: unknown, where: string): void => {
		const lines = part.split('\n').filter((line) => line.startsWith(`- \`${name}\` (`));
		assert.ok(lines.length > 0, `${where}: ${name}`);
		const choices = lines.filter((line) => line.includes('(one of '));
		const isFixed = typeof value === 'string' && value !== '' && !value.startsWith('=');
		if (isFixed && choices.length > 0)
			assert.ok(
				choices.some((line) => line.includes(`\`${value}\``)),
				`${where}: ${name} ${value}`,
			);
	};

	it('are three for each host', () => {
		for (const host of ['n8n', 'node-red'])
			assert.deepEqual(fs.readdirSync(path.join(folder, host)).sort(), [
				'call-a-customer.json',
				'log-yesterday.json',
				'route-by-hour.json',
			]);
	});

	it('finds in llms.txt every node, parameter and value that these flows use', () => {
		for (const [where, { nodes }] of flowsFor<Workflow>('n8n', shownWorkflow))
			for (const { type, parameters } of nodes.filter((node) => types.has(node.type))) {
				const { resource, operation, ...others } = parameters as Data;
				const heading =
					resource === undefined
						? `### \`${type}\``
						: `#### \`resource\` \`${resource}\`, \`operation\` \`${operation}\``;
				for (const [name, value] of listed(others)) assertListed(below(heading), name, value, where);
			}
		for (const [where, flow] of flowsFor<Flow>('node-red', shownFlow))
			for (const node of flow.filter(({ type }) => type.startsWith('exotel-'))) {
				const part = below(`### \`${node.type}\``);
				const own = Object.fromEntries(Object.entries(node).filter(([name]) => !EVERY_NODE.has(name)));
				for (const [property, value] of Object.entries(own)) {
					const of = property.replace(/Type$/, '');
					if (of === property || !(of in own)) assertListed(part, property, value, where);
					else
						assert.match(
							part,
							new RegExp(`^- \`${of}\` \\(.*type \`\\w+\`\\)`, 'm'),
							`${where}: ${property}`,
						);
				}
			}
	});

	it('are complete for n8n: no parameter is missing or wrong, names and ids are different, connections lead to nodes', () => {
		for (const [where, { nodes, connections }] of flowsFor<Workflow>('n8n', shownWorkflow)) {
			for (const node of nodes) {
				const description = types.get(node.type);
				if (description === undefined) continue;
				const { properties } = description;
				const read = NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, description);
				const issues = NodeHelpers.getNodeParametersIssues(
					properties,
					{ ...node, parameters: read ?? {} },
					description,
				);
				assert.equal(issues, null, where);
			}
			const names = nodes.map(({ name }) => name);
			assert.equal(new Set(names).size, names.length, where);
			assert.equal(new Set(nodes.map(({ id }) => id)).size, names.length, where);
			for (const [from, { main }] of Object.entries(connections))
				for (const name of [from, ...main.flat().map(({ node }) => node)])
					assert.ok(names.includes(name), name);
		}
	});

	it('are complete for Node-RED: ids are different, wires, tabs and accounts lead to nodes', () => {
		for (const [where, flow] of flowsFor<Flow>('node-red', shownFlow)) {
			const ids = flow.map(({ id }) => id);
			assert.equal(new Set(ids).size, ids.length, where);
			for (const node of flow)
				for (const id of [...(node.wires ?? []).flat(), node.z, node['account']])
					assert.ok(id === undefined || ids.includes(String(id)), `${where}: ${String(id)}`);
		}
	});

	it('would be noticed when they used something else', () => {
		const part = below('#### `resource` `call`, `operation` `connectNumbers`');
		assert.throws(() => assertListed(part, 'phone', '+919812345678', 'here'));
		assert.throws(() => assertListed(part, 'options.recordingChannels', 'stereo', 'here'));
		assert.ok(!part.includes('`sid`'));
	});
});

/**
 * The n8n nodes as documents: a page for every node, every operation and the credentials, made from the descriptions that
 * n8n itself reads; and the same in a short form for llms.txt.
 */
import { load } from '../build/load.mjs';
import { code, table } from './markdown.mjs';

const PACKAGE = '@exonodes/n8n-nodes-exotel';
const NODES = ['Exotel', 'ExotelTrigger', 'ExotelCompletedCallsTrigger', 'ExotelAppletTrigger', 'ExotelAppletAnswer'];
const CREDENTIALS = ['ExotelVoiceApi', 'ExotelWebhookTokenApi'];

/** The page of the core's fields of an operation, by resource and operation. */
const REFERENCE = {
	'call connectNumbers': 'connect-numbers',
	'call connectFlow': 'connect-flow',
	'call connectAgent': 'connect-agent',
	'call get': 'get-call',
	'call getMany': 'list-calls',
	'call getRecording': 'download-recording',
	'exoPhone getMany': 'list-exo-phones',
	'number lookup': 'lookup-number',
};
/** Pictures by page. */
const PICTURES = {
	'exotel-call-connect-numbers': ['The Exotel node waited for a call', 'call-output-light'],
	'exotel-applet-trigger': ['Route a caller', 'example-route-caller-light'],
	credentials: ['The credential', 'credential-light'],
};

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, '');

/** The descriptions of all nodes and credentials. */
async function descriptions(root) {
	const exports = [
		...NODES.map((name) => `export { ${name} } from './nodes/${name}/${name}.node';`),
		...CREDENTIALS.map((name) => `export { ${name} } from './credentials/${name}.credentials';`),
	];
	const classes = await load(exports.join('\n'), root, { external: ['n8n-workflow'] });
	return {
		nodes: NODES.map((name) => new classes[name]().description),
		credentials: CREDENTIALS.map((name) => new classes[name]()),
	};
}

const TYPES = {
	string: 'text',
	number: 'number',
	boolean: '`true` or `false`',
	dateTime: 'date and time',
	json: 'JSON',
	resourceLocator: 'number, written as `{ "__rl": true, "mode": "number", "value": "…" }`',
};

function typeOf({ type, options = [], typeOptions = {} }) {
	const words = options.map(({ value }) => code(String(value))).join(', ');
	if (type === 'options') return `one of ${words}`;
	if (type === 'multiOptions') return `a list of ${words}`;
	const { minValue, maxValue } = typeOptions;
	const limits = [minValue === undefined ? '' : `from ${minValue}`, maxValue === undefined ? '' : `to ${maxValue}`];
	return [TYPES[type] ?? type, ...limits].filter((part) => part !== '').join(' ');
}

function defaultOf(property) {
	const value = property.type === 'resourceLocator' ? '' : property.default;
	const isBlank = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
	if (isBlank) return property.required ? '**required**' : '–';
	return code(Array.isArray(value) ? JSON.stringify(value) : String(value));
}

/** On which other parameters it depends whether a parameter is there. */
function conditionOf({ displayOptions = {} }) {
	const words = (values) => values.map((value) => code(JSON.stringify(value._cnd ?? value))).join(' or ');
	const parts = (conditions = {}, verb) =>
		Object.entries(conditions)
			.filter(([name]) => !['resource', 'operation', '@tool'].includes(name))
			.map(([name, values]) => `${code(name.replace(/^\//, ''))} ${verb} ${words(values)}`);
	const all = [...parts(displayOptions.show, 'is'), ...parts(displayOptions.hide, 'is not')];
	const tool = displayOptions.hide?.['@tool'] === undefined ? [] : ['Not as a tool of an AI agent.'];
	return [...(all.length === 0 ? [] : [`Only when ${all.join(' and ')}.`]), ...tool].join(' ');
}

/** Sentences one after the other, each with its end. */
const sentences = (...texts) =>
	texts
		.filter((text) => text !== '')
		.map((text) => (/[.!?"”]$/.test(text) ? text : `${text}.`))
		.join(' ');

/** One parameter as it stands in a table or a list; `within` is the collection that it is in. */
function rowOf(property, within = '') {
	return {
		name: `${within}${property.name}`,
		label: property.displayName,
		about: sentences(property.description ?? property.displayName, conditionOf(property)),
		type: typeOf(property),
		default: defaultOf(property),
	};
}

/** All parameters, those in collections behind their names: `options.record`. */
function rowsOf(properties) {
	return properties
		.filter(({ type, name }) => type !== 'notice' && name !== 'resource' && name !== 'operation')
		.flatMap((one) => {
			if (one.type !== 'collection') return [rowOf(one)];
			const condition = conditionOf(one);
			return one.options.map((inner) => {
				const row = rowOf(inner, `${one.name}.`);
				return { ...row, about: sentences(row.about, condition) };
			});
		});
}

/** Whether a parameter is part of an operation. */
function belongsTo(property, resource, operation) {
	const { show = {}, hide = {} } = property.displayOptions ?? {};
	const fits = (values, value) => values === undefined || values.includes(value);
	const isHidden = hide.resource?.includes(resource) === true || hide.operation?.includes(operation) === true;
	return fits(show.resource, resource) && fits(show.operation, operation) && !isHidden;
}

/** A value that a parameter could have: what n8n takes and this project's checks, too. */
function sampleOf(property) {
	if (property.type === 'options' || property.type === 'multiOptions') return property.default;
	const modes = property.modes?.find(({ name }) => name === 'number') ?? property;
	const text = (modes.placeholder ?? '').replace(/^e\.g\. /, '');
	return property.type === 'resourceLocator' ? { __rl: true, mode: 'number', value: text } : text;
}

/** The credentials that a node needs, as a sentence. */
function credentialsOf({ credentials = [] }, resource) {
	const names = credentials.filter((one) => one.required !== false && belongsTo(one, resource)).map(({ name }) => name);
	return `Credential: ${names.map(code).join(', ') || 'none'}.`;
}

/** A node of a workflow: the required parameters, and those without which the others do not exist. */
function nodeJson(description, properties, chosen) {
	const required = properties.filter(({ required }) => required);
	const isUsual = ({ displayOptions: { show = {} } = {} }) =>
		Object.entries(show).every(([name, values]) => {
			const controlling = properties.find((one) => one.name === name);
			return values.includes(chosen[name] ?? controlling?.default);
		});
	const parameters = Object.fromEntries(required.filter(isUsual).map((one) => [one.name, sampleOf(one)]));
	return {
		id: '00000000-0000-4000-8000-000000000001',
		name: description.displayName,
		type: `${PACKAGE}.${description.name}`,
		typeVersion: description.defaultVersion,
		position: [0, 0],
		parameters: { ...chosen, ...parameters },
		...(description.webhooks !== undefined && description.inputs.length === 0 && { webhookId: '00000000-0000-4000-8000-000000000002' }),
	};
}

/** All operations of a node with resources: what they are called, their parameters and their node in a workflow. */
function operationsOf(description) {
	const resources = description.properties.find(({ name }) => name === 'resource')?.options ?? [];
	return resources.flatMap((resource) =>
		description.properties
			.filter((one) => one.name === 'operation' && one.displayOptions.show.resource.includes(resource.value))
			.flatMap(({ options }) => options)
			.map((operation) => {
				const properties = description.properties.filter((one) =>
					belongsTo(one, resource.value, operation.value),
				);
				return {
					resource,
					operation,
					rows: rowsOf(properties),
					json: nodeJson(description, properties, { resource: resource.value, operation: operation.value }),
				};
			}),
	);
}

const tableOf = (rows) =>
	rows.length === 0
		? 'There are none.'
		: table(
				['Label', 'Name', 'What it is for', 'Value', 'Default'],
				rows.map((row) => [row.label, code(row.name), row.about, row.type, row.default]),
			);

const picture = (page) => {
	const [text, file] = PICTURES[page] ?? [];
	return text === undefined ? '' : `![${text}](../docs/screenshots/n8n/${file}.webp)\n\n`;
};

const jsonBlock = (json, credentials) =>
	`## In a workflow\n\n${credentials} It is chosen in the form: keys and tokens are not part of a workflow.\n\n\`\`\`json\n${JSON.stringify(json, null, 2)}\n\`\`\``;

function operationPage(description, { resource, operation, rows, json }) {
	const page = `${kebab(description.name)}-${kebab(resource.value)}-${kebab(operation.value)}`;
	const reference = REFERENCE[`${resource.value} ${operation.value}`];
	const more =
		reference === undefined ? '' : `\n\nLimits and Exotel's own names: [fields](../docs/reference/${reference}.md).`;
	const text = `# ${resource.name}: ${operation.name} (n8n)

${sentences(operation.description)}

An operation of the node [${description.displayName}](${kebab(description.name)}.md). What it gives: [the guide](../docs/n8n.md#exotel).

${picture(page)}## Parameters

${tableOf(rows)}${more}

${jsonBlock(json, credentialsOf(description, resource.value))}
`;
	return { source: `n8n/${page}.md`, page: `n8n/${page}.md`, text };
}

function nodePage(description, operations) {
	const page = kebab(description.name);
	const anchor = {
		exotel: 'exotel',
		exotelTrigger: 'exotel-trigger',
		exotelCompletedCallsTrigger: 'exotel-completed-calls-trigger',
	}[description.name];
	const guide = `../docs/n8n.md#${anchor ?? 'exotel-applet-trigger-and-exotel-applet-answer'}`;
	const list = operations.map(({ resource, operation }) => {
		const name = `${page}-${kebab(resource.value)}-${kebab(operation.value)}`;
		return `- [${resource.name}: ${operation.name}](${name}.md): ${operation.description}`;
	});
	const rows = rowsOf(description.properties);
	const body =
		operations.length > 0
			? `## Operations\n\n${list.join('\n')}`
			: `${picture(page)}## Parameters\n\n${tableOf(rows)}\n\n${jsonBlock(nodeJson(description, description.properties, {}), credentialsOf(description))}`;
	const text = `# ${description.displayName} (n8n)

${description.description}. Type ${code(`${PACKAGE}.${description.name}`)}. How it behaves: [the guide](${guide}).

${body}
`;
	return { source: `n8n/${page}.md`, page: `n8n/${page}.md`, text };
}

function credentialsPage(credentials) {
	const parts = credentials.map(
		({ displayName, name, properties }) => `## ${displayName}\n\nType ${code(name)}.\n\n${tableOf(rowsOf(properties))}`,
	);
	const text = `# Credentials (n8n)\n\nWhat each is for: [the guide](../docs/n8n.md#credentials). Keys and tokens are not part of a workflow.\n\n${picture('credentials')}${parts.join('\n\n')}\n`;
	return { source: 'n8n/credentials.md', page: 'n8n/credentials.md', text };
}

const listOf = (rows) =>
	rows.map(({ name, type, default: usual, about }) => {
		const value = usual === '–' ? type : `${type}; ${usual === '**required**' ? 'required' : `default ${usual}`}`;
		return `- ${code(name)} (${value}): ${about}`;
	});

function shortForm({ nodes }, operations) {
	return nodes
		.map((description) => {
			const own = operations.get(description);
			const heading = `### ${code(`${PACKAGE}.${description.name}`)}\n\n${description.description}. \`typeVersion\` 1.`;
			if (own.length === 0)
				return `${heading} ${credentialsOf(description)}\n\n${listOf(rowsOf(description.properties)).join('\n')}`;
			const parts = own.map(({ resource, operation, rows }) => {
				const chosen = `\`resource\` ${code(resource.value)}, \`operation\` ${code(operation.value)}`;
				const about = sentences(operation.description, credentialsOf(description, resource.value));
				return `#### ${chosen}\n\n${about}\n\n${listOf(rows).join('\n')}`.trim();
			});
			return [heading, ...parts].join('\n\n');
		})
		.join('\n\n');
}

/** All pages, and the short form. */
export async function n8nNodes(root) {
	const all = await descriptions(root);
	const operations = new Map(all.nodes.map((description) => [description, operationsOf(description)]));
	const pages = all.nodes.flatMap((description) => {
		const own = operations.get(description);
		return [nodePage(description, own), ...own.map((one) => operationPage(description, one))];
	});
	return { pages: [...pages, credentialsPage(all.credentials)], short: shortForm(all, operations) };
}

/** The second part of `docs/fidelity.md`: where a user of either host finds what the documents name. */
import type { INodeProperties } from 'n8n-workflow';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type { FieldDescription, FieldSet } from '../../../exotel';
import { asPayload, type Payload } from '../../../exotel/payload';
import { Exotel } from '../../../nodes/Exotel/Exotel.node.js';
import { properties as appletAnswerProperties } from '../../../nodes/ExotelAppletAnswer/form';
import { fieldTables, simplified, type FieldTable } from './fields';
import { parameterTables, type ParameterTable } from './parameters';

/** The line that the second part begins with. */
export const SECOND_PART = '# Where is what, in n8n and Node-RED?';

const INTRODUCTION = `${SECOND_PART}

Every parameter and every field that the vendor's documents name, and where it is on each host. In Node-RED a message
can set each field of a form as \`msg.exotel.<field>\`. Rows are found by asking the forms for the field with that parameter, and by
reading a sample without the field; a test fails when a documented name has no row, or a row names what does not exist.
Every output also has Exotel's own record: \`raw\` in n8n (with *Simplify* off), \`msg.exotel.raw\` in Node-RED; in a
list, the record of each call. The \`Metadata\` of a list (\`Total\`, \`PageSize\`, \`FirstPageUri\`, \`PrevPageUri\`, \`NextPageUri\`; seed 004)
serves the paging and is not given out. The header \`Exotel-Version\` of applet requests (seeds 002, 003) comes out as \`version\`.
To write this part anew: \`UPDATE_FIDELITY=1 npx mocha test/house/nodes-fidelity.test.ts\`.
`;

/** A form of Node-RED, as far as it is looked at here. */
interface Form {
	type: string;
	sources: Readonly<Record<string, { name: string; fields: FieldSet }>>;
	except?: readonly string[];
}

/** The forms of all Node-RED nodes. */
export async function nodeRedForms(): Promise<readonly Form[]> {
	const file = path.resolve(__dirname, '..', '..', '..', 'tools', 'build', 'forms.mjs');
	const tools = (await import(pathToFileURL(file).href)) as { loadForms(): Promise<{ forms: Form[] }> };
	return (await tools.loadForms()).forms;
}

/** A documented parameter and where it is; `problem` when that is nowhere or a reason is left over. */
export interface ParameterRow {
	documented: string;
	field: string;
	n8n: string;
	nodeRed: string;
	problem: string | null;
}

function n8nProperties({ n8nOperation }: ParameterTable): INodeProperties[] {
	if (n8nOperation === null) return appletAnswerProperties;
	return new Exotel().description.properties.filter(({ displayOptions }) =>
		displayOptions?.show?.['operation']?.some((name) => name === n8nOperation),
	);
}

/** The title of a field in n8n's form, also inside a collection; null without one. */
function titleIn(properties: readonly INodeProperties[], name: string): string | null {
	for (const property of properties) {
		if (property.name === name) return property.displayName;
		const inner = (property.options ?? []).filter((one): one is INodeProperties => 'displayName' in one);
		const title = property.type === 'collection' ? titleIn(inner, name) : null;
		if (title !== null) return `${property.displayName} → ${title}`;
	}
	return null;
}

function labelIn(forms: readonly Form[], { nodeRedType, operation }: ParameterTable, name: string): string | null {
	const form = forms.find(({ type }) => type === nodeRedType);
	const source = Object.values(form?.sources ?? {}).find((one) => one.name === operation);
	const field: FieldDescription | undefined = source?.fields[name];
	return field === undefined || form?.except?.includes(name) === true ? null : field.label;
}

/** One host's place of a field: in its form, or why not; a problem when both or neither. */
function place(inForm: string | null, reason: string | undefined): { text: string; isWrong: boolean } {
	return { text: inForm ?? reason ?? '', isWrong: (inForm === null) === (reason === undefined) };
}

/** The rows of a table of parameters. */
export function parameterRows(table: ParameterTable, forms: readonly Form[]): ParameterRow[] {
	const { fields, names, elsewhere = {}, notInForm = {} } = table;
	const properties = n8nProperties(table);
	return names.flatMap((documented): ParameterRow[] => {
		const found = Object.entries(fields).filter(([, { parameter }]) => parameter === documented);
		const reason = elsewhere[documented];
		if (found.length === 0) {
			const problem = reason === undefined ? `${documented} has no field` : null;
			return [{ documented, field: '', n8n: reason ?? '', nodeRed: '', problem }];
		}
		return found.map(([name]) => {
			const n8n = place(titleIn(properties, name), notInForm.n8n?.[name]);
			const nodeRed = place(labelIn(forms, table, name), notInForm.nodeRed?.[name]);
			const isWrong = n8n.isWrong || nodeRed.isWrong || reason !== undefined;
			const problem = isWrong ? `${documented}: its place on a host is missing, or a reason is left over` : null;
			return { documented, field: name, n8n: n8n.text, nodeRed: nodeRed.text, problem };
		});
	});
}

/** What a table says of names that do not exist. */
export function leftOver({ title, fields, names, elsewhere = {}, notInForm = {} }: ParameterTable): string[] {
	const parameters = Object.values(fields).flatMap(({ parameter, source = '' }) =>
		parameter !== undefined && /seed|facts 7\.6/.test(source) ? [parameter] : [],
	);
	return [
		...parameters.filter((name) => !names.includes(name)).map((name) => `${title}: ${name} is not listed`),
		...Object.keys(elsewhere).filter((name) => !names.includes(name)),
		...Object.keys({ ...notInForm.n8n, ...notInForm.nodeRed }).filter((name) => !Object.hasOwn(fields, name)),
	];
}

/** The paths of a sample's fields; items of a list are one path each. */
export function pathsOf(value: unknown, before = ''): string[] {
	if (Array.isArray(value)) return value.flatMap((item, index) => pathsOf(item, `${before}[${index}]`));
	const object = asPayload(value);
	if (object === null) return [before];
	return Object.entries(object).flatMap(([name, part]) => pathsOf(part, before === '' ? name : `${before}.${name}`));
}

function without(sample: Payload, removed: string): Payload {
	const copy = structuredClone(sample);
	const steps = removed.split(/[.[\]]+/).filter((step) => step !== '');
	const last = steps.pop() ?? '';
	let at: Payload = copy;
	for (const step of steps) at = at[step] as Payload;
	delete at[last];
	return copy;
}

const general = (name: string): string => name.replace(/\[\d+\]/g, '[]');

function valuesOf(value: object): Map<string, string> {
	const leaves = new Map<string, string>();
	const visit = (part: unknown, at: string): void => {
		const object = asPayload(part);
		if (Array.isArray(part)) part.forEach((item, index) => visit(item, `${at}[${index}]`));
		else if (object === null) leaves.set(at, JSON.stringify(part));
		else for (const [name, inner] of Object.entries(object)) visit(inner, at === '' ? name : `${at}.${name}`);
	};
	visit(value, '');
	return leaves;
}

/** Where each documented field of a table comes out: its path → the paths of the output that need it. */
export function fieldRows({ sample, also = [], read }: FieldTable): Map<string, string[]> {
	const rows = new Map<string, Set<string>>();
	for (const one of [sample, ...also.map((changed) => changed(structuredClone(sample)))]) {
		const whole = valuesOf(read(one));
		for (const documented of pathsOf(one)) {
			const row = rows.get(general(documented)) ?? new Set<string>();
			rows.set(general(documented), row);
			for (const place of changedPlaces(whole, () => read(without(one, documented)))) row.add(general(place));
		}
	}
	return new Map([...rows].map(([documented, places]) => [documented, [...places]]));
}

/** Ids are made of other fields; and what cannot be read without a field is the field that names the call. */
function changedPlaces(whole: ReadonlyMap<string, string>, read: () => object): string[] {
	let rest: ReadonlyMap<string, string>;
	try {
		rest = valuesOf(read());
	} catch {
		return [...whole.keys()].filter((place) => /(?:^|\.)(?:sid|number)$/.test(place));
	}
	return [...whole]
		.filter(([place, value]) => isFilled(place, value) && rest.get(place) !== value)
		.map(([place]) => place);
}

function isFilled(place: string, value: string): boolean {
	return place !== 'id' && value !== 'null';
}

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<');
const rowOf = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function parameterSection(table: ParameterTable, forms: readonly Form[]): string {
	const rows = parameterRows(table, forms).map(({ documented, field, n8n, nodeRed }) =>
		rowOf([code(documented), field === '' ? '–' : code(field), n8n, nodeRed]),
	);
	const head = `### ${table.title}\n\nFrom ${table.seed}. Node-RED: \`${table.nodeRedType}\`.`;
	return `${head}\n\n| Documented | Field | n8n | Node-RED |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function fieldSection(table: FieldTable): string {
	const { title, seed, n8n, nodeRed, rawOnly } = table;
	const isCall = n8n.nodes.startsWith('Exotel: ') && !title.startsWith('Details');
	const rows = [...fieldRows(table)].map(([documented, places]) => {
		if (places.length === 0) return rowOf([code(documented), `\`raw\`: ${rawOnly[documented] ?? ''}`, '']);
		const kept = places.some((place) => simplified.has(place.split(/[.[]/)[0] ?? ''));
		const note = isCall && !kept ? 'n8n: *Simplify* off' : '';
		return rowOf([code(documented), places.map(code).join(' '), note]);
	});
	const head = `### ${title}\n\nFrom ${seed}. n8n: ${n8n.nodes} (\`$json\`). Node-RED: ${nodeRed.nodes} (\`msg.payload\`).`;
	return `${head}\n\n| Documented | Comes out in | Note |\n|---|---|---|\n${rows.join('\n')}\n`;
}

/** The whole second part, as Markdown. */
export async function secondPart(): Promise<string> {
	const forms = await nodeRedForms();
	const parameters = parameterTables.map((table) => parameterSection(table, forms));
	const fields = fieldTables.map(fieldSection);
	const sections = ['## Parameters', parameters.join('\n'), '## Fields of records and events', fields.join('\n')];
	return `${INTRODUCTION}\n${sections.join('\n\n')}`;
}

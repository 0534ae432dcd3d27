/** A page for every example: its notes, its nodes, and the JSON to import. */
import fs from 'node:fs';
import path from 'node:path';
import { cell } from './markdown.mjs';

const spoken = (name) => {
	const words = name.replace(/-/g, ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
};
/** The headings of notes stand right below that of the page. */
const below = (text) => text.replace(/^#+ /gm, '## ');

function n8nExample(workflow) {
	const notes = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
	return {
		title: workflow.name,
		notes: notes.map(({ parameters }) => below(parameters.content)),
		nodes: workflow.nodes.filter((node) => !notes.includes(node)).map(({ name, type }) => [name, type]),
	};
}

function nodeRedExample(flow, name) {
	const comments = flow.filter(({ type }) => type === 'comment');
	const tab = flow.find(({ type }) => type === 'tab');
	return {
		title: tab?.label ?? spoken(name),
		notes: comments.map(({ name: heading, info = '' }) => `**${heading}**\n\n${below(info)}`),
		nodes: flow.filter(({ type }) => !['comment', 'tab'].includes(type)).map((node) => [node.name ?? '', node.type]),
	};
}

function pageFor(host, { title, notes, nodes }, json) {
	const rows = nodes.map(([name, type]) => `| ${cell(name) || '–'} | \`${type}\` |`);
	return `# ${title}

An example for ${host}. Copy the JSON below and paste it into the editor${host === 'n8n' ? '' : ' (*Import*)'}.

${notes.join('\n\n')}

## Its nodes

| Name | Type |
|---|---|
${rows.join('\n')}

## JSON

\`\`\`json
${json.trim()}
\`\`\`
`;
}

/** All example pages: file of the example, name of the page, text. */
export function examplePages(root) {
	return [
		['examples', 'n8n', n8nExample],
		['node-red/examples', 'Node-RED', nodeRedExample],
	].flatMap(([folder, host, read]) =>
		fs
			.readdirSync(path.join(root, folder), { recursive: true })
			.map((file) => file.split(path.sep).join('/'))
			.filter((file) => file.endsWith('.json'))
			.sort()
			.map((file) => {
				const json = fs.readFileSync(path.join(root, folder, file), 'utf8');
				const name = path.posix.basename(file, '.json').toLowerCase().replaceAll(' ', '-');
				const text = pageFor(host, read(JSON.parse(json), name), json);
				return { source: `${folder}/${file}`, page: `${folder}/${name}.md`, text };
			}),
	);
}

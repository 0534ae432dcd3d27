/**
 * The pages of the documentation site, made from the documents of the repository: links between documents lead to pages,
 * links to other files to the repository, and what only GitHub shows (HTML, check boxes) is written in Markdown. Every
 * example, node and operation becomes a page. Beside them `llms.txt` and `llms-full.txt`, for assistants.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryFiles } from '../files.mjs';
import { examplePages } from './examples.mjs';
import { helpPages } from './help.mjs';
import { messagesByEntry, withMessages } from './messages.mjs';
import { n8nNodes } from './n8n-nodes.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const REPOSITORY = 'https://github.com/exonodes/exonodes';
const BRANCH =
	/^https:\/\/(?:github\.com\/exonodes\/exonodes\/(?:blob|tree)|raw\.githubusercontent\.com\/exonodes\/exonodes)\/main\//;
/** Code blocks and code between backticks: nothing in them is changed. */
const CODE = /(^ *```[\s\S]*?^ *```|`[^`\n]*`)/gm;

const TROUBLESHOOTING = 'docs/troubleshooting.md';

const posix = path.posix;

/** Every document that becomes a page. */
function documents() {
	const wanted = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs', 'examples', 'node-red', 'simulator'];
	return repositoryFiles(wanted).filter((file) => file.endsWith('.md'));
}

/** The name of a document's page. */
const pageOf = (file) => (posix.basename(file) === 'README.md' ? posix.join(posix.dirname(file), 'index.md') : file);

/** Where a link of a document leads on the site. */
function siteLink(from, link, pages) {
	const [to, anchor] = link.replace(BRANCH, '/').split('#');
	if (/^[a-z][a-z\d+.-]*:/i.test(to) || to === '') return link;
	const file = posix.normalize(to.startsWith('/') ? to.slice(1) : posix.join(posix.dirname(from), to)).replace(/\/$/, '');
	const page = pages.get(file) ?? pages.get(posix.join(file, 'README.md'));
	// The generator finds that it leads nowhere.
	if (page === undefined && !fs.existsSync(path.join(root, file))) return link;
	const end = anchor === undefined || anchor === 'readme' ? '' : `#${anchor}`;
	if (page === undefined && !/\.(png|webp)$/.test(file)) return `${REPOSITORY}/blob/main/${file}${end}`;
	const relative = posix.relative(posix.dirname(pages.get(from) ?? pageOf(from)), page ?? file);
	return `${relative.startsWith('.') ? relative : `./${relative}`}${end}`;
}

/** A document as the site's generator reads it. */
export function pageText(from, text, pages) {
	const parts = text
		.replace(/^<!--[\s\S]*?-->\n*/, '')
		.replace(/<a id="([^"]+)"><\/a>\n\n(#+ .*)$/gm, '$2 {#$1}')
		.split(CODE);
	return parts.map((part, at) => (at % 2 === 1 ? part : proseText(from, part, pages))).join('');
}

function proseText(from, text, pages) {
	return text
		.replace(/ *<!--[\s\S]*?-->/g, '')
		.replace(/<br>/g, ' · ')
		.replace(/<img alt="([^"]*)" src="([^"]*)"[^>]*>/g, '![$1]($2)')
		.replace(/^(\s*)- \[ \] /gm, '$1- ☐ ')
		.replace(/\{\{/g, '&#123;&#123;')
		.replace(/\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)?)\)/g, (_all, link) => `](${siteLink(from, link, pages)})`);
}

const titleOf = (text) => /^# (.+)$/m.exec(text)?.[1]?.replace(/[`*]/g, '') ?? '';

/** Writes all pages into a folder. Returns them: their file and title, by the document they are made of. */
export async function stage(folder) {
	fs.rmSync(folder, { recursive: true, force: true });
	const n8n = await n8nNodes(root);
	const help = await helpPages(root);
	const made = [...examplePages(root), ...help, ...n8n.pages];
	const files = documents();
	const pages = new Map([...files.map((file) => [file, pageOf(file)]), ...made.map(({ source, page }) => [source, page])]);
	const texts = new Map(files.map((file) => [file, fs.readFileSync(path.join(root, file), 'utf8')]));
	for (const { source, text } of made) texts.set(source, text);
	const written = new Map();
	for (const [source, text] of texts) {
		const page = pages.get(source);
		write(folder, page, pageText(source, source === TROUBLESHOOTING ? await searchable(text) : text, pages));
		// What llms.txt leads to.
		write(folder, path.join('public', page), text.replace(/ *<!--[\s\S]*?-->/g, ''));
		written.set(source, { page, title: titleOf(text) });
	}
	fs.cpSync(path.join(root, 'docs', 'screenshots'), path.join(folder, 'docs', 'screenshots'), { recursive: true });
	fs.cpSync(path.join(root, 'icons', 'exotel.svg'), path.join(folder, 'public', 'icon.svg'));
	const short = { n8n: n8n.short, nodeRed: help.map((one) => one.short).join('\n\n') };
	for (const [name, text] of assistantTexts(texts, written, short)) write(folder, path.join('public', name), text);
	return written;
}

/** With every message at the entry that explains it, so that the search leads there. */
const searchable = async (text) => withMessages(text, await messagesByEntry(root, text));

function write(folder, name, text) {
	const file = path.join(folder, name);
	fs.mkdirSync(path.dirname(file), { recursive: true });
	fs.writeFileSync(file, text);
}

/** What llms-full.txt holds beside the pages about nodes and fields. */
const FOR_ASSISTANTS = [
	'docs/flows-as-json.md',
	'docs/n8n.md',
	'node-red/README.md',
	'docs/troubleshooting.md',
	'docs/glossary.md',
	'docs/limits.md',
	'examples/call-and-wait.json',
	'examples/route-caller.json',
	'node-red/examples/1 Start here/1 First call.json',
	'node-red/examples/3 Jobs/Route by time.json',
];

/** A text as an assistant reads it: without comments, and without links whose targets it does not have. */
const bare = (text) =>
	text
		.replace(/ *<!--[\s\S]*?-->\n*/g, '\n')
		.replace(/!\[[^\]]*\]\([^)]*\)\n*/g, '')
		.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');

/** Headings one level lower, except in code. */
const lower = (text) => text.split(CODE).map((part, at) => (at % 2 === 1 ? part : part.replace(/^#/gm, '##'))).join('');

/** Texts for assistants: how flows are written, every node and a list of all pages; and the same with guides and examples. */
function assistantTexts(texts, written, short) {
	const lines = [...written.values()].map(({ page, title }) => `- [${title}](./${encodeURI(page)})`);
	const index = `# exonodes

> Exotel phone calls as nodes for n8n and Node-RED, and a simulator of Exotel. This file says how a flow is written for each host, lists every node with
> its parameters, and at the end every page of the documentation. llms-full.txt holds the guides and examples as well.

${bare(lower(texts.get('docs/flows-as-json.md')))}
## Nodes of n8n

${bare(short.n8n)}

## Nodes of Node-RED

${bare(short.nodeRed)}

## All pages

${lines.join('\n')}
`;
	const isDetail = (source) => /^(?:docs\/reference|n8n|node-red\/(?:nodes|account))\//.test(source);
	const details = [...texts.keys()].filter(isDetail).sort();
	const full = [...FOR_ASSISTANTS, ...details].map((file) => texts.get(file).replace(/ *<!--[\s\S]*?-->\n*/g, '\n'));
	return [
		['llms.txt', index],
		['llms-full.txt', full.join('\n\n---\n\n')],
	];
}

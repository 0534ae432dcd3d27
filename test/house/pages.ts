/** The documents of the repository, read for the tests about them. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { INodeType } from 'n8n-workflow';
import manifest from '../../package.json';
import { repositoryFiles } from '../../tools/files.mjs';

export const root = path.resolve(__dirname, '..', '..');

/** Every document. */
export const pages: readonly string[] = repositoryFiles().filter(
	(file) => file.endsWith('.md') && !file.startsWith('test/'),
);

const texts = new Map<string, string>();

/** The text of a file of the repository. */
export function read(file: string): string {
	const text = texts.get(file) ?? fs.readFileSync(path.join(root, file), 'utf8');
	texts.set(file, text);
	return text;
}

const FENCE = /^( *)(```+)(\w*)[^\n]*\n([\s\S]*?)^\1\2 *$/gm;

/** The code blocks of a text: language and content. */
export const codeBlocks = (text: string): { language: string; content: string }[] =>
	[...text.matchAll(FENCE)].map(([, , , language = '', content = '']) => ({ language, content }));

/** A text without its code blocks. */
export const withoutBlocks = (text: string): string => text.replace(FENCE, '');

/** A text without code, in blocks or between backticks. */
export const withoutCode = (text: string): string => withoutBlocks(text).replace(/`[^`\n]*`/g, '``');

/** The anchors of a page: those written down, and those that GitHub makes of its headings. */
export function anchorsOf(file: string): Set<string> {
	const text = withoutBlocks(read(file));
	const found = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id));
	const times = new Map<string, number>();
	for (const [, heading = ''] of text.matchAll(/^#{1,6} +(.+)$/gm)) {
		const slug = heading
			.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
			.toLowerCase()
			.trim()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/\s/g, '-');
		const before = times.get(slug) ?? 0;
		times.set(slug, before + 1);
		found.add(before === 0 ? slug : `${slug}-${before}`);
	}
	return found;
}

/** Where the links and pictures of a page lead, as they are written. */
export const linksOf = (file: string): string[] => {
	const text = withoutCode(read(file));
	return [
		...[...text.matchAll(/\]\(<?([^()\s>]+(?:\([^()\s]*\)[^()\s]*)?)>?\)/g)].map(([, to = '']) => to),
		...[...text.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, to = '']) => to),
	];
};

const HERE =
	/^https:\/\/(?:github\.com\/exonodes\/exonodes\/(?:blob|tree|raw)|raw\.githubusercontent\.com\/exonodes\/exonodes)\/main\//;

/** A link into this repository as file and anchor; null for one that leads elsewhere. */
export function targetOf(file: string, link: string): { file: string; anchor: string } | null {
	const [to = '', anchor = ''] = link.replace(HERE, '/').split('#');
	if (/^[a-z][a-z\d+.-]*:/i.test(to)) return null;
	if (to === '') return { file, anchor };
	const base = to.startsWith('/') ? to.slice(1) : path.posix.join(path.posix.dirname(file), to);
	return { file: decodeURI(base).replace(/\/$/, ''), anchor };
}

const load = createRequire(__filename);

/** The descriptions of the nodes of n8n as n8n loads them, from their sources. */
export const n8nDescriptions = (): INodeType['description'][] =>
	manifest.n8n.nodes.map((file) => {
		const source = path.join(root, file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
		const exported = load(source) as Record<string, new () => INodeType>;
		const Node = exported[path.basename(source, '.node.ts')];
		if (Node === undefined) throw new Error(`${source} exports no node of its name.`);
		return new Node().description;
	});

/** The documentation site. Its pages are made by tools/docs/stage.mjs; `npm run docs` builds it. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Below which path the site is served: `/` on this machine; `/exonodes/` is that of GitHub Pages. */
const base = process.env.DOCS_BASE ?? '/';
const pages = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'pages');

/** Entries for all pages of a folder, named by their headings. */
function entriesOf(folder) {
	return fs
		.readdirSync(path.join(pages, folder))
		.filter((name) => name.endsWith('.md') && name !== 'index.md')
		.sort()
		.map((name) => {
			const [, text = name] = /^# (.+)$/m.exec(fs.readFileSync(path.join(pages, folder, name), 'utf8')) ?? [];
			return { text: text.replace(/[`*]/g, ''), link: `/${folder}/${name.slice(0, -3)}` };
		});
}

const back = { text: 'All documents', link: '/' };
const startHere = {
	text: 'Start here',
	items: [
		{ text: 'What it is', link: '/' },
		{ text: 'n8n', link: '/docs/n8n' },
		{ text: 'Node-RED', link: '/node-red/' },
		{ text: 'The simulator', link: '/simulator/' },
	],
};
const goingLive = {
	text: 'Going live',
	items: [
		{ text: 'With n8n', link: '/docs/going-live-n8n' },
		{ text: 'With Node-RED', link: '/docs/going-live-node-red' },
		{ text: 'The account at Exotel', link: '/docs/exotel-account' },
		{ text: 'A public https address', link: '/docs/public-address' },
		{ text: 'Troubleshooting', link: '/docs/troubleshooting' },
	],
};
const lookUp = {
	text: 'Look up',
	items: [
		{ text: 'Examples for n8n', link: '/examples/' },
		{ text: 'Nodes of n8n', link: '/n8n/exotel' },
		{ text: 'Nodes and examples of Node-RED', link: '/node-red/nodes/exotel-make-call' },
		{ text: 'Flows as JSON', link: '/docs/flows-as-json' },
		{ text: 'Operations and fields', link: '/docs/reference/' },
		{ text: 'Glossary', link: '/docs/glossary' },
		{ text: 'Limits', link: '/docs/limits' },
		{ text: 'What happens when something goes wrong', link: '/docs/reliability' },
	],
};
const knowMore = {
	text: 'Know more',
	items: [
		{ text: 'Security', link: '/SECURITY' },
		{ text: 'Threat model', link: '/docs/threat-model' },
		{ text: 'Flows of the simulator', link: '/docs/simulator-flows' },
		{ text: 'Fidelity', link: '/docs/fidelity' },
		{ text: 'Facts about Exotel', link: '/docs/exotel-facts' },
		{ text: 'Where the rules come from', link: '/docs/sources' },
		{ text: 'Decisions', link: '/docs/decisions/' },
		{ text: 'Quality figures', link: '/docs/quality' },
		{ text: 'Migrations', link: '/docs/migrations' },
		{ text: 'Verification by n8n', link: '/docs/verification' },
		{ text: 'For the Node-RED library', link: '/docs/node-red-library' },
		{ text: 'Contributing', link: '/CONTRIBUTING' },
		{ text: 'Changes', link: '/CHANGELOG' },
	],
};

/** Gives each cell of a table the title of its column, which a phone shows above it (theme/style.css). */
function labelCells({ tokens }) {
	let titles = [];
	let column = 0;
	for (const [at, token] of tokens.entries()) {
		if (token.type === 'table_open') titles = [];
		else if (token.type === 'th_open') titles.push(tokens[at + 1].content.replace(/[*`]/g, ''));
		else if (token.type === 'tr_open') column = 0;
		else if (token.type === 'td_open') token.attrSet('data-label', titles[column++] ?? '');
	}
}

export default {
	title: 'exonodes',
	description: 'Exotel phone calls as nodes for n8n and Node-RED, and a simulator of Exotel.',
	lang: 'en',
	base,
	head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
	srcDir: 'pages',
	// The texts that llms.txt leads to.
	srcExclude: ['public/**'],
	outDir: 'dist',
	cleanUrls: true,
	ignoreDeadLinks: 'localhostLinks',
	markdown: {
		html: false,
		// Braces in code are no expressions of Vue.
		config(md) {
			const usual = md.renderer.rules.code_inline;
			md.renderer.rules.code_inline = (tokens, at, ...rest) => {
				tokens[at].attrSet('v-pre', '');
				return usual(tokens, at, ...rest);
			};
			md.core.ruler.push('labels of cells', labelCells);
		},
	},
	vite: { build: { chunkSizeWarningLimit: 5000 } },
	themeConfig: {
		search: {
			provider: 'local',
			options: {
				miniSearch: {
					// The node that is called as the whole service is; it would be lost among all pages.
					searchOptions: { boostDocument: (id) => (id.endsWith('/n8n/exotel#exotel-n8n') ? 10 : 1) },
				},
			},
		},
		outline: [2, 3],
		socialLinks: [{ icon: 'github', link: 'https://github.com/exonodes/exonodes' }],
		nav: [
			{ text: 'n8n', link: '/docs/n8n' },
			{ text: 'Node-RED', link: '/node-red/' },
			{ text: 'Simulator', link: '/simulator/' },
			{ text: 'Troubleshooting', link: '/docs/troubleshooting' },
		],
		sidebar: {
			'/examples/': [back, { text: 'Examples for n8n', items: entriesOf('examples') }],
			'/n8n/': [
				back,
				{ text: 'Nodes of n8n', items: entriesOf('n8n') },
				{ text: 'Examples for n8n', items: entriesOf('examples') },
			],
			'/node-red/nodes/': [
				back,
				{ text: 'Nodes of Node-RED', items: entriesOf('node-red/nodes') },
				{ text: 'Examples for Node-RED', items: entriesOf('node-red/examples') },
			],
			'/node-red/examples/': [
				back,
				{ text: 'Examples for Node-RED', items: entriesOf('node-red/examples') },
				{ text: 'Nodes of Node-RED', items: entriesOf('node-red/nodes') },
			],
			'/docs/reference/': [back, { text: 'Operations and fields', items: entriesOf('docs/reference') }],
			'/docs/decisions/': [back, { text: 'Decisions', items: entriesOf('docs/decisions') }],
			'/': [startHere, goingLive, lookUp, knowMore],
		},
	},
};

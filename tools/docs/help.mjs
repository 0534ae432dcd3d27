/** A page for every Node-RED node: its help text, as the sidebar of the editor shows it, and its properties in a flow. */
import fs from 'node:fs';
import path from 'node:path';
import { nodeRedProperties } from './node-red-properties.mjs';

/** The few elements that help texts consist of, in Markdown. */
const ELEMENTS = [
	[/<script[^>]*>|<\/script>/g, ''],
	[/\s*\n\s*/g, ' '],
	[/<h3>(.*?)<\/h3>/g, '\n\n## $1\n\n'],
	[/<h4>(.*?)<\/h4>/g, '\n\n### $1\n\n'],
	[/<a href="([^"]*)"[^>]*>(.*?)<\/a>/g, '[$2]($1)'],
	[/<code>(.*?)<\/code>/g, '`$1`'],
	[/<(?:b|strong)>(.*?)<\/(?:b|strong)>/g, '**$1**'],
	[/<(?:i|em)>(.*?)<\/(?:i|em)>/g, '*$1*'],
	[/<dt[^>]*>(.*?)<span[^>]*>(.*?)<\/span>\s*<\/dt>/g, '\n- **$1** ($2): '],
	[/<dt[^>]*>(.*?)<\/dt>/g, '\n- **$1**: '],
	[/<\/?dd>/g, ''],
	[/<li>/g, '\n- '],
	[/<\/li>|<\/?(?:ul|ol|dl)[^>]*>/g, '\n'],
	[/<\/?p>/g, '\n\n'],
	[/ \*\*: /g, '**: '],
	[/ \*\* \(/g, '** ('],
	[/&lt;/g, '\\<'],
	[/&gt;/g, '>'],
	[/&quot;/g, '"'],
	[/&amp;/g, '&'],
	[/[ \t]+\n/g, '\n'],
	[/\n{3,}/g, '\n\n'],
];

const markdown = (html) => ELEMENTS.reduce((text, [pattern, by]) => text.replace(pattern, by), html).trim();

/** Pictures of forms by node type. */
const PICTURES = {
	'exotel-account': ['account-light', 'account-webhooks-light'],
	'exotel-make-call': ['make-call-numbers-light'],
	'exotel-applet': ['applet-numbers-dark'],
};

/** All help pages: file of the help, name of the page, text; and the help itself for llms.txt. */
export async function helpPages(root) {
	const properties = await nodeRedProperties(root);
	const nodes = fs.readdirSync(path.join(root, 'node-red', 'nodes')).map((type) => ({ type, folder: `node-red/nodes/${type}` }));
	return [{ type: 'exotel-account', folder: 'node-red/account' }, ...nodes].map(({ type, folder }) => {
		const source = `${folder}/locales/en-US/${type}.html`;
		const title = type.replace(/^exotel-/, '').replace(/-/g, ' ');
		const help = markdown(fs.readFileSync(path.join(root, source), 'utf8'));
		const { table, list } = properties.get(type);
		const shown = (PICTURES[type] ?? [])
			.map((picture) => `![The form of ${title}](/docs/screenshots/node-red/${picture}.webp)\n\n`)
			.join('');
		const inFlow = `## In a flow\n\nType \`${type}\`. \`<name>Type\` beside a property is the type of its value: \`str\`, \`msg\`, \`flow\`, \`global\`, \`jsonata\`, \`env\` and those below.\n\n${table}`;
		return {
			source,
			page: `node-red/nodes/${type}.md`,
			text: `# ${title} (Node-RED)\n\n${shown}${help}\n\n${inFlow}\n`,
			short: `### \`${type}\`\n\n${help.replace(/^#/gm, '###')}\n\nProperties:\n\n${list}`,
		};
	});
}

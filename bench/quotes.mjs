/**
 * Figures of the benchmarks that documents quote: `0.44 ×<!-- bench: name of the row -->`, or `not measured` before the
 * same comment; and whole passages that are made from the results, between `<!-- bench-passage: name -->` and
 * `<!-- /bench-passage -->`. The benchmark writes them anew, and a test compares them.
 */
import { PASSAGES } from './passages.mjs';

const QUOTE = /(?:[\d.,]+ [^\s<]+|not measured)<!-- bench: (.+?) -->/g;
const PASSAGE = /(<!-- bench-passage: ([\w-]+) -->\n)[\s\S]*?(<!-- \/bench-passage -->)/g;

/** The documents that may quote figures, from the root. */
export const QUOTING = ['README.md', 'node-red/README.md', 'docs/n8n.md', 'docs/scaling.md', 'docs/limits.md'];

/** The text with the figures of these results. @throws when it asks for a passage that there is not. */
export function quoted(text, { parts }) {
	const rows = Object.values(parts).flatMap((part) => part.rows);
	const withPassages = text.replace(PASSAGE, (_all, begin, name, end) => {
		if (PASSAGES[name] === undefined) throw new Error(`There is no passage "${name}".`);
		return `${begin}\n${PASSAGES[name](rows, parts)}\n\n${end}`;
	});
	return withPassages.replace(QUOTE, (_all, name) => {
		const row = rows.find((one) => one.name === name);
		const figure = row === undefined ? 'not measured' : `${row.value.toLocaleString('en')} ${row.unit}`;
		return `${figure}<!-- bench: ${name} -->`;
	});
}

/**
 * Figures of the benchmarks that documents quote: `0.44 ×<!-- bench: name of the row -->`, or `not measured` before the
 * same comment. The benchmark writes them anew, and a test compares them.
 */
const QUOTE = /(?:[\d.,]+ [^\s<]+|not measured)<!-- bench: (.+?) -->/g;

/** The documents that may quote figures, from the root. */
export const QUOTING = ['README.md', 'node-red/README.md', 'docs/n8n.md', 'docs/scaling.md'];

/** The text with the figures of these results. */
export function quoted(text, { parts }) {
	const rows = Object.values(parts).flatMap((part) => part.rows);
	return text.replace(QUOTE, (_all, name) => {
		const row = rows.find((one) => one.name === name);
		const figure = row === undefined ? 'not measured' : `${row.value.toLocaleString('en')} ${row.unit}`;
		return `${figure}<!-- bench: ${name} -->`;
	});
}

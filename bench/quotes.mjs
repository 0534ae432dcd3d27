/**
 * Figures of the benchmarks that documents quote: `0.44×<!-- bench: name of the row -->`. The benchmark writes them
 * anew, and a test compares them.
 */
const QUOTE = /[\d.,]+(\s?)(×|µs|ms|MB)<!-- bench: (.+?) -->/g;

/** The documents that may quote figures, from the root. */
export const QUOTING = ['README.md', 'node-red/README.md', 'docs/n8n.md', 'docs/scaling.md'];

/** The text with the figures of these results; a row that is missing is an error. */
export function quoted(text, { parts }) {
	const rows = Object.values(parts).flatMap((part) => part.rows);
	return text.replace(QUOTE, (_all, space, unit, name) => {
		const row = rows.find((one) => one.name === name && one.unit === unit);
		if (row === undefined) throw new Error(`No benchmark has the row "${name}" in ${unit}.`);
		return `${row.value.toLocaleString('en')}${space}${unit}<!-- bench: ${name} -->`;
	});
}

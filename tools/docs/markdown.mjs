/** Pieces of Markdown that several pages are made of. */

/** Code between backticks. */
export const code = (text) => `\`${text}\``;

/** Text as it can stand in a table. */
export const cell = (text) => String(text).replace(/\|/g, '\\|').replace(/\s+/g, ' ').trim();

/** A table. */
export const table = (headings, rows) =>
	[headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

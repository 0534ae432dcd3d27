/** Writes `docs/fidelity.md` out of the tables. */
import { behaviours } from './behaviours';
import { surfaces } from './fields';
import type { Source } from './field-groups';

const INTRODUCTION = `# How faithful is the simulator?

Every field the simulator sends and every rule it follows, with where it comes from:

- **documented** – in Exotel's own documentation
- **public code** – not documented, but in public code, tests or captures of people who use Exotel
- **guess** – ours, because nothing public says; do not build on it

Nothing here was tried against a live account. *seed 000* to *seed 004* are the vendor's documents that
[sources.md](sources.md) lists.

\`test/simulator/documented-lines/\` quotes lines of these documents about answers, errors and limits, and shows for
each that the simulator answers, refuses or limits so.

This page is written from the tables in \`simulator/fidelity/\`. A test drives every endpoint and every delivery and
fails when a field is sent that is not listed, or listed and never sent; and when this page differs from the tables.
To write it anew: \`UPDATE_FIDELITY=1 npx mocha --require tsx/cjs test/simulator/fidelity.test.ts\`.
`;

/** The whole document, as Markdown. */
export function fidelityDocument(): string {
	const count = (source: Source) =>
		surfaces
			.flatMap(({ groups }) => groups)
			.filter((group) => group.source === source)
			.reduce((sum, { fields }) => sum + fields.length, 0);
	const figures = (['documented', 'public code', 'guess'] as const)
		.map((source) => `${count(source)} ${source}`)
		.join(', ');
	const fieldTables = surfaces.map(({ title, groups }) => {
		const rows = groups.map(
			({ source, from, fields, note }) =>
				`| ${source} | ${cell(from)} | ${fields.map((field) => `\`${field}\``).join(' ')} | ` +
				`${cell(note ?? '')} |`,
		);
		return (
			`### ${title.replaceAll('<', '\\<')}\n\n| Source | From | Fields | Note ` +
			`|\n|---|---|---|---|\n${rows.join('\n')}\n`
		);
	});
	const areas = [...new Set(behaviours.map(({ area }) => area))].map((area) => {
		const rows = behaviours
			.filter((behaviour) => behaviour.area === area)
			.map(({ rule, source, from }) => `| ${cell(rule)} | ${source} | ${cell(from)} |`);
		return `### ${area}\n\n| Rule | Source | From |\n|---|---|---|\n${rows.join('\n')}\n`;
	});
	const sections = ['## Fields', `${figures}.`, fieldTables.join('\n'), '## Behaviour', areas.join('\n')];
	return `${INTRODUCTION}\n${sections.join('\n\n')}`;
}

function cell(text: string): string {
	return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}

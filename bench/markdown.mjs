/** docs/benchmarks.md from bench/results.json. */
import { goalOf, meetsGoal } from './measuring.mjs';

const TITLES = {
	'node-red': 'Node-RED: against a flow built by hand',
	core: 'The core without a host',
	n8n: 'n8n: against a workflow built by hand',
	load: 'Loading the packages',
	scale: 'Many nodes, many calls',
	simulator: 'The simulator',
};

const INTRODUCTION = `# Benchmarks

Made by \`npm run bench\` from \`bench/results.json\`; do not edit. Ratios compare two things that took turns in the same minutes, by the
CPU time of the process, and are medians of at least five rounds; smaller is better where the goal is "≤". A paired run of one and the same
thing that differs by more than 10 % makes the benchmark say *noisy* and write no results. A goal that is missed stands here as missed.
`;

/** @param {{ parts: Record<string, { at: string, machine: object, rows: import('./run.mjs').Row[] }> }} results */
export function markdown({ parts }) {
	return [INTRODUCTION, ...Object.entries(parts).map(section)].join('\n');
}

function section([name, { at, machine, rows }]) {
	const { node, cpu, cores, memoryGb, system } = machine;
	const body = rows.map((row) => {
		const goal = goalOf(row);
		const met = meetsGoal(row);
		const cells = [
			row.name,
			`${row.value.toLocaleString('en')} ${row.unit}`,
			goal,
			met === null ? '' : met ? 'met' : '**missed**',
			row.against,
			row.note,
		];
		return `| ${cells.map((cell) => (cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
	});
	return [
		`## ${TITLES[name] ?? name}`,
		'',
		`${at.slice(0, 10)}, Node ${node}, ${cores} × ${cpu}, ${memoryGb} GB, ${system}.`,
		'',
		'| What | Figure | Goal | | Against | Seen |',
		'|---|---|---|---|---|---|',
		...body,
		'',
	].join('\n');
}

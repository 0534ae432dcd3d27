/** docs/benchmarks.md from bench/results.json. */
import { goalOf, meetsGoal } from './measuring.mjs';

const TITLES = {
	'node-red': 'Node-RED: against a flow built by hand',
	core: 'The core without a host',
	n8n: 'n8n: against a workflow built by hand',
	queue: 'n8n in queue mode: events a second',
	copies: 'Copies of Node-RED on one Redis: events a second',
	burst: 'A burst while callers wait',
	export: 'Export of all calls',
	load: 'Loading the packages',
	scale: 'Many nodes, many calls',
	simulator: 'The simulator',
	hostile: 'Hostile input: the longest time one request occupies the event loop',
};

const INTRODUCTION = `# Benchmarks

Made by \`npm run bench\` from \`bench/results.json\`; do not edit. Ratios compare two things that took turns in the same minutes, by the
CPU time of the process where a row says nothing else, and are medians of at least five rounds; smaller is better where the goal is "≤". A paired run of one and the same
thing that differs by more than 10 % makes the benchmark say *noisy* and write no results. A goal that is missed stands here as missed. The
short form, \`-- --short\`, is part of CI and fails when a ratio is worse than one and a half times its goal or, where that is missed,
than one and a half times the figure here, in three runs one after the other.
`;

/** What the figures of a part compare, and why a goal is missed. */
const NOTES = {
	'node-red': `The flow built by hand makes the same message as ours out of the requests of this benchmark, compares the token in constant time, passes each
event on once and checks its answer. It reads no other form of a request, knows no order of events and has no deadline. "http in + http response
alone" is what no such flow can go below. Ours does without those two nodes, but not without Express, Node.js and the connection, which are most
of what it costs ([decision 060](decisions/060-what-a-webhook-request-costs.md)).
`,
	core: `Goals of the core that are missed stay missed. A built Connect answer cannot cost two and a half times \`JSON.stringify\` of it: before it is
written once, three numbers and four more fields are read in every form people write, and the result is checked with the JSON Schema of
Exotel's documents. A multipart callback has 17 parts, each with headers of its own; \`JSON.parse\` is native code
([decision 060](decisions/060-what-a-webhook-request-costs.md)).
`,
	n8n: `n8n gives each webhook of a community package a JavaScript engine of its own, which its own Webhook node does without; the floor is a community package that
does nothing: it starts the workflow, answers without one, or answers from one. No community package can go below it. The time of an event
runs from its sending until its workflow has ended, with an event every 150 ms; filtered-out events come four at a time, and count
when the last one is answered and the last workflow that was started for one has ended.
`,
	scale: `Against one webhook node, and no open call. One Node-RED is deployed anew for each round and each count; a round of a number of
open calls has a process of its own, with a memory that has room for all of them. The ratio is the median of the rounds' ratios, each time a median of its own.
`,
	queue: `Each event starts a workflow of two nodes. All processes, PostgreSQL, Redis and the sender share this machine: more workers carry more
only while it has processors to spare.
`,
	copies: `The sender hands the events to the copies in turns; a balancer in front would take its own share. All copies, Redis and the sender share this
machine. The client of Redis is the smallest one ([source](../test/fixtures/redis-context/index.cjs)).
`,
	burst: `20 callers wait for an answer that does not come, and each is to get the fallback after a second; the figure is how much later than that
the latest one of five rounds came.
`,
	export: `Exotel's limit of 200 requests a minute is left out: with it, 100,000 calls take five minutes, whoever reads them. Our stream asks for the next page
while one is read, turns each record into a call with times, numbers and outcome, and drops what comes twice; the loop takes the fields as they are. Times
hold the start of a process.
`,
	hostile: `Bodies of a megabyte, 100,000 keys or parts and deep nesting, from [test/hostile](../test/hostile/bodies.ts); seen is the body that took longest, in
processor time, which over HTTP includes that of the sender. Memory is what a second round of bodies leaves behind.
`,
	load: `Node-RED loads our core with the first node of a flow. n8n's Twilio nodes are three small files that leave everything to n8n; ours bring the rules for reading what Exotel sends.
`,
};

/** @param {{ parts: Record<string, { at: string, machine: object, rows: import('./run.mjs').Row[] }> }} results */
export function markdown({ parts }) {
	return [INTRODUCTION, ...Object.entries(parts).map(section)].join('\n');
}

function section([name, { at, machine, rows }]) {
	const { node, versions, cpu, cores, memoryGb, system } = machine;
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
		`${at.slice(0, 10)}, Node ${node}${versions === undefined ? '' : `, ${versions}`}, ${cores} × ${cpu}, ${memoryGb} GB, ${system}.`,
		'',
		'| What | Figure | Goal | | Against | Seen |',
		'|---|---|---|---|---|---|',
		...body,
		'',
		...(NOTES[name] === undefined ? [] : [NOTES[name]]),
	].join('\n');
}

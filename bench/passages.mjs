/**
 * Passages of docs/scaling.md, made from the results. Each is right whatever has been measured: it says what the
 * figures say, or that there are none.
 */

const ROOT = 'editor at /admin';
/** How many workers queue mode is measured with. */
export const WORKERS = [1, 2, 4];

/** What the cost of a callback does not depend on, with the count behind it. */
export const COUNTED = { nodes: 'Node-RED callback, webhook nodes', calls: 'core: callback tracked, open calls' };

/** Names of the rows that passages use; the parts take them from here, but for those of bench/node-red.mjs. */
export const ROWS = {
	json: `Node-RED status callback (JSON), CPU time, ${ROOT}`,
	multipart: `Node-RED status callback (multipart), CPU time, ${ROOT}`,
	connect: `Node-RED Connect request, CPU time, ${ROOT}`,
	most: [`${COUNTED.nodes}: 1,000`, `${COUNTED.calls}: 100,000`],
	alone: 'Node-RED, one process',
	copies: [
		'Node-RED, one process on a context store in Redis',
		'Node-RED, 2 copies on a context store in Redis',
		'Node-RED, 4 copies on a context store in Redis',
	],
	n8n: 'n8n, one process',
	queue: WORKERS.map(
		(count) => `n8n, queue mode with 2 webhook processors and ${count} ${count === 1 ? 'worker' : 'workers'}`,
	),
	bursts: [
		"longest delay of a caller's fallback, 1,000 callbacks at once",
		"longest delay of a caller's fallback, 100 calls placed at once",
	],
};

/** A million calls a day, a tenth of them in the busiest hour; four callbacks and one Connect request for each. */
const CALLS_A_SECOND = 1_000_000 / 10 / 3600;
const EVENTS_A_SECOND = Math.round(CALLS_A_SECOND * 4);
const QUESTIONS_A_SECOND = Math.round(CALLS_A_SECOND);
/** A process that is busier than this has no room for a burst. */
const MOST_BUSY = 0.7;

const figure = ({ value, unit }) => `${value.toLocaleString('en')} ${unit}`;
const named = (rows, name) => rows.find((row) => row.name === name);
const allOf = (rows, names) => names.map((name) => named(rows, name)).filter((row) => row !== undefined);

/** A table of these rows; a sentence when none was measured. */
function table(rows, names) {
	const found = allOf(rows, names);
	if (found.length === 0) return 'Not measured yet.';
	const lines = found.map((row) => `| ${row.name} | ${figure(row)} | ${row.against ?? ''} | ${row.note ?? ''} |`);
	return ['| What | Figure | Against | Seen |', '|---|---|---|---|', ...lines].join('\n');
}

/** A factor in words: below a tenth it is none. */
function change(from, to) {
	const factor = to / from;
	return factor > 1.1 || factor < 0.9 ? `${factor.toFixed(1)} times as many` : 'as many';
}

/** What more processes added, and where it ends. */
function added(rows, names, more) {
	const found = allOf(rows, names);
	if (found.length < 2) return '';
	const [first, ...rest] = found;
	const parts = rest.map((row) => `${more(row)} carried ${change(first.value, row.value)} events as one`);
	return `${parts.join(', ')}.`;
}

const countIn = ({ name }) => /(\d+) (?:copies|workers?)\b/.exec(name)?.[1] ?? '1';

/** Which share of the processors was used, and by what most: from the note that the benchmark wrote. */
function bottleneck(row) {
	const [, inUse, first] = /^(\d+) % of the machine in use: ([^,]+)/.exec(row?.note ?? '') ?? [];
	if (inUse === undefined) return '';
	const most = first.replace(/ (\d+ %)$/, ' ($1 of it)');
	return Number(inUse) >= 80
		? `The bottleneck was the machine itself: ${inUse} % of its processors were in use, most of that by ${most}.`
		: `The processors were not the bottleneck: ${inUse} % of them were in use, most of that by ${most}.`;
}

const paragraphs = (...texts) => texts.filter((text) => text !== '').join('\n\n');

/** How many processes carry so much, each at most `MOST_BUSY`. */
const processes = (load, capacity) => Math.max(1, Math.ceil(load / (capacity * MOST_BUSY)));

function nodeRedForAMillion(rows) {
	const [json, multipart, connect] = allOf(rows, [ROWS.json, ROWS.multipart, ROWS.connect]);
	if (connect === undefined) return '- **Computing time of Node-RED**: not measured yet.';
	const microseconds = EVENTS_A_SECOND * Math.max(json.value, multipart.value) + QUESTIONS_A_SECOND * connect.value;
	const cores = microseconds / 1_000_000;
	return (
		`- **Computing time of Node-RED**: ${Math.round(cores * 100)} % of one core in the busiest hour (${figure(json)} or ` +
		`${figure(multipart)} for a callback as JSON or multipart, ${figure(connect)} for a Connect request), beside your own flow. ` +
		`${processes(cores, 1) === 1 ? 'One process carries it; a second one is there so that one may fail.' : `${processes(cores, 1)} processes carry it.`}`
	);
}

function n8nForAMillion(rows) {
	const [one] = allOf(rows, [ROWS.n8n]);
	const load = EVENTS_A_SECOND + QUESTIONS_A_SECOND;
	if (one === undefined) return '- **Computing time of n8n**: not measured yet.';
	return (
		`- **Computing time of n8n**: ${load} workflows a second would run when each event starts one, and one process carries ` +
		`${figure(one)} with a workflow of two nodes. That is the work of ${processes(load, one.value)} such processes; with ends only ` +
		`(${QUESTIONS_A_SECOND * 2} workflows a second), of ${processes(QUESTIONS_A_SECOND * 2, one.value)}. ` +
		'Workers on machines of their own share it.'
	);
}

function sharedStoreForAMillion(rows) {
	const alone = named(rows, ROWS.alone);
	const onRedis = named(rows, ROWS.copies[0]);
	if (alone === undefined || onRedis === undefined) return '- **The shared store**: not measured yet.';
	return (
		`- **The shared store**: with it one Node-RED carried ${figure(onRedis)}, without it ${figure(alone)}; ` +
		`${EVENTS_A_SECOND} are needed, so ${processes(EVENTS_A_SECOND, onRedis.value)} on this machine.`
	);
}

/** How long one request occupied the process, and which took longer than the goal. */
function hostileRun({ hostile }) {
	const rows = (hostile?.rows ?? []).filter(({ unit }) => unit === 'ms');
	if (rows.length === 0) return 'No full run on a quiet machine has been made yet.';
	const over = rows.filter(({ value, atMost }) => value > atMost).toSorted((a, b) => b.value - a.value);
	const run = `In the run of ${hostile.at.slice(0, 10)} ([benchmarks](benchmarks.md)) ${rows.length - over.length} of ${rows.length} entry points stayed below.`;
	if (over.length === 0) return run;
	const longer = over.map((row) => `- ${row.name}: ${figure(row)}, with ${row.note}`).join('\n');
	return `${run} Longer took:\n\n${longer}`;
}

/** By name; each takes all rows that were measured, and the parts they belong to. */
export const PASSAGES = {
	hostile: (_rows, parts) => hostileRun(parts),
	'one-node-red': (rows) =>
		table(rows, [ROWS.json, ROWS.multipart, ROWS.connect, ...ROWS.most, ROWS.alone, ...ROWS.bursts]),
	copies: (rows) =>
		paragraphs(
			table(rows, ROWS.copies),
			added(rows, ROWS.copies, (row) => `${countIn(row)} copies`),
		),
	queue: (rows) =>
		paragraphs(
			table(rows, [ROWS.n8n, ...ROWS.queue]),
			added(rows, ROWS.queue, (row) => `${countIn(row)} workers`),
			bottleneck(allOf(rows, ROWS.queue).at(-1)),
		),
	million: (rows) => [nodeRedForAMillion(rows), n8nForAMillion(rows), sharedStoreForAMillion(rows)].join('\n'),
	missing: (rows) => {
		const names = [
			ROWS.json,
			ROWS.multipart,
			ROWS.connect,
			...ROWS.most,
			ROWS.alone,
			...ROWS.copies,
			ROWS.n8n,
			...ROWS.queue,
			...ROWS.bursts,
		].filter((name) => named(rows, name) === undefined);
		const list = names.map((name) => `- ${name}`).join('\n');
		return names.length === 0
			? 'Everything else that this page speaks of was measured.'
			: `No figures yet:\n\n${list}`;
	},
};

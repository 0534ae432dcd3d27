/** docs/reliability.md: the table of faults as it came out of a run. */
import { modes, type Mode } from './call';
import { faults } from './faults';
import { hostNames } from './result';

/** n8n's queue mode is measured on real processes, by a suite of its own. */
export const QUEUE = 'n8n, queue mode';
/** The columns of the table. */
export const columnNames = [...hostNames, QUEUE] as const;
export type ColumnName = (typeof columnNames)[number];

/** What came of each cell, as `written` prints it. */
export type Cells = Map<string, string>;

/** The name of a cell: fault, host, mode. */
export const cellName = (fault: string, host: ColumnName, mode: Mode): string => `${fault} · ${host} · ${mode}`;

/** A column of the table: fault → text. */
export type Column = Map<string, string>;

/** What a run found out for a column; one text where all three ways to place a call came out alike. */
export function columnOf(cells: Cells, host: ColumnName): Column {
	return new Map(
		faults.map(({ name }) => {
			const texts = modes.map((mode) => cells.get(cellName(name, host, mode)) ?? 'not run');
			const [first = ''] = texts;
			if (texts.every((text) => text === first)) return [name, first];
			return [name, modes.map((mode, index) => `${mode}: ${texts[index]}`).join('; ')];
		}),
	);
}

/** A column as a page has it; a row that it does not have is "not run". */
export function columnIn(text: string, host: ColumnName): Column {
	const lines = text.split('\n');
	return new Map(
		faults.map(({ name }) => {
			const row = lines.find((line) => line.startsWith(`| **${name}**`)) ?? '';
			return [name, row.split(' | ')[columnNames.indexOf(host) + 1]?.replace(/ \|$/, '') ?? 'not run'];
		}),
	);
}

/** The page. */
export function page(columns: Record<ColumnName, Column>): string {
	const rows = faults.map(({ name, means }) => {
		const results = columnNames.map((host) => columns[host].get(name) ?? 'not run');
		return `| **${name}**: ${means} | ${results.join(' | ')} |`;
	});
	return `# What happens when something goes wrong

Written by \`npm run test:faults\`; a test compares this page with every run. Each row is one thing that goes wrong, each cell says what
the phones and the flow noticed. A cell stands for three runs: a call between two numbers, a call into a flow, a call between an agent and a
customer (where they differ, each is named).

- \`1×\`: the phone that rang most often rang once. No cell has more.
- \`answered\`: the flow received the end of the call, once, and it is true. (In every call both sides answer and talk.)
- \`unknown (reason)\`: the flow received that it cannot be known whether a phone rings. The [reasons](n8n.md) are
  the field \`reason\`. The node never places the call again by itself.
- \`unknown (…), then answered\`: a callback settled it later.
- \`[Completed Calls Trigger]\`: the end came from that trigger, because n8n gave up the run.

The node of Node-RED uses a context store that writes through; n8n waits for the outcome. What the hosts themselves make impossible, with the
way out: [limits](limits.md).

Node-RED and n8n (one process) are measured on a virtual clock, queue mode on a real n8n: a main process, a webhook processor, two workers, Redis,
PostgreSQL, an execution for each of the ${faults.length * modes.length} calls, which waits 75 s at most. There, *killed* are the workers, while the other processes
run on, and *restarted* are all processes; the report that is twenty minutes late comes once n8n has told the end.

| What goes wrong | ${columnNames.join(' | ')} |
|${'---|'.repeat(columnNames.length + 1)}
${rows.join('\n')}

## Many at once, and at any moment

Drawn from a seed, which is in the title of each test; \`FAULTS_SEED=<seed>\` repeats a run, and \`FAULTS_CALLS\` or \`FAULTS_QUESTIONS\` makes it longer.

| What is tried | How often (\`--long\`) | What must hold |
|---|---|---|
| Calls at once, each with a fault of its own: every row above strikes 5 % of them, some of them while the host is killed or restarted | 500 (10,000), half on each host | no double dial; no end lost, doubled or more than 1 s later than its callback; no \`unknown\` for a call whose end is known |
| Requests of a Connect applet to a flow that answers twice, late, never, by another message, with an error, without a destination, with what is no number, with another type, with a megabyte, in the other version or in none | 300 (5,000) on each host | each is answered within 4.5 s: with the flow's number where the answer can be used, else with the fallback's |
| The host is killed at a moment of the call and started 2 s later, with Node-RED's memory, a store that writes through, files without a cache, and with what n8n stores | 4 (20) for each | one ring, one true end. Memory forgets the call: its end comes out when its callback comes after the start |
| Node-RED is killed right after it wrote the end, and right after it sent the message, with each store that survives (\`test/faults/kills.test.ts\`) | 12 | the end comes out after the start: once, and in the second case again, the same |
| Ten deploys of each kind (full, flows, nodes), and nodes replaced on their path, at 250 events a second: \`test/hosts/node-red/reliability.test.ts\` on a real Node-RED | \`--long\` | no event lost, none repeated |

In every cell of the table in which the double's callback about the end is accepted, the end leaves the node within 1 s of it.

In queue mode that time is not measured. n8n gives up the job of a killed worker within two minutes, once a worker runs, and does not run it again, also with a setting
that made n8n 1 do so (\`QUEUE_WORKER_MAX_STALLED_COUNT\`, set in this test).

## The exceptions

- **timeout on n8n**, both columns: the call ends while n8n still waits for Exotel's answer. n8n refuses a callback for a run that does not wait yet, and the
  call has no known SID by which it could be polled. The double sends each callback once; the simulator repeats a refused one, and then n8n
  receives it. The way out is *Exotel Completed Calls Trigger*.
- **host killed on n8n**, both columns: n8n gives up the run and does not run it again. The way out is the same trigger.

## Repeat it at home

\`\`\`sh
npm run test:faults
\`\`\`

It needs no account, no network and no n8n: both adapters run in one process on a virtual clock, against a double of Exotel written from the
vendor's documents alone, and calls between two numbers once more against the simulator. The column of queue mode needs Redis and PostgreSQL:
\`npm run test:n8n -- queue\`. Nothing in the table is random: every run gives it. \`npm run test:faults -- --long\` adds flows and agents on the simulator, and the suites on real hosts: a killed, restarted and redeployed Node-RED, and n8n
with one process and in queue mode. \`npm run test:faults -- --teeth\` removes one guard of the code at a time and shows that the cell named for
it fails; the result is in [quality](quality.md#guards-of-the-fault-suite).
`;
}

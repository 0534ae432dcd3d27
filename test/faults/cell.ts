/** Plays one cell of the table and says what came of it. */
import assert from 'node:assert/strict';
import { Stage } from '../recorded/stage';
import type { FaultyExotel, Pass } from './exotel';
import { playFault, type Fault } from './faults';
import { FaultyN8n, FaultyNodeRed, ONE, type Host, type Mode, type Told } from './hosts';

/** Seconds that pass at once while no workflow is to be woken. */
const LONGEST_STEP = 1500;

/** What came of a cell. */
export interface Result {
	/** How often the phone that rang most often rang. */
	rings: number;
	sid: string | null;
	told: Told[];
	progress: string[];
	problems: string[];
	/** Exotel reports the end again when its report was refused. */
	repeatsReports: boolean;
	/** When the report of the end was answered 200, milliseconds since 1970; null when none was, or nobody noted it. */
	reportedAt: number | null;
}

/** Milliseconds after which the end has left the node, once its report has come. */
export const LEAVES_WITHIN_MS = 1000;

export const hostNames = ['Node-RED', 'n8n'] as const;
export type HostName = (typeof hostNames)[number];

/** Plays a cell. */
export async function playCell(
	fault: Fault,
	name: HostName,
	mode: Mode,
	open: () => Promise<FaultyExotel>,
): Promise<Result> {
	const stage = new Stage();
	let exotel: FaultyExotel | null = null;
	let host: Host | null = null;
	try {
		const opened = await open();
		exotel = opened;
		stage.watch(() => opened.busy());
		const playing = name === 'Node-RED' ? new FaultyNodeRed(stage, opened) : new FaultyN8n(stage, opened);
		host = playing;
		await playing.open(mode);
		await stage.settle();
		const place = async (): Promise<void> => {
			await playing.place();
			// The simulator has no call to show where it refused one; then the host has said so.
			await stage.until(() => opened.received() || playing.told().length > 0);
			await stage.settle();
			opened.afterRequest();
		};
		await playFault(fault, { host: playing, exotel: opened, mode, pass: passing(stage, playing, opened), place });
		return {
			rings: opened.rings(),
			sid: opened.sid(),
			told: playing.told(),
			progress: playing.progress(),
			problems: playing.problems(),
			repeatsReports: opened.repeatsReports,
			reportedAt: opened.reportedAt(),
		};
	} finally {
		await host?.close();
		stage.close();
		await exotel?.close();
	}
}

/** Time passes on both sides; a workflow is woken when its time has come. */
function passing(stage: Stage, host: Host, exotel: FaultyExotel): Pass {
	return async (seconds) => {
		// What has just come in is told before time passes.
		await stage.settle();
		const until = stage.now + seconds * 1000;
		while (stage.now < until) {
			const next = Math.min(until, host.wakesAt() ?? Infinity, stage.now + LONGEST_STEP * 1000);
			const step = Math.max(0, (next - stage.now) / 1000);
			await stage.advance(step);
			await exotel.advance(step);
			if (exotel.name === 'simulator') await stage.settle();
			const wakesAt = host.wakesAt();
			if (wakesAt !== null && wakesAt <= stage.now) await host.wake();
		}
	};
}

/**
 * The promises every cell keeps: a phone rings at most once; the end of a call that rang is told once and is true; where
 * no phone rang nobody is told that one did; nothing else went wrong.
 */
export function check(
	fault: Fault,
	host: HostName,
	mode: Mode,
	{ rings, sid, told, progress, problems, repeatsReports, reportedAt }: Result,
): void {
	const seen = JSON.stringify({ rings, sid, told, reportedAt, progress, problems }, null, 1);
	assert.equal(rings, fault.rings ? 1 : 0, `how often the phone rang: ${seen}`);
	assert.deepEqual(problems, [], `errors: ${seen}`);
	// The end of a stranger's call is passed on under its own SID.
	const ours = told.filter((one) => one.sid === sid || one.sid === null);
	const ends = ours.filter(({ outcome }) => outcome !== 'unknown');
	const unknowns = ours.filter(({ outcome }) => outcome === 'unknown');
	const canKnow = fault.rings && (fault.unknownOn !== host || repeatsReports);
	assert.deepEqual(
		ends.map(({ outcome }) => outcome),
		canKnow ? ['answered'] : [],
		`the end, once: ${seen}`,
	);
	const latest = (reportedAt ?? Infinity) + LEAVES_WITHIN_MS;
	assert.ok(
		ends.every(({ at }) => at <= latest),
		`the end leaves within a second of its report: ${seen}`,
	);
	assert.ok(unknowns.length <= (canKnow && host === 'n8n' ? 0 : 1), `“unknown” is said once: ${seen}`);
	if (!canKnow) assert.equal(unknowns.length, 1, `the doubt is told: ${seen}`);
	for (const { reason } of unknowns) assert.ok(reason !== null && reason !== '', `the reason: ${seen}`);
	assert.ok(
		ours.every(({ order }) => order === ONE.order),
		`the message that placed the call came along: ${seen}`,
	);
	const repeated = progress.filter((one, index) => progress.indexOf(one) !== index);
	assert.deepEqual(repeated, [], `progress comes once: ${seen}`);
	// Once the end was told, nothing that lies before it is.
	if (fault.trouble.reports === 'reversed') assert.deepEqual(progress, [], `the order: ${seen}`);
	const reportsAll = fault.rings && ['usual', 'twice'].includes(fault.trouble.reports) && fault.stopsHost !== true;
	if (reportsAll && host === 'Node-RED' && mode !== 'flow')
		assert.equal(progress.length, 2, `both answers are told: ${seen}`);
}

/** A cell as the page prints it. */
export function written({ rings, sid, told }: Result): string {
	const ours = told.filter((one) => one.sid === sid || one.sid === null);
	const said = ours.map(({ outcome, reason, by }) => {
		const why = outcome === 'unknown' && reason !== null ? ` (${reason})` : '';
		return `${outcome}${why}${by === 'the calling node' ? '' : ` [${by}]`}`;
	});
	return `${rings}× · ${said.join(', then ')}`;
}

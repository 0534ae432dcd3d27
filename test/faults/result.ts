/** What came of a cell, what it must be, and how the page prints it. */
import assert from 'node:assert/strict';
import { ONE, type Mode, type Told } from './call';
import type { Fault } from './faults';

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
	const reportsAll =
		fault.rings && ['usual', 'twice'].includes(fault.trouble.reports) && fault.stopsHost === undefined;
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

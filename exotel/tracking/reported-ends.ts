/**
 * The ends that were reported to a tracker and that Exotel is being asked about. Each is kept in the call's record
 * meanwhile: Exotel has its answer and reports no end again, so a restart must not forget it.
 */
import type { CallEvent } from '../call/call';
import type { TrackerHost } from './announcements';
import type { CallIndex } from './call-index';
import { EndConfirmation, type ConfirmedEnd, type ReportedEnd } from './end-confirmation';
import type { PollHost } from './poll-once';
import type { StoredRecord } from './records';

/** What happens to an end that Exotel confirms; may reject. */
export type TakeEnd = (confirmed: ConfirmedEnd) => Promise<void>;

/** The reported ends of one tracker. */
export class ReportedEnds {
	readonly #host: PollHost & Pick<TrackerHost<unknown>, 'random'>;
	readonly #index: CallIndex;
	readonly #take: TakeEnd;
	readonly #confirmation: EndConfirmation;
	/** How many reports of a call are being written down. */
	readonly #arriving = new Map<string, number>();

	constructor(host: PollHost & Pick<TrackerHost<unknown>, 'random'>, index: CallIndex, take: TakeEnd) {
		this.#host = host;
		this.#index = index;
		this.#take = take;
		this.#confirmation = new EndConfirmation(host);
	}

	/**
	 * Resolves when the report is kept; then Exotel is asked. False, with a warning, when there are too many.
	 * `attemptId`: as the address of the report names it. What a caller pressed or recorded waits for nothing.
	 */
	async report(event: CallEvent, attemptId: string | null): Promise<boolean> {
		const { sid, api } = event.call;
		const report = { sid, apis: [api], attemptIds: attemptId === null ? [] : [attemptId] };
		if (!this.#confirmation.takes(sid, this.#arriving.size)) {
			this.#host.warn({ code: 'fault', reason: 'Too many ends are being confirmed.' });
			return false;
		}
		this.#arriving.set(sid, (this.#arriving.get(sid) ?? 0) + 1);
		try {
			await this.#index.receiveInput(event);
			const noted = await this.#index.noteReport(report);
			if (noted !== null) void this.#confirm(noted);
			return true;
		} finally {
			const others = (this.#arriving.get(sid) ?? 1) - 1;
			if (others > 0) this.#arriving.set(sid, others);
			else this.#arriving.delete(sid);
		}
	}

	/** Asks within `spreadMs` about what a process before was asking about; another one may do the same. */
	takeUp(kept: readonly [string, StoredRecord][], spreadMs: (count: number) => number): void {
		const reports = kept.flatMap(([, record]) => (record.kind === 'sid' ? (record.reported ?? []) : []));
		const withinMs = spreadMs(reports.length);
		for (const { sid } of reports) void this.#confirmAfter(this.#host.random() * withinMs, sid);
	}

	async #confirmAfter(ms: number, sid: string): Promise<void> {
		try {
			await this.#host.clock.sleep(ms);
			const report = await this.#index.reportOf(sid);
			if (report !== null) await this.#confirm(report);
		} catch (reason) {
			this.#host.warn({ code: 'fault', reason });
		}
	}

	async #confirm(report: ReportedEnd): Promise<void> {
		const { sid } = report;
		const isOld = (): boolean => !this.#arriving.has(sid) && !this.#confirmation.isReading(sid);
		try {
			const confirmed = await this.#confirmation.confirm(report);
			if (confirmed !== null) await this.#take(confirmed);
			else if (isOld()) await this.#index.forgetReport(sid, isOld);
		} catch (reason) {
			this.#host.warn({ code: 'fault', reason });
		}
	}
}

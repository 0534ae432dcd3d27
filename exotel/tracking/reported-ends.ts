/**
 * The ends that were reported to a tracker and that Exotel is being asked about. Each is kept in the call's record
 * meanwhile: Exotel has its answer and reports no end again, so a restart must not forget it.
 */
import type { CallEvent } from '../call/call';
import type { CallIndex } from './call-index';
import { EndConfirmation, type ConfirmedEnd, type ReportedEnd } from './end-confirmation';
import type { PollHost } from './poll-once';
import type { StoredRecord } from './records';

/** What happens to an end that Exotel confirms; may reject. */
export type TakeEnd = (confirmed: ConfirmedEnd) => Promise<void>;

/** The reported ends of one tracker. */
export class ReportedEnds {
	readonly #host: PollHost;
	readonly #index: CallIndex;
	readonly #take: TakeEnd;
	readonly #confirmation: EndConfirmation;

	constructor(host: PollHost, index: CallIndex, take: TakeEnd) {
		this.#host = host;
		this.#index = index;
		this.#take = take;
		this.#confirmation = new EndConfirmation(host);
	}

	/** Resolves when the report is kept; then Exotel is asked. `attemptId`: as the address of the report names it. */
	async report({ call: { sid, api } }: CallEvent, attemptId: string | null): Promise<void> {
		const report = { sid, api, attemptIds: attemptId === null ? [] : [attemptId] };
		// One too many is not kept: the confirmation says so.
		const noted = this.#confirmation.takes(sid) ? await this.#index.noteReport(report) : report;
		if (noted !== null) void this.#confirm(noted);
	}

	/** Asks about what a process before was asking about. */
	takeUp(kept: readonly [string, StoredRecord][]): void {
		for (const [, record] of kept) {
			if (record.kind === 'sid' && record.reported !== undefined) void this.#confirm(record.reported);
		}
	}

	async #confirm(report: ReportedEnd): Promise<void> {
		try {
			const confirmed = await this.#confirmation.confirm(report);
			if (confirmed !== null) await this.#take(confirmed);
			else if (!this.#confirmation.isReading(report.sid)) await this.#index.forgetReport(report.sid);
		} catch (reason) {
			this.#host.warn({ code: 'fault', reason });
		}
	}
}

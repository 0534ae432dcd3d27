/**
 * *Confirm the end by asking Exotel*: nobody signs or dates callbacks, so with this option the end of a call that is
 * reported is believed only when Exotel's own record says it too. A record that is late or cannot be read is read again
 * a few times; then the report counts for nothing: what is left are the polls of a call that was placed here, and the
 * search for missed ends.
 */
import { isEnd, type ApiVersion, type CallEvent } from '../call/call';
import { isUnfinished } from '../call/unfinished';
import { pollOnce, type PollHost } from './poll-once';

/** Waits between the reads, ms. */
const READ_AGAIN_AFTER_MS: readonly number[] = [5_000, 30_000, 120_000];
/** How often the reads begin again for reports that came meanwhile: a flood of them must come to an end. */
const MAX_ROUNDS = 4;
/** Calls that are read at once. */
const MAX_READING = 20;
/** Calls that are read or wait for it: the report of one more is refused, so that whoever sent it repeats it. */
const MAX_CONFIRMING = 10_000;
/** Attempts that the reports of one call may name. */
export const MAX_NAMED = 5;

/**
 * True when ends are to be confirmed. The option is off only when its value says so: an environment variable or an
 * expression that gives nothing leaves it on.
 */
export function isConfirming(setting: unknown): boolean {
	return setting !== false && setting !== 'false';
}

/** True for an event that has to be confirmed: an end that Exotel's own record did not tell. */
export function needsConfirmation(event: CallEvent): boolean {
	return isEnd(event) && event.source !== 'sweep';
}

/** A reported end. */
export interface ReportedEnd {
	sid: string;
	/** The APIs that its reports named, each once: anybody may report a call with the wrong one. */
	apis: readonly ApiVersion[];
	/** The attempts its reports named, each once; often none. */
	attemptIds: readonly string[];
}

/** An event, and which attempts its reports named; of an end that Exotel confirmed, `source: 'sweep'`. */
export interface ConfirmedEnd {
	event: CallEvent;
	attemptIds: readonly string[];
}

/** What is known of a call while it is read. */
export interface Confirming {
	apis: Set<ApiVersion>;
	attemptIds: Set<string>;
	/** Reports that came. */
	reports: number;
}

/** The calls whose ends are being confirmed. */
export class EndsBeingConfirmed {
	/** By SID. */
	readonly calls = new Map<string, Confirming>();
	/** The most of them. */
	readonly most: number;
	readonly #waiting: (() => void)[] = [];
	#reading = 0;

	constructor(most = MAX_CONFIRMING) {
		this.most = most;
	}

	/** Runs `read` when it is its turn. */
	async inTurn<Result>(read: () => Promise<Result>): Promise<Result> {
		if (this.#reading >= MAX_READING) await new Promise<void>((resolve) => this.#waiting.push(resolve));
		else this.#reading += 1;
		try {
			return await read();
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#reading -= 1;
			else next();
		}
	}
}

/** Reads the calls whose ends were reported, each once at a time. */
export class EndConfirmation {
	readonly #host: PollHost;
	readonly #confirming: EndsBeingConfirmed;

	/** `confirming`: the calls under way, for a host that makes one of these for each report. */
	constructor(host: PollHost, confirming = new EndsBeingConfirmed()) {
		this.#host = host;
		this.#confirming = confirming;
	}

	/** True while a call is read, or waits for it. */
	isReading(sid: string): boolean {
		return this.#confirming.calls.has(sid);
	}

	/** False while too many calls wait for a further one, those included that are on their way here. */
	takes(sid: string, arriving = 0): boolean {
		return this.isReading(sid) || this.#confirming.calls.size + arriving < this.#confirming.most;
	}

	/**
	 * The end as Exotel's record tells it, or null: the record says otherwise or cannot be read for two and a half
	 * minutes. While a call is read for an earlier report, a further one joins it and gets null: the reads go on for
	 * it, and the attempts that it names come out with the earlier one. For calls that it `takes`. Never rejects.
	 */
	async confirm({ sid, apis, attemptIds }: ReportedEnd): Promise<ConfirmedEnd | null> {
		const underWay = this.#confirming.calls.get(sid);
		if (underWay !== undefined) {
			underWay.reports += 1;
			for (const api of apis) underWay.apis.add(api);
			underWay.attemptIds = new Set([...attemptIds, ...underWay.attemptIds].slice(0, MAX_NAMED));
			return null;
		}
		const confirming: Confirming = { apis: new Set(apis), attemptIds: new Set(attemptIds), reports: 1 };
		this.#confirming.calls.set(sid, confirming);
		const event = await this.#read(sid, confirming);
		if (event !== null) return { event, attemptIds: [...confirming.attemptIds] };
		this.#host.warn({ code: 'end-not-confirmed', sid });
		return null;
	}

	/** A record that is not finished is read again; the last read takes it as it is, for it confirms the end. */
	async #read(sid: string, confirming: Confirming): Promise<CallEvent | null> {
		let unfinished: CallEvent | null = null;
		try {
			for (let round = 0; round < MAX_ROUNDS; round += 1) {
				const { reports } = confirming;
				for (const wait of round === 0 ? [0, ...READ_AGAIN_AFTER_MS] : READ_AGAIN_AFTER_MS) {
					if (wait > 0) await this.#host.clock.sleep(wait);
					for (const api of confirming.apis) {
						const read = await this.#confirming.inTurn(() => pollOnce(this.#host, { sid, api }));
						if (read !== null && !isUnfinished(read.call, this.#host.clock.now())) return read;
						unfinished = read ?? unfinished;
					}
				}
				if (unfinished !== null || confirming.reports === reports) return unfinished;
			}
			return null;
		} finally {
			this.#confirming.calls.delete(sid);
		}
	}
}

/**
 * *Confirm the end by asking Exotel*: nobody signs or dates callbacks, so with this option the end of a call that is
 * reported is believed only when Exotel's own record says it too. A record that is late or cannot be read is read again
 * a few times; then the report counts for nothing: what is left are the polls of a call that was placed here, and the
 * search for missed ends.
 */
import { isEnd, type CallEvent } from '../call/call';
import { pollOnce, type PollHost } from './poll-once';

/** Waits between the reads, ms. */
const READ_AGAIN_AFTER_MS: readonly number[] = [5_000, 30_000, 120_000];
/** Calls whose ends are being confirmed at once: a flood of reports must not use up the account's requests. */
const MAX_CONFIRMING = 100;

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

/** Reads the calls whose ends were reported, each once at a time. */
export class EndConfirmation {
	readonly #host: PollHost;
	readonly #confirming: Set<string>;

	/** `confirming`: the SIDs under way, for a host that makes one of these for each report. */
	constructor(host: PollHost, confirming = new Set<string>()) {
		this.#host = host;
		this.#confirming = confirming;
	}

	/**
	 * The end as Exotel's record tells it (`source: 'sweep'`, same id), or null: the record says otherwise or cannot be
	 * read for two and a half minutes, or the end is being confirmed already. Never rejects.
	 */
	async confirm({ call: { sid, api } }: CallEvent): Promise<CallEvent | null> {
		if (this.#confirming.has(sid)) return null;
		if (this.#confirming.size < MAX_CONFIRMING) {
			this.#confirming.add(sid);
			try {
				for (const wait of [0, ...READ_AGAIN_AFTER_MS]) {
					if (wait > 0) await this.#host.clock.sleep(wait);
					const read = await pollOnce(this.#host, sid, api);
					if (read !== null) return read;
				}
			} finally {
				this.#confirming.delete(sid);
			}
		}
		this.#host.warn({ code: 'end-not-confirmed', sid });
		return null;
	}
}

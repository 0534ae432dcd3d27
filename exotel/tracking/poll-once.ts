/** One poll with a limit of its own: whatever the host's request does, the tracker goes on. */
import type { ApiVersion, CallEvent } from '../call/call';
import { ExotelError } from '../errors';
import type { TrackerHost } from './announcements';

/**
 * A poll that takes longer is given up; the next one is planned as usual. It may wait long for its turn where the
 * account may send few requests a minute: with its turn the timeouts of the request begin.
 */
const POLL_TIMEOUT_MS = 20 * 60_000;

/** What a poll needs of the host. */
export type PollHost = Pick<TrackerHost<unknown>, 'clock' | 'poll' | 'warn'>;

/** The end of a call, or null when it is active, cannot be read now or that takes too long. Never rejects. */
export async function pollOnce(
	host: PollHost,
	{ sid, api }: { sid: string; api: ApiVersion },
): Promise<CallEvent | null> {
	const [timer, giveUp] = [new AbortController(), new AbortController()];
	const timeout = host.clock.sleep(POLL_TIMEOUT_MS, timer.signal).then(
		() => {
			giveUp.abort(new ExotelError('network', 'Exotel did not respond to a poll in time.'));
			return null;
		},
		() => null,
	);
	try {
		return await Promise.race([host.poll(sid, api, giveUp.signal), timeout]);
	} catch (reason) {
		// Too early, paced out, or Exotel is down: the next poll may succeed, and the callback may still come. No poll
		// succeeds whose request cannot be written.
		const isFault = !(reason instanceof ExotelError) || isUnwritable(reason);
		if (isFault) host.warn({ code: 'poll-failed', reason });
		return null;
	} finally {
		timer.abort();
	}
}

/** True when a request was refused before it was sent, because of what it would have said. */
function isUnwritable({ kind, httpStatus }: ExotelError): boolean {
	return kind === 'input' && httpStatus === null;
}

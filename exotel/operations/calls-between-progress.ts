/**
 * Whether a walk through Exotel's list of calls still gets on. A list whose cursors lead in circles, or whose pages
 * repeat themselves, would otherwise be read for ever.
 */
import { ExotelError } from '../errors';

/** Most pages of one window of 30 days: a million calls at Exotel's largest page of 100 (seed 004). */
const MAX_PAGES = 10_000;
/** Pages in a row without a new call. One or two happen while calls move onto the next page. */
const MAX_REPEATED_PAGES = 3;
/** How many SIDs are remembered, to know a call that comes again. */
const MAX_SIDS = 10_000;

const REPEATED = "Exotel's list of calls repeats itself: its next page leads back to calls that were already read.";
const TOO_LONG = `Exotel's list of calls has no end: ${MAX_PAGES} pages were read for 30 days.`;

/** The record of one walk. */
export interface Progress {
	/** For each SID of a page whether it is new. */
	newOnes(sids: readonly (string | null)[]): boolean[];
	/**
	 * The error when it must not go on to this cursor, after a page with or without new calls; null when it may. A
	 * `cursor` of null begins a window.
	 */
	stop(cursor: string | null, broughtNew: boolean): ExotelError | null;
}

/** Begins the record of a walk at a cursor. */
export function trackProgress(start: string | null): Progress {
	const known = new Set<string | null>();
	const cursors = new Set<string | null>([start]);
	let repeatedPages = 0;
	return {
		newOnes(sids) {
			const isNew = sids.map((sid) => !known.has(sid));
			for (const sid of sids) known.add(sid);
			for (const sid of known) {
				if (known.size <= MAX_SIDS) break;
				known.delete(sid);
			}
			return isNew;
		},
		stop(cursor, broughtNew) {
			repeatedPages = broughtNew || cursor === null ? 0 : repeatedPages + 1;
			if (cursor === null) cursors.clear();
			else if (cursors.has(cursor) || repeatedPages >= MAX_REPEATED_PAGES) return endless(REPEATED);
			cursors.add(cursor);
			return cursors.size > MAX_PAGES ? endless(TOO_LONG) : null;
		},
	};
}

function endless(message: string): ExotelError {
	return new ExotelError('exotel', message, {
		hint:
			'The pages read before this were complete. Try again later or with a shorter range; if it happens again, ' +
			"check the account's base URL and ask Exotel's support.",
	});
}

/** One question a flow asked somebody's server, and what the simulator made of the answer. */
export interface AppletQuestion {
	/** epoch milliseconds of simulated time */
	at: number;
	applet: 'connect' | 'passthru' | 'gather';
	version: '1.0' | '1.1' | null;
	/** which of the two addresses of the applet was asked */
	source: 'primary' | 'fallback';
	method: 'GET';
	url: string;
	status: number | null;
	ms: number | null;
	contentType: string | null;
	body: string | null;
	/** would Exotel accept this answer? */
	accepted: boolean;
	/** why not, one line each */
	reasons: string[];
	/** accepted, but not as meant: one line each */
	notes: string[];
	/** what the caller hears because of it */
	hears: string[];
	/** who is rung because of it, in order */
	rings: string[];
	/** branch taken: a number of rings, true, false, or the name of a Switch Case */
	branch: string | null;
}

/** Questions remembered per call. */
export const QUESTION_LIMIT = 100;

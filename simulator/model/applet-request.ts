/** One request of an applet to a URL of the account's owner, and how its answer was judged. */
export interface AppletRequest {
	/** Epoch milliseconds of simulated time. */
	at: number;
	applet: 'connect' | 'passthru' | 'gather' | 'greeting';
	version: '1.0' | '1.1' | null;
	/** Which of the applet's two URLs was requested. */
	source: 'primary' | 'fallback';
	/** Only a Greeting sends HEAD, before its GET. */
	method: 'GET' | 'HEAD';
	url: string;
	status: number | null;
	ms: number | null;
	contentType: string | null;
	body: string | null;
	/** Would Exotel accept this answer? */
	accepted: boolean;
	/** Why not, one line each. */
	reasons: string[];
	/** Accepted, but not as meant: one line each. */
	notes: string[];
	/** What the caller hears because of it. */
	hears: string[];
	/** Who is rung because of it, in order. */
	rings: string[];
	/** Branch taken, in words. */
	branch: string | null;
}

/** Applet requests remembered per call. */
export const MAX_APPLET_REQUESTS = 100;

/**
 * What a request to Exotel and its answer look like inside the core: plain data. The core never opens a socket;
 * a host hands in a `Transport` that does. A request carries no credentials, so it can be shown in an error or a log;
 * the transport adds the `Authorization` header when `authenticate` says so.
 */

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
	method: 'GET' | 'POST';
	/** Absolute URL, query included, already encoded. */
	url: string;
	/** Header names in lower case; never an `authorization` header. */
	headers: Record<string, string>;
	/** Encoded body; absent for GET. */
	body?: string;
	/** True when sending this request makes a phone ring: it is then repeated only if it surely never arrived. */
	placesCall: boolean;
	/** True when the transport has to add the account's `Authorization` header. Never set for a foreign host. */
	authenticate: boolean;
	/**
	 * True when the address came from outside (a callback, a redirect): the transport asks `publicAddressesOf` before
	 * it connects.
	 */
	publicOnly: boolean;
	/** `bytes` for a recording, else `text`. */
	responseType: 'text' | 'bytes';
	/** What a 404 says is missing. Absent when the request asks for nothing but the account itself. */
	resource?: 'call' | 'number' | 'recording' | 'agent';
}

/** What came back, whatever the status. */
export interface HttpResponse {
	status: number;
	/** Header names in lower case. */
	headers: Record<string, string>;
	/** A string for `responseType: 'text'`, bytes for `'bytes'`. */
	body: string | Uint8Array;
}

/** How one attempt is to be made. */
export interface TransportOptions {
	/** Milliseconds after which the transport gives up with an error whose `code` is `ETIMEDOUT` or `ECONNABORTED`. */
	timeoutMs: number;
	/** Aborted when the host closes the node or the overall deadline passes. */
	signal?: AbortSignal;
}

/**
 * Sends one request once. Resolves for every HTTP status; follows no redirect, `send` does that; rejects only when
 * there is no complete answer, with the platform's error (`code`, `syscall`, `cause`) untouched: `send` decides what
 * it means; or with the `ExotelError` of `readBody` or `publicAddressesOf`.
 */
export type Transport = (request: HttpRequest, options: TransportOptions) => Promise<HttpResponse>;

/** Time as the core sees it: handed in by the host, by hand in tests. */
export interface Clock {
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	now(): number;
	/**
	 * Whole milliseconds since some moment, on a clock that only runs forward: for pacing and deadlines. The time of
	 * day may be set back.
	 */
	elapsed(): number;
	/** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted before. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** Resolves when a request that was just sent has been written, where the host can tell. */
	giveWay?(): Promise<void>;
}

/**
 * Real HTTP to a user's server: one request, one answer, a hard time-out in real milliseconds, redirects not
 * followed.
 */
import http from 'node:http';
import https from 'node:https';
import { performance } from 'node:perf_hooks';

/** A request to a user's server. */
export interface OutgoingRequest {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string | null;
	/** Bytes of the answer after which reading stops; default 1 MiB. */
	maxBytes?: number;
}

/** What came back; `status` null = nothing, and `error` says why. */
export interface OutgoingResult {
	status: number | null;
	contentType: string | null;
	/** At most 64 KiB. */
	body: string;
	/** The first bytes of the body, as they came. */
	start: Buffer;
	/** Size of the body as far as it was read. */
	bytes: number;
	/** True if reading stopped because the body is too long. */
	cut: boolean;
	ms: number;
	error: string | null;
}

/** What is kept of an answer. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Enough for the header of a sound. */
const START_BYTES = 64;
/** An endless answer is cut here. */
const MAX_READ_BYTES = 1024 * 1024;
const MAX_SOCKETS_PER_HOST = 256;

/** What the story says about a URL that is the simulator itself. */
const LEADS_BACK =
	'not sent: the URL leads back to the simulator; its callbacks and requests cannot reach its own APIs and page';

/** What callbacks, applet requests and sounds must not reach on the simulator itself: all but recordings. */
export function isOwnPath(path: string): boolean {
	return /^\/(_simulator|v1\/Accounts|v2\/accounts|v2_beta\/Accounts)(\/|$)/.test(path);
}

/** Keeps connections open between requests. */
export class Outgoing {
	readonly #httpAgent = new http.Agent({ keepAlive: true, maxSockets: MAX_SOCKETS_PER_HOST });
	readonly #httpsAgent = new https.Agent({ keepAlive: true, maxSockets: MAX_SOCKETS_PER_HOST });

	/** Requests under way, by the address of their connection here. */
	readonly #underWay = new Map<string, http.ClientRequest>();
	readonly #isOwn: (url: URL) => boolean;

	/** @param isOwn whether a URL is known to be the simulator itself; other names of it are found out by `giveUp` */
	constructor(isOwn: (url: URL) => boolean) {
		this.#isOwn = isOwn;
	}

	/**
	 * Gives up the request that came out of this connection, if it is one of ours: its URL leads back to the simulator,
	 * whatever name it has.
	 */
	giveUp(address: string | undefined, port: number | undefined): boolean {
		const outgoing = this.#underWay.get(connectionKey(address, port));
		outgoing?.destroy(new Error(LEADS_BACK));
		return outgoing !== undefined;
	}

	/** Never rejects: whatever goes wrong is the result's `error`. */
	send(request: OutgoingRequest, timeoutMs: number): Promise<OutgoingResult> {
		const { maxBytes = MAX_READ_BYTES } = request;
		const started = performance.now();
		const spent = () => Math.round(performance.now() - started);
		const failed = (error: string): OutgoingResult => ({
			status: null,
			contentType: null,
			body: '',
			start: Buffer.alloc(0),
			bytes: 0,
			cut: false,
			ms: spent(),
			error,
		});
		return new Promise((resolve) => {
			const url = httpUrl(request.url);
			if (typeof url === 'string') return resolve(failed(url));
			if (this.#isOwn(url)) return resolve(failed(LEADS_BACK));
			const secure = url.protocol === 'https:';
			const options: https.RequestOptions = {
				method: request.method,
				hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
				port: url.port || undefined,
				// the path as written: `URL` keeps a raw `+` but would re-encode other characters
				path: `${url.pathname}${url.search}`,
				headers: headersOf(request, url),
				agent: secure ? this.#httpsAgent : this.#httpAgent,
			};
			let outgoing: http.ClientRequest;
			try {
				outgoing = (secure ? https : http).request(options);
			} catch (error) {
				return resolve(failed(error instanceof Error ? error.message : String(error)));
			}
			this.#remember(outgoing);
			let timer: NodeJS.Timeout | undefined;
			// waiting for a free socket of ours is not the receiver's time
			outgoing.once(
				'socket',
				() =>
					(timer = setTimeout(
						() => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
						timeoutMs,
					)),
			);
			const finish = (result: OutgoingResult | Promise<OutgoingResult>) => {
				clearTimeout(timer);
				resolve(result);
			};
			outgoing.on('error', (error: NodeJS.ErrnoException) => {
				// an idle connection that the receiver was just closing: nothing has been read there, so send again
				if (outgoing.reusedSocket && error.code === 'ECONNRESET') return finish(this.send(request, timeoutMs));
				return finish(failed(error.code ? `${error.code}: ${error.message}` : error.message));
			});
			// Without a listener Node.js closes the connection and tells nobody.
			outgoing.on('upgrade', ({ statusCode = null }, socket) => {
				socket.destroy();
				finish({ ...failed('the receiver changed to another protocol'), status: statusCode });
			});
			outgoing.on('response', (response) => {
				const chunks: Buffer[] = [];
				let size = 0;
				response.on('data', (chunk: Buffer) => {
					if (size < MAX_BODY_BYTES) chunks.push(chunk.subarray(0, MAX_BODY_BYTES - size));
					size += chunk.length;
				});
				const received = () =>
					finish({
						status: response.statusCode ?? null,
						contentType: response.headers['content-type'] ?? null,
						body: bodyText(chunks),
						start: Buffer.from(Buffer.concat(chunks).subarray(0, START_BYTES)),
						bytes: size,
						cut: size > maxBytes,
						ms: spent(),
						error: null,
					});
				response.on('error', (error) => finish(failed(error.message)));
				response.on('end', received);
				response.on('data', () => {
					if (size <= maxBytes) return;
					received();
					response.destroy();
				});
			});
			outgoing.end(request.body ?? undefined);
		});
	}

	#remember(outgoing: http.ClientRequest): void {
		outgoing.once('socket', (socket) => {
			let key: string | null = null;
			const remember = () => {
				key = connectionKey(socket.localAddress, socket.localPort);
				this.#underWay.set(key, outgoing);
			};
			if (socket.connecting) socket.once('connect', remember);
			else remember();
			outgoing.once('close', () => {
				socket.off('connect', remember);
				if (key !== null && this.#underWay.get(key) === outgoing) this.#underWay.delete(key);
			});
		});
	}

	close(): void {
		this.#httpAgent.destroy();
		this.#httpsAgent.destroy();
	}
}

function connectionKey(address: string | undefined, port: number | undefined): string {
	return `${(address ?? '').replace(/^::ffff:/, '')}|${port ?? ''}`;
}

/** The beginning of a text as a text of its own; a slice would keep all of it in memory. */
export function excerpt(text: string, length: number): string {
	return text.length <= length ? text : Buffer.from(text.slice(0, length)).toString();
}

/** The bytes as text. */
function bodyText(chunks: Buffer[]): string {
	return Buffer.concat(chunks).toString('utf8');
}

/** The parsed URL, or why it cannot be requested. */
function httpUrl(text: string): URL | string {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (!url) return `not a URL: ${text.slice(0, 200)}`;
	return url.protocol === 'http:' || url.protocol === 'https:' ? url : `not an http(s) URL: ${text.slice(0, 200)}`;
}

function headersOf(request: OutgoingRequest, url: URL): Record<string, string> {
	const headers: Record<string, string> = { ...request.headers };
	if (request.body !== null) headers['Content-Length'] = String(Buffer.byteLength(request.body));
	if (url.username) {
		const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
		headers.Authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
	}
	return headers;
}

/** User-info of a URL; malformed escapes are taken as they stand. */
function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

/**
 * Real HTTP to somebody else's server: one request, one answer, a hard time-out in real milliseconds, redirects not
 * followed.
 */
import http from 'node:http';
import https from 'node:https';
import { performance } from 'node:perf_hooks';

/** A request to somebody else's server. */
export interface OutgoingRequest {
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string | null;
}

/** What came back; `status` null = nothing, and `error` says why. */
export interface OutgoingResult {
	status: number | null;
	contentType: string | null;
	/** at most 64 KiB */
	body: string;
	ms: number;
	error: string | null;
}

const BODY_LIMIT = 64 * 1024;
const SOCKETS_PER_HOST = 256;

/** Keeps connections open between requests. */
export class Outgoing {
	private readonly httpAgent = new http.Agent({ keepAlive: true, maxSockets: SOCKETS_PER_HOST });
	private readonly httpsAgent = new https.Agent({ keepAlive: true, maxSockets: SOCKETS_PER_HOST });

	/** Never rejects: whatever goes wrong is the result's `error`. */
	send(request: OutgoingRequest, timeoutMs: number): Promise<OutgoingResult> {
		const started = performance.now();
		const spent = () => Math.round(performance.now() - started);
		const failed = (error: string): OutgoingResult => ({
			status: null,
			contentType: null,
			body: '',
			ms: spent(),
			error,
		});
		return new Promise((resolve) => {
			const url = URL.canParse(request.url) ? new URL(request.url) : null;
			if (!url) return resolve(failed(`not a URL: ${request.url.slice(0, 200)}`));
			if (url.protocol !== 'http:' && url.protocol !== 'https:')
				return resolve(failed(`not an http(s) URL: ${request.url.slice(0, 200)}`));
			const secure = url.protocol === 'https:';
			const headers: Record<string, string> = { ...request.headers };
			if (request.body !== null) headers['Content-Length'] = String(Buffer.byteLength(request.body));
			if (url.username)
				headers.Authorization = `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64')}`;
			const options: https.RequestOptions = {
				method: request.method,
				hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
				port: url.port || undefined,
				// the path as written: `URL` keeps a raw `+` but would re-encode other characters
				path: `${url.pathname}${url.search}`,
				headers,
				agent: secure ? this.httpsAgent : this.httpAgent,
			};
			let outgoing: http.ClientRequest;
			try {
				outgoing = (secure ? https : http).request(options);
			} catch (error) {
				return resolve(failed((error as Error).message));
			}
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
			outgoing.on('response', (response) => {
				const chunks: Buffer[] = [];
				let size = 0;
				response.on('data', (chunk: Buffer) => {
					if (size < BODY_LIMIT) chunks.push(chunk.subarray(0, BODY_LIMIT - size));
					size += chunk.length;
				});
				response.on('error', (error) => finish(failed(error.message)));
				response.on('end', () =>
					finish({
						status: response.statusCode ?? null,
						contentType: response.headers['content-type'] ?? null,
						body: Buffer.concat(chunks).toString('utf8'),
						ms: spent(),
						error: null,
					}),
				);
			});
			outgoing.end(request.body ?? undefined);
		});
	}

	close(): void {
		this.httpAgent.destroy();
		this.httpsAgent.destroy();
	}
}

/** User-info of a URL; malformed escapes are taken as they stand. */
function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

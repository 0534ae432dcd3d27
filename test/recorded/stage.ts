/**
 * What both drivers share: a fixed time, a record of everything random, the recorder that plays Exotel, and the plain
 * form of what came out. All of it works from outside: on the process, on sockets and on what the hosts hand out.
 */
import crypto from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import timers from 'node:timers/promises';
import { answers, named, type Answer, type Data, type Incoming } from './case';

/** The moment every case begins: Friday noon in India, ten days after the list of calls in seed 004. */
export const START = Date.parse('2020-01-10T12:00:00+05:30');
/** Longer waits pass only when a case lets time pass; shorter ones are how programs take turns. */
const SHORTEST_WAIT_MS = 500;
/** Turns of the event loop without anything happening after which a step counts as done. */
const QUIET_TURNS = 10;
/** What the process waits for that no turn of the event loop shows: a connection being made, a file being read. */
const UNDER_WAY = new Set(['Immediate', 'TCPConnectWrap', 'GetAddrInfoReqWrap', 'FSReqCallback', 'FSReqPromise']);

const real = {
	Date,
	setTimeout,
	clearTimeout,
	sleep: timers.setTimeout,
	random: Math.random,
	randomBytes: crypto.randomBytes,
	randomUUID: crypto.randomUUID,
};

/** A wait that the case decides about. */
class Wait {
	constructor(
		readonly due: number,
		readonly fire: () => void,
	) {}
	ref(): this {
		return this;
	}
	unref(): this {
		return this;
	}
	hasRef(): boolean {
		return true;
	}
}

/** The promise form of the timer, over whatever timer the process has now. */
function sleep<T>(ms: number, value?: T, { signal }: { signal?: AbortSignal } = {}): Promise<T | undefined> {
	return new Promise((resolve, reject) => {
		const stopped = (): void => {
			globalThis.clearTimeout(timer);
			reject(signal?.reason as Error);
		};
		const timer = globalThis.setTimeout(() => {
			signal?.removeEventListener('abort', stopped);
			resolve(value);
		}, ms);
		if (signal?.aborted === true) stopped();
		else signal?.addEventListener('abort', stopped, { once: true });
	});
}

/** Time and chance of one case. `close` gives the process its own back. */
export class Stage {
	#now = START;
	readonly #waits = new Set<Wait>();
	/** Every random text, with the word for it. */
	readonly #random = new Map<string, string>();
	#activity = 0;
	readonly #busy = new Set<() => boolean>();

	constructor() {
		const clock = this.#clock();
		Object.assign(globalThis, { Date: clock, setTimeout: this.#setTimeout(), clearTimeout: this.#clearTimeout() });
		Object.defineProperty(performance, 'now', { configurable: true, value: () => this.#now });
		Object.assign(timers, { setTimeout: sleep });
		// Without jitter a repeated request goes out at once.
		Math.random = () => 0;
		const bytes = (size: number, done?: (error: Error | null, made: Buffer) => void): Buffer | undefined => {
			const made = real.randomBytes(size);
			for (const form of ['hex', 'base64', 'base64url'] as const) this.made(made.toString(form), 'random');
			if (done === undefined) return made;
			done(null, made);
			return undefined;
		};
		Object.assign(crypto, { randomBytes: bytes, randomUUID: () => this.made(real.randomUUID(), 'random') });
		syncBuiltinESMExports();
	}

	close(): void {
		Object.assign(globalThis, { Date: real.Date, setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
		Object.assign(timers, { setTimeout: real.sleep });
		Math.random = real.random;
		Object.assign(crypto, { randomBytes: real.randomBytes, randomUUID: real.randomUUID });
		syncBuiltinESMExports();
	}

	/** Notes a random text; it becomes `{word 1}`, `{word 2}` … in the recording. */
	made(text: string, word: string): string {
		if (text.length > 5) this.#random.set(text, word);
		return text;
	}

	/** Something happened. */
	happened(): void {
		this.#activity += 1;
	}

	/** While `busy` says so, no step is done. */
	watch(busy: () => boolean): void {
		this.#busy.add(busy);
	}

	/** The time of the case, milliseconds since 1970. */
	get now(): number {
		return this.#now;
	}

	/** True while something waits for time to pass. */
	get waits(): boolean {
		return this.#waits.size > 0;
	}

	/** Resolves when nothing happens any more unless time passes. */
	async settle(): Promise<void> {
		let seen = this.#activity;
		// Turns, not milliseconds: on a busy machine both the nodes and this loop are slower.
		for (let quiet = 0, turns = 0; quiet < QUIET_TURNS && turns < 1000; turns += 1) {
			await new Promise((resolve) => real.setTimeout(resolve, 3));
			const waits = process.getActiveResourcesInfo().some((resource) => UNDER_WAY.has(resource));
			const still = this.#activity === seen && !waits && ![...this.#busy].some((busy) => busy());
			quiet = still ? quiet + 1 : 0;
			seen = this.#activity;
		}
	}

	/**
	 * Lets time pass; what was waited for happens in its order. What is due within `togetherMs` of each other happens
	 * without anything coming in between.
	 */
	async advance(seconds: number, togetherMs = -1): Promise<void> {
		const until = this.#now + seconds * 1000;
		for (;;) {
			const due = [...this.#waits].filter((wait) => wait.due <= until).sort((a, b) => a.due - b.due);
			const [next] = due;
			if (next === undefined) break;
			for (const wait of due.filter((one) => one === next || one.due <= next.due + togetherMs)) {
				// One that fired may have taken another back.
				if (!this.#waits.delete(wait)) continue;
				this.#now = Math.max(this.#now, wait.due);
				wait.fire();
			}
			await this.settle();
		}
		this.#now = until;
		await this.settle();
	}

	/** The recording as text: keys in order, machine and chance replaced by words. */
	text(recording: unknown, words: Record<string, string>): string {
		let text = JSON.stringify(sorted(plain(recording)), null, '\t');
		for (const [word, meaning] of Object.entries(words)) text = text.replaceAll(meaning, `{${word}}`);
		const numbers = new Map<string, number>();
		const found = [...this.#random].map(([made, word]) => ({ made, word, at: text.indexOf(made) }));
		for (const { made, word } of found.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)) {
			if (!text.includes(made)) continue;
			const number = (numbers.get(word) ?? 0) + 1;
			numbers.set(word, number);
			text = text.replaceAll(made, `{${word} ${number}}`);
		}
		return `${text}\n`;
	}

	/** Resolves when it is so, or when it has been awaited for long enough: a machine may load modules for a while. */
	async until(isSo: () => boolean): Promise<void> {
		for (let rounds = 0; rounds < 50 && !isSo(); rounds += 1) await this.settle();
	}

	#clock(): DateConstructor {
		const now = (): number => this.#now;
		return new Proxy(real.Date, {
			construct: (target, given: unknown[], caller) =>
				Reflect.construct(target, given.length === 0 ? [now()] : given, caller) as Date,
			apply: () => new real.Date(now()).toString(),
			get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
		});
	}

	#setTimeout(): typeof setTimeout {
		const set = (work: (...given: unknown[]) => void, ms = 0, ...given: unknown[]): unknown => {
			if (!(ms >= SHORTEST_WAIT_MS)) return real.setTimeout(work, ms, ...given);
			const wait = new Wait(this.#now + ms, () => work(...given));
			this.#waits.add(wait);
			return wait;
		};
		return Object.assign(set, real.setTimeout) as unknown as typeof setTimeout;
	}

	#clearTimeout(): typeof clearTimeout {
		return (timer) => {
			const wait: unknown = timer;
			if (wait instanceof Wait) this.#waits.delete(wait);
			else real.clearTimeout(timer);
		};
	}
}

/** What plays Exotel for a driver. */
export interface PlaysExotel {
	readonly url: string;
	readonly requests: Data[];
	readonly bodies: string[];
	/** The address that request number `of` gave for reports of its call. */
	callbackOf(of: number): string;
}

/** Addresses of earlier recorders: the nodes still know these accounts, with the times of another case. */
const known = new Set<string>();

/** Plays Exotel: answers each request with the next canned answer, and writes down what came. */
export class Recorder implements PlaysExotel {
	readonly requests: Data[] = [];
	/** The same requests as they came, for what a driver has to find in them. */
	readonly bodies: string[] = [];
	#open = 0;
	readonly #left: (string | Answer)[];
	#server: Server | null = null;
	url = '';

	constructor(
		readonly stage: Stage,
		left: (string | Answer)[] = [],
	) {
		this.#left = [...left];
		stage.watch(() => this.#open > 0);
	}

	async listen(): Promise<void> {
		this.#server = createServer((request, response) => {
			this.#open += 1;
			this.stage.happened();
			response.once('close', () => {
				this.#open -= 1;
				this.stage.happened();
			});
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.once('end', () => {
				const [path = '', query] = (request.url ?? '').split(/\?(.*)/s);
				const body = Buffer.concat(chunks).toString('utf8');
				this.bodies.push(`${query ?? ''}\n${body}`);
				this.requests.push({
					method: request.method,
					to: request.headers['x-recorded-origin'] ?? this.url,
					path,
					query: query ?? '',
					headers: requestHeaders(request.headers),
					body,
				});
				const next = this.#left.shift() ?? { status: 500, body: 'No answer is left for this request.' };
				const { status = 200, headers = {}, body: answered, base64, reset } = named(answers, next);
				if (reset === true) {
					request.socket.destroy();
					return;
				}
				const text = typeof answered === 'string' ? answered : JSON.stringify(answered ?? '');
				const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
				const type =
					base64 !== undefined
						? 'audio/mpeg'
						: typeof answered === 'string'
							? 'text/plain'
							: 'application/json';
				const address = (value: string): string => value.replaceAll('{exotel}', this.url);
				const sent = Object.entries(headers).map(([name, value]) => [name, address(value)] as const);
				response.writeHead(status, { 'content-type': type, connection: 'close', ...Object.fromEntries(sent) });
				response.end(base64 === undefined ? address(bytes.toString('utf8')) : bytes);
			});
		});
		do {
			if (this.#server.listening) await new Promise((closed) => this.#server?.close(closed));
			this.#server.listen(0, '127.0.0.1');
			await once(this.#server, 'listening');
			this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
		} while (known.has(this.url));
		known.add(this.url);
	}

	/** The address that request number `of` gave for reports of the call: form of v1 or JSON of v2. */
	callbackOf(of: number): string {
		const [query = '', body = ''] = (this.bodies[of] ?? '').split(/\n(.*)/s);
		for (const form of [new URLSearchParams(body), new URLSearchParams(query)]) {
			const address = form.get('StatusCallback');
			if (address !== null) return address;
		}
		const [, quoted] = /"url"\s*:\s*("https?:[^"]+")/.exec(body) ?? [];
		const [, part] = /name="StatusCallback"\s+(\S+)/.exec(body) ?? [];
		const address = quoted === undefined ? part : (JSON.parse(quoted) as string);
		if (address === undefined) throw new Error(`Request ${of} named no address for reports`);
		return address;
	}

	close(): void {
		this.#server?.closeAllConnections();
		this.#server?.close();
	}
}

/** Of a request's headers those that Exotel minds. */
function requestHeaders(headers: IncomingHttpHeaders): Data {
	const { authorization } = headers;
	const [, written = ''] = /^Basic (.+)$/.exec(authorization ?? '') ?? [];
	const decoded = Buffer.from(written, 'base64').toString('utf8');
	const key =
		authorization === undefined
			? 'none'
			: decoded === `${SECRETS.apiKey}:${SECRETS.apiToken}`
				? 'key and token'
				: 'something else';
	const { accept = null } = headers;
	return { authorization: key, accept, 'content-type': headers['content-type'] ?? null };
}

/** The usual secrets. */
export const SECRETS = { apiKey: 'recorded-key', apiToken: 'recorded-token', webhookToken: 'recorded-webhook-token' };

/** What the other end of a webhook saw. */
export type Seen = { status: number; headers: Data; body: string } | { failed: string };

/** Headers of an answer that mean something to Exotel or to a proxy. */
const TOLD = ['content-type', 'location', 'retry-after', 'allow', 'www-authenticate', 'cache-control'];

/** Sends a request of Exotel's to a webhook; `path` may bring a query. Never rejects. */
export function deliver(origin: string, path: string, incoming: Incoming): Promise<Seen> {
	const { body, type } = bodyOf(incoming);
	const target = new URL(origin);
	return new Promise((resolve) => {
		const request = httpRequest(
			{
				host: target.hostname,
				port: target.port,
				method: incoming.method ?? (body === '' ? 'GET' : 'POST'),
				path: path + (incoming.query === undefined ? '' : `${path.includes('?') ? '&' : '?'}${incoming.query}`),
				headers: {
					...(type === null ? {} : { 'content-type': type }),
					...incoming.headers,
					connection: 'close',
				},
				agent: false,
			},
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.once('end', () => {
					const told = Object.fromEntries(
						TOLD.flatMap((name) =>
							response.headers[name] === undefined ? [] : [[name, response.headers[name]]],
						),
					);
					resolve({
						status: response.statusCode ?? 0,
						headers: told,
						body: Buffer.concat(chunks).toString('utf8'),
					});
				});
				response.once('error', (error) => resolve({ failed: String(error) }));
			},
		);
		request.once('error', (error: NodeJS.ErrnoException) => resolve({ failed: error.code ?? error.message }));
		request.end(body);
	});
}

const BOUNDARY = '------------------------d74496d66958873e';

function bodyOf({ text, json, form, multipart }: Incoming): { body: string; type: string | null } {
	if (text !== undefined) return { body: text, type: null };
	if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' };
	if (form !== undefined)
		return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' };
	if (multipart === undefined) return { body: '', type: null };
	const parts = Object.entries(multipart).map(
		([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	return { body: `${parts.join('')}--${BOUNDARY}--\r\n`, type: `multipart/form-data; boundary=${BOUNDARY}` };
}

/** What JSON can hold of a message or an item; a host's own objects become one word. */
export function plain(value: unknown, above: readonly unknown[] = []): unknown {
	if (typeof value === 'function' || value === undefined) return undefined;
	if (typeof value === 'bigint') return String(value);
	if (typeof value !== 'object' || value === null) return value;
	if (above.includes(value)) return '{circle}';
	if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
	if (value instanceof real.Date) return { date: value.toISOString() };
	const inside = [...above, value];
	if (Array.isArray(value)) return value.map((item) => plain(item, inside) ?? null);
	const made: unknown = Object.getPrototypeOf(value);
	const ownText = value instanceof Error ? { name: value.name, message: value.message } : {};
	if (!(value instanceof Error) && made !== Object.prototype && made !== null) return '{object}';
	const entries = Object.entries({ ...value, ...ownText }).filter(([name]) => name !== 'stack');
	return Object.fromEntries(entries.map(([name, item]) => [name, plain(item, inside)]));
}

function sorted(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sorted);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item)]));
}

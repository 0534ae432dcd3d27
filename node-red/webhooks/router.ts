/**
 * The webhook router of this package. Express routes of single nodes cannot be removed safely (Node-RED
 * issue 5643: a route stays bound to a dead node, or another node's route goes with it), so one middleware per running
 * Node-RED looks the path up in a table and nodes only enter and leave that table.
 *
 * A path belongs to one node. A second one is refused and waits; it is served when the first is deleted. A path stays
 * through a deploy: what arrives in between, and is let in by the rules from before, waits a moment and goes to the
 * node when it is back, or to the node that has taken its place. When there is none, the last one answers.
 */
import type { ServerResponse } from 'node:http';
import type { NextFunction, Request } from 'express';
import { ExotelError, type IncomingRequest, type SenderRules } from '../../exotel/index';
import type { Deploys } from '../deploys';
import { settingOf, type Red } from '../host';
import { Turns } from '../turns';
import { answerSelfTest, SELF_TEST_PATH } from './self-test';
import { addBody, RefusedBody } from './request-body';
import { answer } from './plain-answer';
import { incomingRequest } from './incoming-request';
import { takesMethod, type Claim, type Refusal, type WebhookOwner } from './owner';
import { serveUnread } from './unread-bodies';

/**
 * Requests that wait for a node being redeployed: more than this per path are turned away (503), as is one older than
 * 10 s.
 */
const MAX_WAITING = 500;
/** Bytes of bodies that wait, those of all paths together; a callback has about a kilobyte. */
const MAX_WAITING_BYTES = 16 * 1024 ** 2;
const MAX_WAIT_MS = 10_000;
/** Applet requests come with a caller on the line; Exotel itself gives up after 5 s. */
const MAX_APPLET_WAIT_MS = 4_000;

/** Requests that are begun in one turn of the event loop; each takes about half a millisecond. */
const PER_TURN = 20;

const REFUSALS = { 401: 'token', 403: 'address', 503: 'no-token' } as const;

type Rules = SenderRules | undefined;

interface Entry {
	owner: WebhookOwner | null;
	/** The owner before a deploy stopped it. */
	last: WebhookOwner | null;
	/** Who might call before a deploy that is running: the account may be away as well. */
	rules: SenderRules | null;
	/** Set while the owner is being redeployed: only this node may take the path back. */
	reservedFor: string | null;
	queue: WebhookOwner[];
	waiting: Set<() => void>;
	refusals: Partial<Record<Refusal, number>>;
}

/** The table of one running Node-RED. */
export class WebhookRouter {
	readonly #paths = new Map<string, Entry>();
	readonly #red: Red;
	readonly #deploys: Deploys;
	readonly #turns = new Turns(PER_TURN);
	#bytesLeft = MAX_WAITING_BYTES;

	constructor(RED: Red, deploys: Deploys) {
		this.#red = RED;
		this.#deploys = deploys;
		const isOurs = (path: string): boolean => path === SELF_TEST_PATH || this.#find(path) !== undefined;
		serveUnread(RED, isOurs, (request, response, next) => this.#handle(request, response, next));
		deploys.onStopping(() => {
			for (const entry of this.#paths.values()) {
				try {
					entry.rules = entry.owner?.rules() ?? entry.rules;
				} catch {
					// Its account is not there: the rules stay as they were last.
				}
			}
		});
		this.#afterDeploy();
	}

	#afterDeploy(): void {
		this.#deploys.afterStart(() => {
			this.#settleReservations();
			this.#afterDeploy();
		});
	}

	/** Claims a path for a node. The answer comes through `owner.changed`, at once. */
	claim(path: string, owner: WebhookOwner): Claim {
		const entry: Entry = this.#paths.get(path) ?? {
			owner: null,
			last: null,
			rules: null,
			reservedFor: null,
			queue: [],
			waiting: new Set(),
			refusals: {},
		};
		this.#paths.set(path, entry);
		// It had the path before, or no other node waits.
		const mayTake = entry.reservedFor === null ? entry.queue.length === 0 : entry.reservedFor === owner.id;
		if (entry.owner === null && mayTake) {
			this.#grant(entry, owner);
		} else {
			entry.queue.push(owner);
			if (entry.owner !== null) owner.changed(false, entry.owner.label);
		}
		return { release: (removed) => this.#release(path, entry, owner, removed) };
	}

	#grant(entry: Entry, owner: WebhookOwner): void {
		entry.owner = owner;
		entry.last = null;
		entry.rules = null;
		entry.reservedFor = null;
		owner.changed(true, null);
		for (const other of entry.queue) other.changed(false, owner.label);
	}

	#release(path: string, entry: Entry, owner: WebhookOwner, removed: boolean): void {
		entry.queue = entry.queue.filter((other) => other !== owner);
		if (entry.owner === owner) {
			entry.owner = null;
			// Nobody is answered by a node whose rules are not known.
			entry.last = entry.rules && owner;
			entry.reservedFor = removed ? null : owner.id;
		}
		// In a deploy the path is kept until all nodes are there: another node may be taking this one's place.
		const free = entry.owner === null && entry.reservedFor === null;
		if (free && !this.#deploys.running) this.#handOver(path, entry);
	}

	/** The path is free: the first node that waits for it gets it, else the path is gone. */
	#handOver(path: string, entry: Entry): void {
		const next = entry.queue.shift();
		if (next) {
			this.#grant(entry, next);
			return;
		}
		if (this.#paths.get(path) === entry) this.#paths.delete(path);
		for (const wake of entry.waiting) wake();
	}

	/**
	 * All flows run: a node that has not taken its path back by now will not come (its path was changed, or it was
	 * disabled).
	 */
	#settleReservations(): void {
		for (const [path, entry] of [...this.#paths]) {
			// Requests on their way to an entry that is taken out of the table are still checked by its rules.
			if (entry.owner !== null) {
				entry.rules = null;
			} else {
				entry.reservedFor = null;
				this.#handOver(path, entry);
			}
			for (const wake of entry.waiting) wake();
		}
	}

	/** The table's entry for a request path; the last segment may be a token. */
	#find(path: string): Entry | undefined {
		const trimmed = path.replace(/(?<=.)\/$/, '');
		return this.#paths.get(trimmed) ?? this.#paths.get(trimmed.slice(0, trimmed.lastIndexOf('/')));
	}

	#handle(request: Request, response: ServerResponse, next: NextFunction): void {
		if (request.path === SELF_TEST_PATH) {
			answerSelfTest(request, response);
			return;
		}
		const entry = this.#find(request.path);
		if (entry === undefined) {
			next();
			return;
		}
		// The time the administrator's own checks take counts towards a caller's deadline.
		const receivedAt = Date.now();
		const admin = settingOf(this.#red, 'httpNodeMiddleware');
		const steps = (Array.isArray(admin) ? admin : [admin]).filter(
			(step): step is (...args: unknown[]) => void => typeof step === 'function',
		);
		const run = (index: number): void => {
			const step = steps[index];
			if (step === undefined) {
				void this.#serve(entry, request, response, receivedAt);
				return;
			}
			// Express would show the sender where in the program a step failed.
			try {
				step(request, response, (reason?: unknown) =>
					reason === undefined || reason === null ? run(index + 1) : this.#reject(entry, response, reason),
				);
			} catch (reason) {
				this.#reject(entry, response, reason);
			}
		};
		run(0);
	}

	async #serve(entry: Entry, request: Request, response: ServerResponse, receivedAt: number): Promise<void> {
		try {
			// An answer while Node.js still reads a request that it cannot read to its end would not go out.
			await this.#turns.take();
			const incoming = incomingRequest(request, receivedAt);
			// No body of a stranger is read, and none takes a place of those who wait.
			const rules = this.#rulesOf(entry);
			const asked = entry.owner ?? entry.last;
			if (!this.#letsIn(entry, rules, incoming, response)) return;
			// First of all: in the wait the sender may hang up, and what has arrived would be lost.
			const refused = await addBody(incoming, request, response, settingOf(this.#red, 'apiMaxLength'));
			const owner = await this.#waitForOwner(entry, incoming);
			// A token that was revoked meanwhile, or another node at this path, has made other rules.
			const now = this.#rulesOf(entry);
			const isOther = now !== rules || (entry.owner ?? entry.last) !== asked;
			if (isOther && !this.#letsIn(entry, now, incoming, response)) return;
			if (owner === null) this.#answerAway(entry, incoming, response);
			else if (request.method === 'HEAD') owner.receiveHead?.(incoming, response);
			else if (refused === null) await owner.receive(incoming, response);
			else if (owner.receiveUnreadable === undefined) throw refused;
			else owner.receiveUnreadable(incoming, response, refused.message);
		} catch (reason) {
			this.#reject(entry, response, reason);
		}
	}

	/** Who may call: one object for as long as nothing about it changes. */
	#rulesOf(entry: Entry): Rules {
		return entry.rules ?? entry.owner?.rules();
	}

	/** False for a request that it refused: by its method, or by who may call. */
	#letsIn(entry: Entry, rules: Rules, incoming: IncomingRequest, response: ServerResponse): boolean {
		const owner = entry.owner ?? entry.last;
		if (owner !== null && !takesMethod(owner, incoming.method)) {
			this.#refuse(entry, 'method');
			answer(response, 405, 'Use GET or POST.', { allow: 'GET, POST' });
			return false;
		}
		const sender = rules?.verify(incoming);
		if (sender === undefined || sender.allowed) return true;
		this.#refuse(entry, REFUSALS[sender.httpStatus]);
		answer(response, sender.httpStatus, sender.reason);
		return false;
	}

	/** The node that has this path is not there, and did not come back in time. */
	#answerAway(entry: Entry, incoming: IncomingRequest, response: ServerResponse): void {
		const owner = entry.owner ?? entry.last;
		const receive = incoming.method === 'HEAD' ? owner?.receiveHead : owner?.receiveAway;
		if (receive !== undefined) {
			receive(incoming, response);
			return;
		}
		this.#refuse(entry, 'busy');
		answer(response, 503, 'This webhook is being redeployed.', { 'retry-after': '2' });
	}

	#reject(entry: Entry, response: ServerResponse, reason: unknown): void {
		if (reason instanceof RefusedBody || (reason instanceof ExotelError && reason.kind === 'input')) {
			this.#refuse(entry, 'body');
			answer(response, reason.httpStatus ?? 400, reason.message);
		} else {
			this.#refuse(entry, 'fault');
			this.#red.log.error(
				`[exotel] a webhook failed: ${reason instanceof Error ? reason.message : String(reason)}`,
			);
			answer(response, 500, 'This webhook failed; the reason is in the Node-RED log.');
		}
	}

	#isSettled(entry: Entry): boolean {
		return !this.#deploys.running && (entry.owner !== null || entry.reservedFor === null);
	}

	/** Waits for the node that has this path to come back from a redeploy; null when it does not. */
	async #waitForOwner(entry: Entry, { method, receivedAt, body }: IncomingRequest): Promise<WebhookOwner | null> {
		if (this.#isSettled(entry)) return entry.owner;
		const size = Buffer.isBuffer(body) ? body.length : 0;
		if (entry.waiting.size >= MAX_WAITING || size > this.#bytesLeft) return null;
		this.#bytesLeft -= size;
		return await new Promise((resolve) => {
			const wake = (): void => {
				clearTimeout(timer);
				entry.waiting.delete(wake);
				this.#bytesLeft += size;
				resolve(entry.owner);
			};
			const isApplet = method !== 'POST' || (entry.owner ?? entry.last)?.receiveAway !== undefined;
			// The body has taken its time.
			const left = (isApplet ? MAX_APPLET_WAIT_MS : MAX_WAIT_MS) - Math.max(0, Date.now() - receivedAt);
			const timer = setTimeout(wake, Math.max(0, left));
			entry.waiting.add(wake);
		});
	}

	#refuse(entry: Entry, why: Refusal): void {
		const count = (entry.refusals[why] ?? 0) + 1;
		entry.refusals[why] = count;
		(entry.owner ?? entry.last)?.refused?.(why, count);
	}
}

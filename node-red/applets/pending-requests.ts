/**
 * Callers who wait for an answer. A request of an applet stays here until it is answered by the flow, or – at its
 * timeout, when its node goes, when the answer is invalid – with the fallback of its node: every caller gets a
 * response. A request is found by its id, or by the call's when a flow has lost everything else on the way.
 */
import type { ServerResponse } from 'node:http';
import type { Account, AppletAnswer, AppletRequest } from '../../exotel/index';

/** Callers waiting in one Node-RED at a time; one more is answered with the fallback at once. */
const MAX_PENDING = 5000;

/** How long the answer of a flow is expected after its request was settled without it: twice what Exotel waits. */
const MAX_LATE_MS = 10_000;
/** Calls of such requests: more than come in that time. */
const MAX_LATE = 50_000;

/** Why the fallback went out. */
export type FallbackReason = 'deadline' | 'refused' | 'redeploy' | 'too-many';

/** A caller whose applet sent a request. */
export interface WaitingCaller {
	/** The node whose flow answers. */
	nodeId: string;
	request: AppletRequest;
	account: Account;
	response: ServerResponse;
	/** Time until the fallback goes out, ms. */
	timeoutMs: number;
	/** What goes out when the flow gives no answer; asked for only then. */
	fallback(): AppletAnswer;
	/** The fallback went out instead of an answer of the flow. */
	onFallback(reason: FallbackReason): void;
	/** Answered, given up or hung up: the caller does not wait any more. */
	onSettled(): void;
}

/** Writes an answer to the open connection of a caller. */
export function sendAnswer(response: ServerResponse, { httpStatus, headers, body }: AppletAnswer): void {
	response.writeHead(httpStatus, {
		...headers,
		'content-length': Buffer.byteLength(body),
		'cache-control': 'no-store',
	});
	response.end(body);
}

/** One waiting caller. */
export class PendingRequest {
	readonly id: string;
	readonly caller: WaitingCaller;
	readonly #forget: (answered: boolean) => void;
	readonly #timer: NodeJS.Timeout;
	#open = true;

	/** `forget` is called once, when the caller does not wait any more; `answered`: by the flow. */
	constructor(id: string, caller: WaitingCaller, forget: (answered: boolean) => void) {
		this.id = id;
		this.caller = caller;
		this.#forget = forget;
		this.#timer = setTimeout(() => this.fallBack('deadline'), Math.max(0, caller.timeoutMs));
		// Exotel hung up: a response has no receiver any more.
		caller.response.once('close', () => this.close());
	}

	/** False once something was sent, or the caller has gone. */
	get isOpen(): boolean {
		return this.#open;
	}

	/** Sends a finished answer; false when it came too late. */
	answer(answer: AppletAnswer): boolean {
		if (!this.#settle(true)) return false;
		sendAnswer(this.caller.response, answer);
		return true;
	}

	/** The caller hung up. */
	close(): void {
		this.#settle(false);
	}

	/** Sends the fallback, unless something was sent before. */
	fallBack(reason: FallbackReason): void {
		if (!this.#settle(false)) return;
		sendAnswer(this.caller.response, this.caller.fallback());
		this.caller.onFallback(reason);
	}

	/** False when it was settled before. */
	#settle(answered: boolean): boolean {
		if (!this.#open) return false;
		this.#open = false;
		clearTimeout(this.#timer);
		this.#forget(answered);
		this.caller.onSettled();
		return true;
	}
}

/** Pending requests under one key, the oldest first. */
class Grouped {
	readonly #groups = new Map<string, Set<PendingRequest>>();

	of(key: string): readonly PendingRequest[] {
		return [...(this.#groups.get(key) ?? [])];
	}

	count(key: string): number {
		return this.#groups.get(key)?.size ?? 0;
	}

	add(key: string, pending: PendingRequest): void {
		const group = this.#groups.get(key) ?? new Set();
		this.#groups.set(key, group.add(pending));
	}

	delete(key: string, pending: PendingRequest): void {
		const group = this.#groups.get(key);
		group?.delete(pending);
		if (group?.size === 0) this.#groups.delete(key);
	}
}

/** The nodes whose flows may still answer a request that was settled without them, by call. */
class LateAnswers {
	readonly #byCall = new Map<string, { nodes: Set<string>; until: number }>();

	of(sid: string): Iterable<string> {
		const known = this.#byCall.get(sid);
		return known !== undefined && performance.now() < known.until ? known.nodes : [];
	}

	expect(sid: string, nodeId: string): void {
		const now = performance.now();
		const nodes = new Set(this.of(sid)).add(nodeId);
		this.#byCall.delete(sid);
		// The oldest come first.
		for (const [oldest, { until }] of this.#byCall) {
			if (now < until && this.#byCall.size < MAX_LATE) break;
			this.#byCall.delete(oldest);
		}
		this.#byCall.set(sid, { nodes, until: now + MAX_LATE_MS });
	}
}

/** All waiting callers of one Node-RED. */
export class PendingRequests {
	readonly #byId = new Map<string, PendingRequest>();
	readonly #byCall = new Grouped();
	readonly #byNode = new Grouped();
	readonly #late = new LateAnswers();

	/** Takes a request in. It is already answered when there were too many. */
	add(id: string, caller: WaitingCaller): PendingRequest {
		const { sid } = caller.request.call;
		const pending: PendingRequest = new PendingRequest(id, caller, (answered) => {
			// Of one that was not taken in the flow knows nothing.
			if (this.#byId.delete(id) && !answered) this.#late.expect(sid, caller.nodeId);
			this.#byCall.delete(sid, pending);
			this.#byNode.delete(caller.nodeId, pending);
		});
		if (caller.response.destroyed) {
			pending.close();
			return pending;
		}
		if (this.#byId.size >= MAX_PENDING) {
			pending.fallBack('too-many');
			return pending;
		}
		this.#byId.set(id, pending);
		this.#byCall.add(sid, pending);
		this.#byNode.add(caller.nodeId, pending);
		return pending;
	}

	byId(id: string): PendingRequest | null {
		return this.#byId.get(id) ?? null;
	}

	/** The newest request of a call: Exotel may send several for one call (`fetchAfterAttempt`). */
	byCall(sid: string): PendingRequest | null {
		return this.#byCall.of(sid).at(-1) ?? null;
	}

	/** True when the flow of another node may mean its own request of the same call: one that waits, or waited. */
	isAskedElsewhere({ caller: { nodeId, request } }: PendingRequest): boolean {
		const { sid } = request.call;
		const waiting = this.#byCall.of(sid).map(({ caller }) => caller.nodeId);
		return [...waiting, ...this.#late.of(sid)].some((id) => id !== nodeId);
	}

	/** How many callers of a node wait. */
	count(nodeId: string): number {
		return this.#byNode.count(nodeId);
	}

	/** The node goes: its callers get the fallback now. */
	release(nodeId: string): void {
		for (const pending of this.#byNode.of(nodeId)) pending.fallBack('redeploy');
	}
}

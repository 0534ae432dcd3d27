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
/** Such requests that are remembered: more than come in that time. */
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
		// What is refused is an answer of the flow.
		if (!this.#settle(reason === 'refused')) return;
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

/** Pending requests, or what is left of them, under one key, the oldest first. */
class Grouped<Item> {
	readonly #groups = new Map<string, Set<Item>>();

	of(key: string): readonly Item[] {
		return [...(this.#groups.get(key) ?? [])];
	}

	count(key: string): number {
		return this.#groups.get(key)?.size ?? 0;
	}

	add(key: string, item: Item): void {
		const group = this.#groups.get(key) ?? new Set();
		this.#groups.set(key, group.add(item));
	}

	delete(key: string, item: Item): void {
		const group = this.#groups.get(key);
		group?.delete(item);
		if (group?.size === 0) this.#groups.delete(key);
	}
}

/** All waiting callers of one Node-RED. */
export class PendingRequests {
	readonly #byId = new Map<string, PendingRequest>();
	/** With what is left of requests that were settled without their flows, which may still answer. */
	readonly #byCall = new Grouped<PendingRequest | { caller: { nodeId: string } }>();
	readonly #byNode = new Grouped<PendingRequest>();
	#late = 0;

	/** Takes a request in. It is already answered when there were too many. */
	add(id: string, caller: WaitingCaller): PendingRequest {
		const { sid } = caller.request.call;
		const pending: PendingRequest = new PendingRequest(id, caller, (answered) => {
			this.#byCall.delete(sid, pending);
			this.#byNode.delete(caller.nodeId, pending);
			// Of one that was not taken in the flow knows nothing.
			if (!this.#byId.delete(id) || answered || this.#late >= MAX_LATE) return;
			// Not the request itself: it holds the connection.
			const left = { caller: { nodeId: caller.nodeId } };
			this.#late += 1;
			this.#byCall.add(sid, left);
			setTimeout(() => {
				this.#late -= 1;
				this.#byCall.delete(sid, left);
			}, MAX_LATE_MS).unref();
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
		return (
			this.#byCall
				.of(sid)
				.filter((one) => one instanceof PendingRequest)
				.at(-1) ?? null
		);
	}

	/** True when the flow of another node may mean its own request of the same call: one that waits, or waited. */
	isAskedElsewhere({ caller: { nodeId, request } }: PendingRequest): boolean {
		return this.#byCall.of(request.call.sid).some(({ caller }) => caller.nodeId !== nodeId);
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

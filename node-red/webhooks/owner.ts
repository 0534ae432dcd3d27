/** A node that has a path of the webhook router. */
import type { ServerResponse } from 'node:http';
import type { IncomingRequest, SenderRules } from '../../exotel/index';

/** Why a request was turned away; counted per path. */
export type Refusal = 'token' | 'no-token' | 'address' | 'body' | 'method' | 'busy' | 'fault';

/** What a node wants to be called for. */
export interface WebhookOwner {
	/** Id of the node: the owner of a path stays the same over a redeploy. */
	id: string;
	/** How to name the node to the user when another one wants its path. */
	label: string;
	rules(): SenderRules;
	/**
	 * Handles one request that passed the sender check; must answer it. What it throws becomes a 400 (`input`) or a
	 * 500.
	 */
	receive(incoming: IncomingRequest, response: ServerResponse): void | Promise<void>;
	/** Answers a request whose body was refused, in place of the status of that refusal. */
	receiveUnreadable?(incoming: IncomingRequest, response: ServerResponse, why: string): void;
	/** Answers a HEAD request that passed the sender check: the headers of an answer, without starting the flow. */
	receiveHead?(incoming: IncomingRequest, response: ServerResponse): void;
	/** Answers a request after a deploy has stopped this node and it did not come back; without this it gets 503. */
	receiveAway?(incoming: IncomingRequest, response: ServerResponse): void;
	/** The path was refused because `holder` has it, or was granted (again). */
	changed(granted: boolean, holder: string | null): void;
	/** A request was turned away; `count` of this kind so far. */
	refused?(why: Refusal, count: number): void;
}

/** A node's claim on a path. */
export interface Claim {
	/** Gives the path back. `removed` is false when the node is only being redeployed. */
	release(removed: boolean): void;
}

/** True for a method of requests that this node takes. */
export function takesMethod(owner: WebhookOwner, method: string): boolean {
	return method === 'GET' || method === 'POST' || (method === 'HEAD' && owner.receiveHead !== undefined);
}

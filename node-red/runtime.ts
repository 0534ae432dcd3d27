/**
 * Everything that belongs to one running Node-RED and outlives the instances of its nodes: deploys, the webhook router,
 * callers who wait for an answer, tracked calls, replaced webhook tokens.
 */
import type { Express } from 'express';
import { PendingRequests } from './applets/pending-requests';
import { CallsByNode } from './calls/calls-by-node';
import { Deploys } from './deploys';
import { settingOf, type Red } from './host';
import { ReplacedTokens } from './webhooks/replaced-tokens';
import { WebhookRouter } from './webhooks/router';

/** The state of one running Node-RED. */
export class Runtime {
	readonly deploys: Deploys;
	readonly pendingRequests = new PendingRequests();
	readonly replacedTokens = new ReplacedTokens();
	readonly calls: CallsByNode;
	readonly #red: Red;
	#router: WebhookRouter | null = null;

	private constructor(RED: Red) {
		this.#red = RED;
		this.deploys = new Deploys(RED);
		this.calls = new CallsByNode(RED, this.deploys);
	}

	/** The webhook router, made with the first webhook; null when the administrator switched node routes off. */
	get router(): WebhookRouter | null {
		if (settingOf(this.#red, 'httpNodeRoot') === false) return null;
		this.#router ??= new WebhookRouter(this.#red, this.deploys);
		return this.#router;
	}

	/** The runtime of a Node-RED. `httpNode` is the one object that all node files of it share. */
	static of(RED: Red): Runtime {
		let runtime = runtimes.get(RED.httpNode);
		if (runtime === undefined) {
			runtime = new Runtime(RED);
			runtimes.set(RED.httpNode, runtime);
		}
		return runtime;
	}
}

const runtimes = new WeakMap<Express, Runtime>();

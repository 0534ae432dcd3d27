/** One instance of a node, from its making to its closing: the only place that listens to `close`. */
import type { Red, RedNode } from './host';

/** What belongs to one instance of a node. */
export class NodeScope {
	readonly RED: Red;
	readonly node: RedNode;
	readonly #closing = new AbortController();
	readonly #work: ((removed: boolean) => Promise<void> | void)[] = [];

	constructor(RED: Red, node: RedNode) {
		this.RED = RED;
		this.node = node;
		node.on('close', (removed: boolean, done: () => void) => {
			this.#closing.abort(new Error('The node was closed.'));
			const ends: (Promise<void> | void)[] = [];
			for (const work of this.#work) this.guarded(() => void ends.push(work(removed)));
			void Promise.allSettled(ends).then(() => done());
		});
	}

	/** Aborted when the instance is closed. */
	get signal(): AbortSignal {
		return this.#closing.signal;
	}

	/**
	 * Does `work` and logs what it throws: outside of a node's input handler that would end Node-RED, and to hand an
	 * error to Catch nodes throws where Node-RED cannot clone the message.
	 */
	guarded(work: () => void): void {
		try {
			work();
		} catch (reason) {
			this.RED.log.error(`[${this.node.type}:${this.node.id}] ${String(reason)}`);
		}
	}

	/**
	 * Does `work` when the instance is closed, which Node-RED waits for; `removed` is false when the node is only being
	 * redeployed.
	 */
	onClose(work: (removed: boolean) => Promise<void> | void): void {
		this.#work.push(work);
	}
}

/**
 * Deploys of the running Node-RED. While flows are being started, a message sent is lost when its receiver is not there
 * yet; so whatever comes from outside waits until all nodes are. One listener per event and runtime, however many nodes
 * there are.
 */
import type { Express } from 'express';
import type { Red } from './host';

/** The deploys of one Node-RED. */
export class Deploys {
	/**
	 * True from the stopping of flows until all nodes are there. True at first: this is made while flows are being
	 * started.
	 */
	#running = true;
	readonly #waiting = new Set<() => void>();

	constructor(RED: Red) {
		RED.events.on('flows:stopping', () => {
			this.#running = true;
		});
		RED.events.on('flows:started', () => {
			this.#running = false;
			const ready = [...this.#waiting];
			this.#waiting.clear();
			for (const work of ready) work();
		});
	}

	get running(): boolean {
		return this.#running;
	}

	/** Does `work` once, when the flows have started next. The function returned calls it off. */
	afterStart(work: () => void): () => void {
		this.#waiting.add(work);
		return () => void this.#waiting.delete(work);
	}
}

const known = new WeakMap<Express, Deploys>();

/** The deploys of this Node-RED. */
export function deploysOf(RED: Red): Deploys {
	let deploys = known.get(RED.httpNode);
	if (deploys === undefined) known.set(RED.httpNode, (deploys = new Deploys(RED)));
	return deploys;
}

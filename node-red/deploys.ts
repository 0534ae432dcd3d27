/**
 * Deploys of the running Node-RED. While flows are being started, a message sent is lost when its receiver is not there
 * yet; so whatever comes from outside waits until all nodes are. One listener per event and runtime, however many nodes
 * there are.
 */
import type { Red } from './host';

/** The deploys of one Node-RED. */
export class Deploys {
	/**
	 * True from the stopping of flows until all nodes are there. True at first: this is made while flows are being
	 * started.
	 */
	#running = true;
	readonly #afterStart = new Set<() => void>();
	readonly #onStopping = new Set<() => void>();

	constructor(RED: Red) {
		RED.events.on('flows:stopping', () => {
			this.#running = true;
			for (const work of this.#onStopping) work();
		});
		RED.events.on('flows:started', () => {
			this.#running = false;
			const ready = [...this.#afterStart];
			this.#afterStart.clear();
			for (const work of ready) work();
		});
	}

	get running(): boolean {
		return this.#running;
	}

	/** Does `work` once, when the flows have started next. The function returned cancels it. */
	afterStart(work: () => void): () => void {
		this.#afterStart.add(work);
		return () => void this.#afterStart.delete(work);
	}

	/** Resolves when the flows have started next, or `signal` is aborted. */
	started(signal: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const cancel = this.afterStart(() => {
				signal.removeEventListener('abort', stop);
				resolve();
			});
			const stop = (): void => {
				cancel();
				resolve();
			};
			signal.addEventListener('abort', stop, { once: true });
			if (signal.aborted) stop();
		});
	}

	/** Does `work` each time flows are about to be stopped, while all nodes are still there. */
	onStopping(work: () => void): () => void {
		this.#onStopping.add(work);
		return () => void this.#onStopping.delete(work);
	}
}

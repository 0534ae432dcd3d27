/**
 * What a node has to say although it, or the nodes it is wired to, are being redeployed: messages wait for the node's
 * next instance and the end of the deploy. An outbox belongs to the running Node-RED, keyed by node id, until the node
 * is deleted.
 */
import type { Express } from 'express';
import { deploysOf, type Deploys } from '../deploys';
import type { Red, RedNode } from '../host';

/**
 * More waiting messages than this and the oldest are dropped: a deploy takes seconds, Exotel sends a few hundred events
 * in them.
 */
const MOST_WAITING = 1000;

/** Messages of one node on their way out; `Message` is whatever the node's `send` takes. */
export class Outbox<Message> {
	#send: ((message: Message) => void) | null = null;
	#waiting: Message[] = [];

	/**
	 * @param deploys the deploys of the Node-RED; a message sent while one goes on is lost when its receiver is being
	 * replaced.
	 */
	constructor(private readonly deploys: Pick<Deploys, 'running' | 'afterStart'> | null = null) {}

	/** All nodes are there: what waited goes out, in order, and everything after it at once. */
	open(send: (message: Message) => void): void {
		this.#send = send;
		for (const message of this.#waiting.splice(0)) send(message);
	}

	/** The instance that sends with `send` is being closed. */
	close(send: (message: Message) => void): void {
		if (this.#send === send) this.#send = null;
	}

	/** Sends a message now, or when the node is back. */
	put(message: Message): void {
		const deploying = this.deploys?.running === true;
		if (this.#send && !deploying && this.#waiting.length === 0) {
			this.#send(message);
			return;
		}
		this.#waiting.push(message);
		if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
		// This instance stays, others do not; a new instance empties the outbox itself.
		if (this.#send && deploying && this.#waiting.length === 1)
			this.deploys?.afterStart(() => this.#send && this.open(this.#send));
	}

	/** The node was deleted. */
	empty(): void {
		this.#send = null;
		this.#waiting = [];
	}
}

const outboxes = new WeakMap<Express, Map<string, Outbox<never>>>();

/** The outbox of a node, opened as soon as all nodes are there and closed with the instance. */
export function openOutbox<Message>(RED: Red, node: RedNode, send: (message: Message) => void): Outbox<Message> {
	let ofRuntime = outboxes.get(RED.httpNode);
	if (ofRuntime === undefined) outboxes.set(RED.httpNode, (ofRuntime = new Map()));
	const known = ofRuntime;
	const outbox =
		(known.get(node.id) as unknown as Outbox<Message> | undefined) ?? new Outbox<Message>(deploysOf(RED));
	known.set(node.id, outbox as unknown as Outbox<never>);
	const callOff = deploysOf(RED).afterStart(() => outbox.open(send));
	node.on('close', (removed: boolean, done: () => void) => {
		callOff();
		outbox.close(send);
		if (removed) {
			outbox.empty();
			known.delete(node.id);
		}
		done();
	});
	return outbox;
}

/**
 * What a node has to say although it, or the nodes it is wired to, are being redeployed: messages wait for the node's
 * next instance and the end of the deploy. An outbox belongs to the running Node-RED until the node is deleted.
 */
import type { Deploys } from '../deploys';

/**
 * More waiting messages than this and the oldest are dropped, with a warning: a deploy takes seconds, Exotel sends a
 * few hundred events in them.
 */
export const MAX_WAITING = 1000;

/** Receives a message right after it was sent; told apart by identity. */
export interface Receiver {
	id: string;
}

/** The instance of a node that sends. */
export interface Sender<Message> {
	send(message: Message): void;
	/** The nodes a message goes to, as they are now. */
	receivers(message: Message): Receiver[];
	/** Hands a message to some of its receivers alone. */
	sendOnlyTo(message: Message, receivers: readonly Receiver[]): void;
	/** The present node of that id, or null. */
	receiver(id: string): Receiver | null;
	/** A message could not be sent. */
	failed(reason: unknown): void;
	/** `count` messages were dropped because too many were waiting. */
	dropped(count: number): void;
}

/** A message, and what is to be called when it has been sent. */
interface Parcel<Message> {
	message: Message;
	sent(): void;
}

interface Interrupted<Message> extends Parcel<Message> {
	receivers: Receiver[];
}

/** Messages of one node on their way out. */
export class Outbox<Message> {
	readonly #deploys: Pick<Deploys, 'running' | 'afterStart' | 'onStopping'>;
	readonly #cancel: () => void;
	#sender: Sender<Message> | null = null;
	#waiting: Parcel<Message>[] = [];
	#dropped = 0;
	/** Sent in this turn of the event loop: Node-RED delivers them in the next. */
	readonly #inFlight = new Set<Parcel<Message> & { sender: Sender<Message> }>();
	#interrupted: Interrupted<Message>[] = [];

	constructor(deploys: Pick<Deploys, 'running' | 'afterStart' | 'onStopping'>) {
		this.#deploys = deploys;
		this.#cancel = deploys.onStopping(() => this.#interrupt());
	}

	/** All nodes are there: what waited goes out, in order, and everything after it at once. */
	open(sender: Sender<Message>): void {
		this.#sender = sender;
		for (const { receivers, ...parcel } of this.#interrupted.splice(0)) {
			const replaced = receivers.filter((receiver) => sender.receiver(receiver.id) !== receiver);
			if (replaced.length === receivers.length) this.#send(parcel);
			else {
				if (replaced.length > 0) sender.sendOnlyTo(parcel.message, replaced);
				parcel.sent();
			}
		}
		while (this.#sender === sender) {
			const parcel = this.#waiting.shift();
			if (parcel === undefined) break;
			this.#send(parcel);
		}
		if (this.#dropped > 0) sender.dropped(this.#dropped);
		this.#dropped = 0;
	}

	/** The instance is being closed. */
	close(sender: Sender<Message>): void {
		if (this.#sender === sender) this.#sender = null;
	}

	/**
	 * Sends a message now, or when the node is back. `sent` is called when its receivers have it; never for a message
	 * that is dropped.
	 */
	put(message: Message, sent: () => void = () => undefined): void {
		const parcel = { message, sent };
		const deploying = this.#deploys.running;
		if (this.#sender !== null && !deploying && this.#waiting.length === 0) {
			this.#send(parcel);
			return;
		}
		this.#waiting.push(parcel);
		if (this.#waiting.length > MAX_WAITING) {
			this.#waiting.shift();
			this.#dropped += 1;
		}
		// This instance stays, others do not; a new instance opens the outbox itself.
		if (deploying && this.#waiting.length === 1) this.#openAfterStart();
	}

	/** The node was deleted; what was waiting is returned. */
	empty(): Message[] {
		this.#cancel();
		this.#sender = null;
		return [...this.#interrupted.splice(0), ...this.#waiting.splice(0)].map(({ message }) => message);
	}

	#send(parcel: Parcel<Message>): void {
		const sender = this.#sender;
		if (sender === null) return;
		const flight = { ...parcel, sender };
		this.#inFlight.add(flight);
		try {
			sender.send(parcel.message);
		} catch (reason) {
			// One message that cannot be sent must not hold up those behind it.
			sender.failed(reason);
		}
		// Node-RED hands the message over in a `setImmediate` of its own, which comes before this one.
		setImmediate(() => {
			if (this.#inFlight.delete(flight)) parcel.sent();
		});
	}

	/** Flows are about to be stopped: what was sent in this moment may find its receiver closed. */
	#interrupt(): void {
		for (const { message, sent, sender } of this.#inFlight) {
			const receivers = sender.receivers(message);
			if (receivers.length > 0) this.#interrupted.push({ message, sent, receivers });
			else sent();
		}
		this.#inFlight.clear();
		if (this.#interrupted.length > 0) this.#openAfterStart();
	}

	#openAfterStart(): void {
		this.#deploys.afterStart(() => this.#sender && this.open(this.#sender));
	}
}

/**
 * Delivers messages to the servers of users: a failed one (time-out, no connection, anything but 2xx) is repeated at
 * +5 and +15 minutes of simulated time (facts 6.4), and every attempt is recorded at the call. The first
 * attempts of one call go out one after the other, so that they arrive in the order in which things happened.
 */
import { detach } from './detach';
import { MAX_DELIVERIES, type Delivery, type Message, type WaitingMessage } from '../model/delivery';
import type { Call } from '../model/call';
import type { CallState } from './call-state';
import type { Clock } from '../model/clock';
import { keptAnswer, type CallCount } from './kept-answers';
import type { Outgoing, OutgoingResult } from './outgoing';

/** Characters of an answer that are kept with the call at most. */
const MAX_KEPT_ANSWER = 4096;

/** What the story says about an attempt that was under way. */
const STOPPED = 'the simulator was stopped before there was an answer';

/** What deliveries need of the simulation. */
export interface DeliveryContext {
	clock: Clock;
	outgoing: Outgoing;
	calls: CallCount;
	settings: { deliveryTimeoutMs: number; retrySeconds: number[] };
	announce(type: 'delivery', call: Call): void;
}

/** Counts of attempts since the start or the last reset. */
export interface DeliveryCounts {
	sent: number;
	/** Answered with 2xx. */
	delivered: number;
	failed: number;
	/** Failed and not repeated any more. */
	abandoned: number;
}

/** One message on its way; repeated attempts share it. */
interface Shipment {
	message: Message;
	id: number;
	duplicate: boolean;
	firstAt: number;
}

/** Delivers the messages of all calls of one simulator. */
export class Deliveries {
	counts: DeliveryCounts = noDeliveries();
	readonly #context: DeliveryContext;

	constructor(context: DeliveryContext) {
		this.#context = context;
	}

	/**
	 * Sends a message of a call.
	 * @returns resolves when its first attempt is over (answered or failed)
	 */
	deliver(state: CallState, message: Message, options: { duplicate?: boolean; id?: number } = {}): Promise<void> {
		const { clock } = this.#context;
		const { duplicate = false, id = state.nextMessageId() } = options;
		const before = state.lastDelivery ?? state.answerSent;
		const waiting = { message, id, duplicate, dueAt: clock.now() };
		state.call.outbox.push(waiting);
		const first = before.then(() => {
			removeWaiting(state.call, waiting);
			return this.#attempt(state, { message, id, duplicate, firstAt: clock.now() }, 1);
		});
		state.lastDelivery = first;
		return clock.track(first);
	}

	/** Lets a message wait until a moment of simulated time. */
	later(state: CallState, message: Message, { at, send }: { at: number; send: () => Promise<void> }): void {
		const waiting = { message, id: null, duplicate: false, dueAt: at };
		state.call.outbox.push(waiting);
		const sendLate = () => {
			removeWaiting(state.call, waiting);
			detach(state, send());
		};
		this.#context.clock.at(at, sendLate, state.call.accountSid);
	}

	/**
	 * Goes on with a call's deliveries after a restart: sends what waited, repeats what was to be repeated, and says of
	 * attempts that were under way that they got no answer. What fell due meanwhile is sent at once.
	 */
	resume(state: CallState): void {
		const { call } = state;
		const newest = new Map(call.deliveries.map((delivery) => [`${delivery.id} ${delivery.duplicate}`, delivery]));
		for (const delivery of newest.values()) {
			const { id, duplicate } = delivery;
			const first = call.deliveries.find((other) => other.id === id && other.duplicate === duplicate);
			const shipment = { message: messageOf(delivery), id, duplicate, firstAt: first?.at ?? delivery.at };
			if (delivery.retryAt !== null) this.#repeat(state, shipment, delivery);
			else if (delivery.status === null && delivery.error === null) {
				delivery.error = STOPPED;
				this.#retry(state, shipment, delivery);
			}
		}
		for (const { message, id, duplicate, dueAt } of call.outbox.splice(0)) {
			if (id !== null) detach(state, this.deliver(state, message, { id, duplicate }));
			else this.later(state, message, { at: dueAt, send: () => this.deliver(state, message) });
		}
	}

	resetCounts(): void {
		this.counts = noDeliveries();
	}

	async #attempt(state: CallState, shipment: Shipment, attempt: number): Promise<void> {
		const { call, signal } = state;
		if (signal.aborted) return;
		const { clock, settings, outgoing } = this.#context;
		const { message, id, duplicate, firstAt } = shipment;
		const delivery = newDelivery(shipment, attempt, clock.now());
		if (call.deliveries.length < MAX_DELIVERIES) call.deliveries.push(delivery);
		this.counts.sent++;
		const result = await outgoing.send(message, settings.deliveryTimeoutMs);
		recordResult(delivery, result);
		if (result.error === null) {
			const body = keptAnswer(this.#context.calls, call, result.body, MAX_KEPT_ANSWER);
			delivery.answer = { contentType: result.contentType, body };
		}
		if (isSuccess(result)) this.counts.delivered++;
		else {
			this.counts.failed++;
			delivery.error ??= `answered ${result.status}; anything but 2xx counts as failed`;
			this.#retry(state, { message, id, duplicate, firstAt }, delivery);
		}
		this.#context.announce('delivery', call);
	}

	/** Only status callbacks are known to be repeated (facts 6.4). */
	#retry(state: CallState, shipment: Shipment, failed: Delivery): void {
		const { settings } = this.#context;
		const seconds = settings.retrySeconds[failed.attempt - 1];
		if (seconds === undefined || failed.kind !== 'status-callback') {
			this.counts.abandoned++;
			return;
		}
		if (state.signal.aborted) return;
		failed.retryAt = shipment.firstAt + seconds * 1000;
		this.#repeat(state, shipment, failed);
	}

	#repeat(state: CallState, shipment: Shipment, { attempt, retryAt }: Delivery): void {
		const { clock } = this.#context;
		const again = () => detach(state, clock.track(this.#attempt(state, shipment, attempt + 1)));
		clock.at(retryAt ?? clock.now(), again, state.call.accountSid);
	}
}

function removeWaiting({ outbox }: Call, waiting: WaitingMessage): void {
	const index = outbox.indexOf(waiting);
	if (index >= 0) outbox.splice(index, 1);
}

function messageOf({ kind, event, method, url, headers, contentType, body }: Delivery): Message {
	return { kind, event, method, url, headers, contentType, body };
}

function noDeliveries(): DeliveryCounts {
	return { sent: 0, delivered: 0, failed: 0, abandoned: 0 };
}

function newDelivery({ message, id, duplicate }: Shipment, attempt: number, at: number): Delivery {
	return {
		id,
		kind: message.kind,
		event: message.event,
		at,
		method: message.method,
		url: message.url,
		headers: message.headers,
		contentType: message.contentType,
		body: message.body,
		attempt,
		duplicate,
		status: null,
		ms: null,
		error: null,
		answer: null,
		retryAt: null,
	};
}

function recordResult(delivery: Delivery, result: OutgoingResult): void {
	delivery.status = result.status;
	delivery.ms = result.ms;
	delivery.error = result.cut ? 'the answer is longer than 1 MB; reading stopped there' : result.error;
}

function isSuccess(result: OutgoingResult): boolean {
	return !result.cut && result.status !== null && result.status >= 200 && result.status < 300;
}

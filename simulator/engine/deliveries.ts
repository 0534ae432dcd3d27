/**
 * Delivers messages to other people's servers: a failed one (time-out, no connection, anything but 2xx) is repeated at
 * +5 and +15 minutes of simulated time (Exotel fact sheet 6.4), and every attempt is recorded at the call. The first
 * attempts of one call go out one after the other, so that they arrive in the order in which things happened.
 */
import { inBackground } from './detach';
import { answerSent } from './run-ahead';
import { DELIVERY_LIMIT, type Delivery, type DeliveryKind } from '../model/delivery';
import type { Call } from '../model/call';
import type { Clock } from '../model/clock';
import type { Outgoing, OutgoingResult } from './outgoing';

/** Something to be sent to somebody else's server. */
export interface Message {
	kind: DeliveryKind;
	event: string;
	method: string;
	url: string;
	headers: Record<string, string>;
	contentType: string | null;
	body: string | null;
}

/** What a courier needs of the exchange. */
export interface CourierOffice {
	clock: Clock;
	outgoing: Outgoing;
	settings: { deliveryTimeoutMs: number; retrySeconds: number[] };
	announce(type: 'delivery', call: Call): void;
}

/** Takes messages to their addresses, for all calls of one simulator. */
export class Courier {
	/** delivered with 2xx / given up, since the start or the last reset */
	counts = { sent: 0, delivered: 0, failed: 0, abandoned: 0 };
	private readonly lines = new WeakMap<Call, Promise<unknown>>();
	private readonly numbers = new WeakMap<Call, number>();

	constructor(private readonly office: CourierOffice) {}

	/**
	 * Sends a message of a call.
	 * @returns resolves when its first attempt is over (answered or failed)
	 */
	deliver(call: Call, message: Message, options: { duplicate?: boolean; id?: number } = {}): Promise<void> {
		const id = options.id ?? this.nextId(call);
		const before = this.lines.get(call) ?? answerSent(call);
		const first = before.then(() =>
			this.attempt(call, message, id, 1, this.office.clock.now(), options.duplicate ?? false),
		);
		this.lines.set(call, first);
		return this.office.clock.track(first);
	}

	nextId(call: Call): number {
		const id = (this.numbers.get(call) ?? 0) + 1;
		this.numbers.set(call, id);
		return id;
	}

	private async attempt(
		call: Call,
		message: Message,
		id: number,
		attempt: number,
		firstAt: number,
		duplicate: boolean,
	): Promise<void> {
		if (call.dropped) return;
		const { clock, settings, outgoing } = this.office;
		const delivery: Delivery = {
			id,
			kind: message.kind,
			event: message.event,
			at: clock.now(),
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
		if (call.deliveries.length < DELIVERY_LIMIT) call.deliveries.push(delivery);
		this.counts.sent++;
		const result = await outgoing.send(message, settings.deliveryTimeoutMs);
		settle(delivery, result);
		const retry = settings.retrySeconds[attempt - 1];
		if (wasTaken(result)) this.counts.delivered++;
		else {
			this.counts.failed++;
			delivery.error ??= `answered ${result.status}; anything but 2xx counts as failed`;
			// only status callbacks are known to be repeated (fact sheet 6.4)
			if (retry === undefined || message.kind !== 'status-callback') this.counts.abandoned++;
			else if (!call.dropped) {
				delivery.retryAt = firstAt + retry * 1000;
				clock.at(
					delivery.retryAt,
					() =>
						inBackground(
							call,
							clock.track(this.attempt(call, message, id, attempt + 1, firstAt, duplicate)),
						),
					call.accountSid,
				);
			}
		}
		this.office.announce('delivery', call);
	}
}

function settle(delivery: Delivery, result: OutgoingResult): void {
	delivery.status = result.status;
	delivery.ms = result.ms;
	delivery.error = result.error;
	delivery.answer =
		result.error === null ? { contentType: result.contentType, body: result.body.slice(0, 4096) } : null;
}

function wasTaken(result: OutgoingResult): boolean {
	return result.status !== null && result.status >= 200 && result.status < 300;
}

/** Rings one leg: from dialling to the answer, or to the reason why there is none. The outcome table decides. */
import { inBackground } from './detach';
import { note, seconds, type Call, type Leg } from '../model/call';
import { GIVE_UP_SECONDS, outcomeOf } from '../model/outcomes';
import type { Exchange } from './simulation';

/** Seconds from dialling to the first ring (or the network's refusal). */
export const NETWORK_SECONDS = 1;

/** How one leg is to be rung. */
export interface RingOptions {
	/** seconds the leg may ring; default the call's own limit */
	limitSeconds?: number;
	/** told when the phone rings, before it is answered */
	onRinging?: () => Promise<void> | void;
}

/**
 * Dials and rings.
 * @returns true if the leg was answered
 */
export async function ring(exchange: Exchange, call: Call, leg: Leg, options: RingOptions = {}): Promise<boolean> {
	const outcome = outcomeOf(leg.number);
	const limit = options.limitSeconds ?? call.ringLimitSeconds;
	leg.dialledAt = call.time;
	leg.status = 'in-progress';
	note(call, 'dial', leg.party, leg.number);
	await exchange.pass(call, NETWORK_SECONDS);
	if (outcome.leg === 'busy' || outcome.leg === 'failed') return hangUpUnanswered(exchange, call, leg, outcome.leg);

	leg.ringingAt = call.time;
	note(call, 'ringing', leg.party);
	exchange.announce('call', call);
	// not awaited: the phone rings on while somebody's server takes its time
	inBackground(call, options.onRinging?.());
	if (outcome.leg === 'answers' && outcome.ringSeconds <= limit) {
		await exchange.pass(call, outcome.ringSeconds);
		leg.answeredAt = call.time;
		leg.ringingSeconds = outcome.ringSeconds;
		call.updatedAt = call.time;
		note(call, 'answered', leg.party);
		exchange.announce('call', call);
		return true;
	}
	const givesUp = outcome.leg === 'canceled' && GIVE_UP_SECONDS < limit;
	await exchange.pass(call, givesUp ? GIVE_UP_SECONDS : limit);
	return hangUpUnanswered(exchange, call, leg, givesUp ? 'canceled' : 'no-answer');
}

function hangUpUnanswered(
	exchange: Exchange,
	call: Call,
	leg: Leg,
	status: 'busy' | 'failed' | 'canceled' | 'no-answer',
): false {
	leg.status = status;
	leg.endedAt = call.time;
	leg.onCallSeconds = 0;
	leg.ringingSeconds = leg.ringingAt === null ? 0 : seconds(leg.ringingAt, call.time);
	call.updatedAt = call.time;
	note(call, status, leg.party);
	exchange.announce('call', call);
	return false;
}

/** Ends an answered leg. */
export function hangUp(call: Call, leg: Leg): void {
	if (leg.answeredAt === null || leg.endedAt !== null) return;
	leg.status = 'completed';
	leg.endedAt = call.time;
	leg.onCallSeconds = seconds(leg.answeredAt, call.time);
	note(call, 'hang-up', leg.party);
}

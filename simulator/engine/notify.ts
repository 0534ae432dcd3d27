/**
 * Decides which callbacks a moment of a call causes, and lets the dialled numbers and the chaos switches play their
 * tricks on them: none, twice, late, in reverse order, before the make-call answer.
 */
import { inBackground } from './detach';
import { defaultFields, extendedFields, v1Message, type CallbackMoment, type V1Event } from '../wire/v1-callback';
import { v2Message } from '../wire/v2-callback';
import { callbackManner } from '../model/outcomes';
import { recordingUrl } from '../api/recordings';
import { catchUp, releaseAnswer } from './run-ahead';
import type { Call, Party } from '../model/call';
import type { Exchange } from './simulation';
import type { Message } from './deliveries';

/** Callbacks held back until the end of their call, to be sent in reverse. */
const heldBack = new WeakMap<Call, Message[]>();

/**
 * Tells subscribers what happened. The bodies are written at once, so they show the state of this moment.
 * @returns resolves when the first attempts are over
 */
export async function notify(exchange: Exchange, call: Call, event: V1Event, party: Party | null): Promise<void> {
	const moment: CallbackMoment = { event, party, at: call.time, recordingUrl: recordingUrl(exchange, call) };
	if (event === 'ringing' && exchange.chaos.strikes('missingRinging', call)) {
		const leg = call.legs.find((candidate) => candidate.party === party);
		if (leg) leg.ringingUnreported = true;
		return;
	}
	const write = () => (call.api === 'v2' ? v2Message(exchange, call, event) : v1Subscribed(exchange, call, moment));
	let message = write();
	if (message && call.hurried) {
		catchUp(call, exchange.clock.now());
		moment.at = call.time;
		message = write();
	}
	const held = heldBack.get(call) ?? [];
	if (message) {
		await dispatch(exchange, call, message, held);
		releaseAnswer(call);
	}
	if (event !== 'terminal' || held.length === 0) return;
	heldBack.delete(call);
	await Promise.all(held.reverse().map((late) => send(exchange, call, late)));
}

function v1Subscribed(exchange: Exchange, call: Call, moment: CallbackMoment): Message | null {
	const callback = call.statusCallback;
	if (!callback) return null;
	const extended = call.kind === 'numbers' && callback.events.length > 0;
	if (!extended) return moment.event === 'terminal' ? v1Message(call, 'terminal', defaultFields(call, moment)) : null;
	const { quirks } = exchange.settings;
	if (!callback.events.includes(moment.event) || (moment.event === 'ringing' && !quirks.ringing)) return null;
	return v1Message(call, moment.event, extendedFields(call, moment, quirks));
}

async function dispatch(exchange: Exchange, call: Call, message: Message, held: Message[]): Promise<void> {
	const { chaos } = exchange;
	const manner = callbackManner(dialled(call));
	if (manner === 'none' || chaos.strikes('drop', call)) return;
	if (manner === 'reversed' || chaos.isOn('reorder', call)) {
		held.push(message);
		heldBack.set(call, held);
		return;
	}
	const delay = chaos.amount('delaySeconds', call);
	if (delay === 0) return send(exchange, call, message);
	exchange.clock.at(
		call.time + delay * 1000,
		() => inBackground(call, send(exchange, call, message)),
		call.accountSid,
	);
}

async function send(exchange: Exchange, call: Call, message: Message): Promise<void> {
	const id = exchange.courier.nextId(call);
	const twice = callbackManner(dialled(call)) === 'twice' || exchange.chaos.strikes('duplicate', call);
	const copies = [exchange.courier.deliver(call, message, { id })];
	if (twice) copies.push(exchange.courier.deliver(call, message, { id, duplicate: true }));
	await Promise.all(copies);
}

/** The numbers whose digits decide about the callbacks: both of a two-number call, else the customer's. */
export function dialled(call: Call): (string | null)[] {
	return call.kind === 'numbers' || call.kind === 'agent' ? [call.from, call.to] : [call.from];
}

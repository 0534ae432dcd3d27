/**
 * What Exotel tells while a Connect applet dials agents: seed 000, "agent pass-through"; seed 003,
 * "call_event_passthru_url".
 */
import { findCall, type Account } from './account';
import { questionUrl } from './applet-request';
import { v1Stamp, v2Stamp } from './clock';
import { send, type Response } from './http';
import { toNational } from './numbers';

/** One event of one attempt to reach an agent. */
export interface AgentEventOptions {
	/** `pass-through` is the GET of seed 000 (default); `call-event` the JSON of seed 003. */
	surface?: 'pass-through' | 'call-event';
	event: 'dial' | 'ringing' | 'answered' | 'terminal';
	/** The agent's number. */
	agent: string;
	/** Id of a call of the double, or of one that only Exotel knows. */
	call?: string;
	/** The calling party. */
	from?: string;
	/** The ExoPhone the caller had called. */
	exoPhone?: string;
	/** `busy` until the attempt is over, then `free`, unless said. */
	status?: 'busy' | 'free';
	/** When the event was created, milliseconds since 1970. */
	createdMs?: number;
	/** Fields that replace or join those of the event. */
	params?: Record<string, string>;
	/** Fields left out. */
	omit?: string[];
	/** Milliseconds; 5000 unless said. No document gives a limit. */
	timeoutMs?: number;
}

/** What the receiver of the event did. */
export interface AgentEventAnswer extends Response {
	/** The address with its query, as it was asked. */
	url: string;
	/** The body, byte for byte; empty for the GET. */
	sent: string;
}

/** Sends one event. */
export async function agentEvent(account: Account, url: string, options: AgentEventOptions): Promise<AgentEventAnswer> {
	const timeoutMs = options.timeoutMs ?? 5000;
	if (options.surface === 'call-event') {
		const sent = JSON.stringify(callEvent(account, options));
		// The method is not stated; a JSON body makes it a POST (facts, not documented).
		const answer = await send(url, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: sent,
			timeoutMs,
		});
		return { ...answer, url, sent };
	}
	const target = questionUrl(url, passThrough(account, options));
	return { ...(await send(target, { method: 'GET', timeoutMs })), url: target, sent: '' };
}

interface Parties {
	sid: string;
	from: string;
	exoPhone: string;
	created: number;
	status: 'busy' | 'free';
}

function parties(account: Account, options: AgentEventOptions): Parties {
	const call = options.call === undefined ? undefined : findCall(account, options.call);
	return {
		sid: options.call ?? 'b6cfaf5f5cef3ca0fc937749ef960e25',
		from: options.from ?? (call === undefined ? '09812300001' : toNational(call.from)),
		exoPhone: options.exoPhone ?? toNational(call?.exoPhone ?? account.exoPhones[0] ?? ''),
		created: options.createdMs ?? Date.now(),
		// "sent as 'busy' when the above agent is being called … 'free' when the call to the above agent ends".
		status: options.status ?? (options.event === 'terminal' ? 'free' : 'busy'),
	};
}

/** The four values as seed 000 prints them, the first with its blank. */
const eventTypes = { dial: ' Dial', ringing: 'Ringing', answered: 'Answered', terminal: 'Terminal' };

/** Seed 000: CallTo and To hold the ExoPhone, the agent is DialWhomNumber. */
function passThrough(account: Account, options: AgentEventOptions): Record<string, string> {
	const { sid, from, exoPhone, created, status } = parties(account, options);
	const whole: Record<string, string> = {
		CallSid: sid,
		CallFrom: from,
		CallTo: exoPhone,
		Direction: 'outbound-dial',
		Created: v1Stamp(created),
		From: from,
		To: exoPhone,
		CurrentTime: v1Stamp(Date.now()),
		DialWhomNumber: options.agent,
		Status: status,
		EventType: eventTypes[options.event],
		...options.params,
	};
	return Object.fromEntries(Object.entries(whole).filter(([name]) => !(options.omit ?? []).includes(name)));
}

/** Seed 003: `to` is the agent, the ExoPhone has its own field. */
function callEvent(account: Account, options: AgentEventOptions): Record<string, unknown> {
	const { sid, from, exoPhone, created, status } = parties(account, options);
	const details: Record<string, string> = {
		call_sid: sid,
		direction: 'incoming',
		from,
		to: options.agent,
		virtual_number: exoPhone,
		created_time: v2Stamp(created),
		current_time: v2Stamp(Date.now()),
		status,
		...options.params,
	};
	const kept = Object.entries(details).filter(([name]) => !(options.omit ?? []).includes(name));
	return { event_details: { event_type: options.event }, call_details: Object.fromEntries(kept) };
}

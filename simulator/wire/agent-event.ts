/**
 * What a Connect applet reports about each agent it rings: `dial_passthru_event_url` (version 1.0, GET with query
 * parameters, seed 000) and `call_event_passthru_url` (version 1.1, JSON, seed 003).
 */
import { inForm, type NumberForm } from '../model/phone-numbers';
import { createdStamp, isoStamp, naiveStamp } from './stamps';
import { withParameters } from './applet-parameters';
import type { Call } from '../model/call';
import type { Message } from '../model/delivery';
import type { WireContext } from './context';

/** Words of the agent pass-through, seed 000. */
export type AgentEventType = 'Dial' | 'Ringing' | 'Answered' | 'Terminal';

/** One event about one agent. */
export interface AgentEvent {
	type: AgentEventType;
	/** The agent's number or SIP address. */
	agent: string;
	/** The agent's e-mail address, where the account knows them. */
	email: string | null;
	/** Where the answer of the Connect applet wants it. */
	url: string;
}

/** The agent pass-through of Connect 1.0. */
export function agentPassthru(context: WireContext, call: Call, event: AgentEvent): Message {
	const { quirks } = context;
	const form = (number: string) => inForm(number, quirks.numberForm);
	const pairs: [string, string][] = [
		['CallSid', call.sid],
		['CallFrom', form(call.from)],
		['CallTo', form(call.exoPhone)],
		// seed 000: it "shall say outbound-dial"; captures of inbound calls show incoming (facts 7.3)
		['Direction', context.lenient && call.direction === 'inbound' ? 'incoming' : 'outbound-dial'],
		['Created', createdStamp(call.createdAt, quirks.createdForm)],
		['From', form(call.from)],
		['To', form(call.exoPhone)],
		['CurrentTime', naiveStamp(call.time)],
		['DialWhomNumber', form(event.agent)],
		['Status', statusOf(event)],
		// the page prints a blank in front of "Dial" (seed 000)
		['EventType', event.type === 'Dial' ? ' Dial' : event.type],
	];
	if (event.email !== null && quirks.undocumentedQuestionFields) pairs.push(['AgentEmail', event.email]);
	return {
		kind: 'agent-passthru',
		event: event.type.toLowerCase(),
		method: 'GET',
		url: withParameters(event.url, pairs, quirks.plusInQuestions),
		headers: { Accept: '*/*' },
		contentType: null,
		body: null,
	};
}

/** The call event of Connect 1.1. */
export function callEvent(context: WireContext, call: Call, event: AgentEvent): Message {
	const form = (number: string) => inForm(number, context.quirks.numberForm);
	const type = event.type.toLowerCase();
	const body = JSON.stringify({
		event_details: { event_type: type },
		call_details: {
			call_sid: call.sid,
			direction: call.direction === 'inbound' ? 'incoming' : 'outbound-dial',
			from: form(call.from),
			to: calledForm(event.agent, context.quirks.numberForm),
			virtual_number: form(call.exoPhone),
			created_time: isoStamp(call.createdAt),
			current_time: isoStamp(call.time),
			status: statusOf(event),
		},
	});
	return {
		kind: 'call-event',
		event: type,
		method: 'POST',
		url: event.url,
		headers: { 'Content-Type': 'application/json', Accept: '*/*' },
		contentType: 'application/json',
		body,
	};
}

/** Seed 003's sample has `from` and `virtual_number` with the 0 in front and `to` without. */
function calledForm(number: string, form: NumberForm): string {
	const written = inForm(number, form);
	return form === 'national' && /^0[0-9X]{10}$/i.test(written) ? written.slice(1) : written;
}

/** busy while the agent is rung or talks, free when that is over (seed 000). */
function statusOf(event: AgentEvent): 'busy' | 'free' {
	return event.type === 'Terminal' ? 'free' : 'busy';
}

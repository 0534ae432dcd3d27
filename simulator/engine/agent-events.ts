/**
 * What a Connect applet tells about each agent it rings: `dial_passthru_event_url` (version 1.0, GET with query
 * parameters, seed 000) and `call_event_passthru_url` (version 1.1, JSON, seed 003). Sent once, not repeated.
 */
import { inBackground } from './detach';
import { inForm } from '../model/phone-numbers';
import { isoStamp, naiveStamp, rfcStamp } from '../wire/stamps';
import { withParameters } from '../wire/applet-parameters';
import type { Call } from '../model/call';
import type { Exchange } from './simulation';
import type { Message } from './deliveries';

/** Words of the agent pass-through, seed 000. */
export type AgentEvent = 'Dial' | 'Ringing' | 'Answered' | 'Terminal';

/** Sends one event about one agent; does not wait for the delivery. */
export function tellAgentEvent(
	exchange: Exchange,
	call: Call,
	version: '1.0' | '1.1',
	url: string,
	event: AgentEvent,
	agent: string,
): void {
	// ringing and answered are an account feature (seeds 000 and 003), the same as the ringing events of callbacks
	if ((event === 'Ringing' || event === 'Answered') && !exchange.settings.quirks.ringing) return;
	if (exchange.chaos.strikes('drop', call)) return;
	const message =
		version === '1.0' ? popUp(exchange, call, url, event, agent) : callEvent(exchange, call, url, event, agent);
	inBackground(call, exchange.courier.deliver(call, message));
	if (exchange.chaos.strikes('duplicate', call))
		inBackground(call, exchange.courier.deliver(call, message, { duplicate: true }));
}

/** busy while the agent is rung or talks, free when that is over (seed 000). */
function statusOf(event: AgentEvent): 'busy' | 'free' {
	return event === 'Terminal' ? 'free' : 'busy';
}

function popUp(exchange: Exchange, call: Call, url: string, event: AgentEvent, agent: string): Message {
	const { quirks } = exchange.settings;
	const form = (number: string) => inForm(number, quirks.numberForm);
	const known = exchange.accounts
		.find(call.accountSid)
		?.agents.find((candidate) => form(candidate.contact) === form(agent));
	const pairs: [string, string][] = [
		['CallSid', call.sid],
		['CallFrom', form(call.from)],
		['CallTo', form(call.exoPhone)],
		// the page says outbound-dial, captures of inbound calls show incoming (fact sheet 7.3)
		['Direction', call.direction === 'inbound' ? 'incoming' : 'outbound-dial'],
		['Created', rfcStamp(call.createdAt)],
		['From', form(call.from)],
		['To', form(call.exoPhone)],
		['CurrentTime', naiveStamp(call.time)],
		['DialWhomNumber', form(agent)],
		['Status', statusOf(event)],
		// the page prints a blank in front of "Dial" (seed 000)
		['EventType', event === 'Dial' ? ' Dial' : event],
	];
	if (known && quirks.undocumentedQuestionFields) pairs.push(['AgentEmail', known.email]);
	return {
		kind: 'agent-passthru',
		event: event.toLowerCase(),
		method: 'GET',
		url: withParameters(url, pairs, quirks.plusInQuestions),
		headers: { Accept: '*/*' },
		contentType: null,
		body: null,
	};
}

function callEvent(exchange: Exchange, call: Call, url: string, event: AgentEvent, agent: string): Message {
	const { quirks } = exchange.settings;
	const form = (number: string) => inForm(number, quirks.numberForm);
	const body = JSON.stringify({
		event_details: { event_type: event.toLowerCase() },
		call_details: {
			call_sid: call.sid,
			direction: call.direction === 'inbound' ? 'incoming' : 'outbound-dial',
			from: form(call.from),
			to: form(agent),
			virtual_number: form(call.exoPhone),
			created_time: isoStamp(call.createdAt),
			current_time: isoStamp(call.time),
			status: statusOf(event),
		},
	});
	return {
		kind: 'call-event',
		event: event.toLowerCase(),
		method: 'POST',
		url,
		headers: { 'Content-Type': 'application/json', Accept: '*/*' },
		contentType: 'application/json',
		body,
	};
}

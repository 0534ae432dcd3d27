/** Sends what a Connect applet reports about each agent it rings. Sent once, not repeated. */
import { agentPassthru, callEvent, type AgentEventType } from '../wire/agent-event';
import { detach } from './detach';
import { e164, sameLine } from '../model/phone-numbers';
import type { Dialling } from './dialling';

/** Sends one event about one agent; does not wait for the delivery. */
export function sendAgentEvent({ running, plan, version }: Dialling, type: AgentEventType, number: string): void {
	const { call, simulation } = running;
	const { chaos, deliveries, settings, wire } = simulation;
	if (plan.eventUrl === null) return;
	// ringing and answered are an account feature (seeds 000 and 003), the same as the ringing events of callbacks
	if ((type === 'Ringing' || type === 'Answered') && !settings.quirks.ringing) return;
	if (chaos.strikes('drop', call)) return;
	const agent = e164(number);
	const known = simulation.accounts
		.find(call.accountSid)
		?.agents.find((candidate) => sameLine(candidate.contact, agent));
	const event = { type, agent, email: known?.email ?? null, url: plan.eventUrl };
	const message = version === '1.0' ? agentPassthru(wire, call, event) : callEvent(wire, call, event);
	detach(running, deliveries.deliver(running, message));
	if (chaos.strikes('duplicate', call)) detach(running, deliveries.deliver(running, message, { duplicate: true }));
}

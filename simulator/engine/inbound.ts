/** `POST /_simulator/api/inbound`: a customer rings an ExoPhone and lands in a flow. */
import { inBackground } from './detach';
import { isDiallable, repaired } from '../model/phone-numbers';
import { json, type Answer } from '../wire/answer';
import { runFlowCall } from './flow-call';
import type { Exchange } from './simulation';

/** @throws RangeError naming what is wrong with the request */
export function startInbound(exchange: Exchange, body: unknown, account: string | undefined): Answer {
	const given = (body ?? {}) as Record<string, unknown>;
	const from = numberOf(given.from, 'from');
	const to = numberOf(given.to, 'to');
	const flowId = given.flow;
	if (typeof flowId !== 'string' && typeof flowId !== 'number')
		throw new RangeError('flow must be the id of a flow set with PUT /_simulator/api/flows/<id>');
	const accountSid =
		typeof given.account === 'string' ? given.account : (account ?? exchange.accounts.list()[0]?.sid ?? 'exotel');
	if (!exchange.accounts.find(accountSid)) return json(404, { error: `no account ${accountSid}` });
	const flow = exchange.flows.find(String(flowId), accountSid);
	if (!flow)
		return json(404, {
			error: `no flow ${String(flowId)}; set it with PUT /_simulator/api/flows/${String(flowId)}`,
		});
	const digits = digitsOf(given.digits);
	const call = exchange.open({ accountSid, api: 'v1', kind: 'inbound', from, to, exoPhone: to, flowId: flow.id });
	inBackground(call, runFlowCall(exchange, call, digits));
	return json(200, { sid: call.sid });
}

/** `digits` is what the caller presses: one text for the first Gather, or one entry per Gather. */
function digitsOf(given: unknown): string[] {
	const entries: unknown[] = given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
	return entries.map((entry) => {
		const pressed = typeof entry === 'number' ? String(entry) : entry;
		if (typeof pressed !== 'string' || !/^[0-9*#]{0,32}$/.test(pressed))
			throw new RangeError('digits must be made of 0-9, * and #');
		return pressed;
	});
}

function numberOf(given: unknown, name: string): string {
	const written = typeof given === 'string' ? repaired(given) : '';
	if (!isDiallable(written)) throw new RangeError(`${name} must be a phone number such as +919812345678`);
	return written;
}

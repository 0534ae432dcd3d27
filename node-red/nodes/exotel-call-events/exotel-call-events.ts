/**
 * `exotel-call-events`: a webhook for everything Exotel reports about calls – status callbacks of both APIs, the
 * Passthru of flows and the pass-through of agents. Every event comes out once and in order, also when Exotel sends it
 * twice, late or mixed up; calls that were started elsewhere are welcome. Output: one for all, or one per chosen event.
 */
import { callbackSources, callEventTypes, readCallEvent, readEnd, type CallEvent } from '../../../exotel/index';
import { accountReader } from '../../account/account-connection';
import { instanceOf, type Routed } from '../../calls/instance';
import type { NodeAnnouncement } from '../../calls/node-calls';
import { amount, text, type Config, type Red, type RedNode, type SavedConfig } from '../../host';
import { flowError } from '../../messages/flow-error';
import { statusLine } from '../../messages/status';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';
import { ranges } from '../../ranges';
import { Runtime } from '../../runtime';
import { webhookPath } from '../../webhooks/address';
import { answerReport } from '../../webhooks/plain-answer';
import { openWebhook } from '../../webhooks/webhook';
import { pollMissedTerminalEvents } from './missed-terminal-events';

/** The chosen ones of a list, in its order; all of them when none is chosen. */
function chosenOf<Word extends string>(
	all: readonly Word[],
	config: Config<'exotel-call-events'>,
	property: 'events' | 'sources',
): readonly Word[] {
	const saved = config[property];
	const chosen: unknown[] = Array.isArray(saved) ? saved : text(config, property).split(',');
	const known = all.filter((word) => chosen.includes(word));
	return known.length === 0 ? all : known;
}

function eventOf(announcement: NodeAnnouncement): CallEvent | null {
	return announcement.type === 'progress' || announcement.type === 'ended' ? announcement.event : null;
}

module.exports = function register(RED: Red): void {
	function ExotelCallEvents(this: RedNode, saved: SavedConfig): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-call-events', saved);
		const scope = new NodeScope(RED, this);
		const connection = accountReader(RED, config['account']);
		const runtime = Runtime.of(RED);
		const status = statusLine(scope);
		const events = chosenOf(callEventTypes, config, 'events');
		const sources: readonly CallEvent['source'][] = chosenOf(callbackSources, config, 'sources');
		const perEvent = text(config, 'split', 'one') === 'each';

		const route = (announcement: NodeAnnouncement): Routed | null => {
			const payload = eventOf(announcement);
			const index = payload === null ? -1 : events.indexOf(payload.type);
			if (payload === null || index === -1) return null;
			const event: Partial<CallEvent> = { ...payload };
			delete event.raw;
			delete event.call;
			const exotel = { event, raw: payload.raw };
			const message = { _msgid: RED.util.generateId(), topic: payload.type, payload, exotel };
			return { output: perEvent ? index : 0, message };
		};

		const path = text(config, 'path');
		const calls = runtime.calls.attach(
			scope,
			webhookPath(path),
			instanceOf(scope, {
				storeName: text(config, 'store'),
				route,
				sent: (announcement) => status.show('good', eventOf(announcement)?.type ?? 'listening'),
				poll: (sid, api, signal) =>
					readEnd(connection().account, { sid, api }, connection().sendOptions({ signal })),
				confirmsEnds: () => connection().confirmsEnds,
				// This node places no call: ends without a callback are found by the search below.
				quietMs: () => null,
			}),
		);

		const sweepMinutes = amount(config, 'sweepMinutes', ranges.sweepMinutes);
		if (sweepMinutes > 0) {
			void pollMissedTerminalEvents(
				{
					everyMs: sweepMinutes * 60_000,
					schedule: calls,
					connection,
					search: calls.tracker.search,
					found: (event) => calls.tracker.received(event, null),
					failed: (reason) => this.warn(flowError(reason).message),
				},
				scope.signal,
			);
		} else void calls.tracker.search.forget();

		openWebhook(runtime.router, scope, {
			path,
			status,
			account: connection,
			opened: () => status.show('idle', 'listening'),
			async receive(incoming, response) {
				const event = readCallEvent(incoming, connection().account);
				// One event may come from several sources under one ID: what another source says is not remembered.
				// What is answered 200 does not come again: it is in the context store by then.
				answerReport(response, !sources.includes(event.source) || (await calls.tracker.received(event, null)));
			},
		});
	}

	RED.nodes.registerType('exotel-call-events', ExotelCallEvents);
};

/**
 * `exotel-call-events`: a webhook for everything Exotel tells about calls – status callbacks of both APIs and the
 * pass-through of flows. Every event comes out once and in order, also when Exotel sends it twice, late or mixed up;
 * calls that were started elsewhere are welcome. Output: one for all, or one per chosen event.
 */
import { advance, emptyTimeline, readCallEvent, type CallEvent, type CallEventType } from '../../../exotel/index';
import { connectionOf } from '../../connection/account-connection';
import { amount, text, type Config, type Outgoing, type OutMessage, type Red, type RedNode } from '../../host';
import {
	ENDED_KEPT_MS,
	forgetMemory,
	KEPT_MS,
	storeKey,
	storeOf,
	type CallStore,
	type Kept,
} from '../../following/call-store';
import { openOutbox } from '../../following/outbox';
import { flowError } from '../../messages/flow-error';
import { statusLine } from '../../messages/status';
import { migrateConfig } from '../../migration';
import { answer } from '../../webhooks/dispatcher';
import { openWebhook } from '../../webhooks/webhook';
import { lookForMissedEnds } from './missed-ends';

/** All events, in the order of the outputs. */
const EVENTS: readonly CallEventType[] = ['dial', 'ringing', 'answered', 'terminal'];

/** What is kept about one call. */
interface SeenCall extends Kept {
	/** While the call runs. */
	timeline?: ReturnType<typeof emptyTimeline>;
	/** Nothing more comes out of this call. */
	ended?: boolean;
	/** Only in the entry `FIRST_START`. */
	startedAt?: number;
}

const FIRST_START = 'first_start';

/** The chosen events; all of them when none is chosen. */
function chosenEvents(config: Config): CallEventType[] {
	const chosen = Array.isArray(config['events']) ? config['events'] : text(config, 'events').split(',');
	const known = EVENTS.filter((event) => chosen.includes(event));
	return known.length === 0 ? [...EVENTS] : known;
}

/**
 * When the node was first started, ms since 1970; kept with the calls, so that a search after a restart goes back that
 * far.
 */
async function firstStart(store: CallStore<SeenCall>): Promise<number> {
	const kept = await store.get(FIRST_START);
	const startedAt = kept?.startedAt ?? Date.now();
	await store.set(FIRST_START, { startedAt, expiresAt: Date.now() + KEPT_MS });
	return startedAt;
}

module.exports = function register(RED: Red): void {
	function ExotelCallEvents(this: RedNode, saved: Config): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-call-events', saved);
		const status = statusLine(RED, this);
		const events = chosenEvents(config);
		const perEvent = text(config, 'split', 'one') === 'each';
		const store = storeOf<SeenCall>(RED, this, text(config, 'store'), (reason) =>
			this.warn(RED._('@exonodes/node-red-exotel/exotel-account:error.store', { reason: String(reason) })),
		);
		/** Work on one call is done in order; gone as soon as the call has nothing waiting. */
		const order = new Map<string, Promise<void>>();

		// An event that arrived just before a deploy comes out of the node's next instance.
		const outbox = openOutbox<Outgoing>(RED, this, (message) => this.send(message as OutMessage));

		const tell = (event: CallEvent): void => {
			const port = events.indexOf(event.type);
			if (port === -1) return;
			const { id, type, party, at, source, raw } = event;
			const message: OutMessage = {
				_msgid: RED.util.generateId(),
				topic: type,
				payload: event,
				exotel: { event: { id, type, party, at, source }, raw },
			};
			outbox.put(perEvent ? events.map((_event, index) => (index === port ? message : null)) : message);
		};

		const take = async (event: CallEvent): Promise<void> => {
			const key = storeKey('call', event.call.sid);
			const seen = await store.get(key);
			if (seen?.ended === true) return;
			const step = advance(seen?.timeline ?? emptyTimeline(event.call.sid), event);
			// A copy of the timeline is kept: the flow owns what it is sent, and may change it.
			await store.set(
				key,
				step.ended
					? { ended: true, expiresAt: Date.now() + ENDED_KEPT_MS }
					: { timeline: structuredClone(step.timeline), expiresAt: Date.now() + KEPT_MS },
			);
			if (step.emit === null) return;
			tell(step.emit);
			status.show('good', step.emit.type);
		};

		const takeInOrder = (event: CallEvent): Promise<void> => {
			const key = event.call.sid;
			const mine = (order.get(key) ?? Promise.resolve())
				.then(() => take(event))
				.catch((reason: unknown) => this.error(reason instanceof Error ? reason.message : String(reason)))
				.finally(() => {
					if (order.get(key) === mine) order.delete(key);
				});
			order.set(key, mine);
			return mine;
		};

		const sweepMinutes = amount(config, 'sweepMinutes', 0, 0, 1440);
		const closing = new AbortController();
		if (sweepMinutes > 0) {
			lookForMissedEnds(
				{
					everyMs: sweepMinutes * 60_000,
					connection: () => connectionOf(RED, config['account']),
					since: () => firstStart(store),
					found: takeInOrder,
					failed: (reason) => this.warn(flowError(reason).message),
				},
				closing.signal,
			);
		}

		openWebhook(RED, this, status, {
			account: config['account'],
			path: text(config, 'path'),
			opened: () => status.show('idle', 'listening'),
			async receive(incoming, response) {
				const event = readCallEvent(incoming, connectionOf(RED, config['account']).account);
				answer(response, 200, 'OK');
				await takeInOrder(event);
			},
		});

		this.on('close', (removed: boolean, done: () => void) => {
			closing.abort(new Error('The node was closed.'));
			if (removed) forgetMemory(RED, this.id);
			done();
		});
	}

	RED.nodes.registerType('exotel-call-events', ExotelCallEvents);
};

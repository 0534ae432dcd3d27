/**
 * `exotel-list-calls`: the calls of a range of up to six months, one message per call, per page, or all in one array.
 * Memory holds a few pages, however many calls there are. With the pace "when asked" one message goes out, and the next
 * only when a message of this list comes back to the node: a slow flow is never flooded, and no page is
 * requested before it is needed.
 */
import { callsBetween, ExotelError, listCalls, readLimit } from '../../../exotel/index';
import { connectionOf } from '../../account/account-connection';
import { text, type Message, type OutMessage, type Red, type RedNode, type SavedConfig } from '../../host';
import { onMessage } from '../../messages/input';
import { statusLine } from '../../messages/status';
import { prepareFields } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';
import { dayRange } from './day-range';
import { deliveries, deliveryKinds, type Delivery, type DeliveryKind } from './deliveries';

const LIMIT = { label: 'Stop after' };
/** Lists that wait to be asked; each holds two pages. One more and the oldest is given up. */
const MAX_OPEN_LISTS = 20;
/** An open list without a request for that long is given up. */
const MAX_SILENCE_MS = 60 * 60 * 1000;
/** Lists that were sent in full or stopped, whose messages may still come back. */
const MAX_ENDED_LISTS = 1000;

/** A list under way. */
interface OpenList {
	/** `msg.parts.id` of its messages. */
	id: string;
	/** The message that asked for it, without payload. */
	template: Message;
	left: AsyncGenerator<Delivery>;
	askedAt: number;
	/** Calls sent so far. */
	calls: number;
}

module.exports = function register(RED: Red): void {
	function ExotelListCalls(this: RedNode, saved: SavedConfig): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-list-calls', saved);
		const scope = new NodeScope(RED, this);
		const status = statusLine(scope);
		const { createdAfter, createdBefore, cursor: _cursor, ...filters } = listCalls.fields;
		const readFields = prepareFields(scope, config, {
			...filters,
			range: { label: 'Range' },
			limit: LIMIT,
			position: { label: 'Go on after' },
		});
		const times = { createdAfter, createdBefore };
		const readFormTimes = prepareFields(scope, config, times);
		// A named range leaves the two times of the form aside; those a message brings always count.
		const readMessageTimes = prepareFields(scope, { ...config, createdAfter: '', createdBefore: '' }, times);
		const chosenKind = text(config, 'output', 'call');
		const kind = deliveryKinds.find((one) => one === chosenKind) ?? 'call';
		const whenAsked = kind !== 'all' && text(config, 'pace', 'flow') === 'ask';
		const open = new Map<string, OpenList>();
		const ended = new Set<string>();

		const end = ({ id }: OpenList): void => {
			open.delete(id);
			ended.add(id);
			const [oldest] = ended;
			if (ended.size > MAX_ENDED_LISTS && oldest !== undefined) ended.delete(oldest);
		};

		const begin = async (msg: Message, signal: AbortSignal): Promise<OpenList> => {
			const connection = connectionOf(RED, config['account']);
			const { limit, range, ...input } = await readFields(msg);
			const { account } = connection;
			const named = dayRange(String(range ?? 'custom'), Date.now(), account.timeZone);
			const wanted = {
				...input,
				pageSize: pageSizeWithin(limit, input.pageSize),
				...named,
				...(await (named === null ? readFormTimes : readMessageTimes)(msg)),
			};
			status.show('working', 'asking');
			const options = connection.sendOptions({
				signal,
				onWait: ({ reason }) => status.show('waiting', `.${reason}`),
			});
			const { payload: _payload, ...template } = msg;
			return {
				id: `${this.id}.${RED.util.generateId()}`,
				template,
				left: deliveries(
					callsBetween(account, wanted, options),
					kind,
					limit === undefined ? Infinity : readLimit(limit, LIMIT.label),
					typeof input.position === 'string' && input.position !== '' ? input.position : null,
				),
				askedAt: Date.now(),
				calls: 0,
			};
		};

		const message = (list: OpenList, { payload, raw, index, last, position, calls }: Delivery): OutMessage => {
			const out = RED.util.cloneMessage(list.template);
			const outer = out['parts'] === undefined ? {} : { parts: out['parts'] as object };
			const parts =
				kind === 'all'
					? outer
					: {
							...outer,
							id: list.id,
							type: 'array',
							index,
							len: partsLength(kind, payload),
							...(last ? { count: index + 1 } : {}),
						};
			delete out['parts'];
			return Object.assign(
				out,
				{ payload, exotel: { raw, list: { id: list.id, index, last, position, calls } } },
				kind === 'all' ? outer : { parts },
			);
		};

		/** Sends the next message of a list; true when that was the last. */
		const deliver = async (list: OpenList, send: (out: OutMessage) => void): Promise<boolean> => {
			const { value, done } = await list.left.next();
			if (done === true) {
				status.show('good', 'calls', { count: list.calls });
				return true;
			}
			list.calls = value.calls;
			send(message(list, value));
			status.show(value.last ? 'good' : 'working', 'calls', { count: value.calls });
			return value.last;
		};

		const giveUp = async (list: OpenList): Promise<void> => {
			open.delete(list.id);
			await list.left.return(undefined);
		};

		const giveUpSilent = async (): Promise<void> => {
			for (const list of [...open.values()]) if (Date.now() - list.askedAt > MAX_SILENCE_MS) await giveUp(list);
		};

		/** The list that a message goes on with or begins; null when nothing is to be sent for it. */
		const listFor = async (msg: Message, signal: AbortSignal): Promise<OpenList | null> => {
			const { id, stop, last, position } = returnedPart(msg);
			const list = open.get(id ?? '');
			if (list === undefined) {
				if (id?.startsWith(`${this.id}.`) !== true) return stop && id !== null ? null : begin(msg, signal);
				// The last message of a list comes back once more: there is nothing left to send.
				if (last || stop || ended.has(id)) return null;
				throw givenUp(position);
			}
			if (!stop) return list;
			end(list);
			await giveUp(list);
			return null;
		};

		onMessage(scope, status, async (msg, send, signal) => {
			if (!whenAsked) {
				const list = await begin(msg, signal);
				while (!(await deliver(list, send)));
				return;
			}
			await giveUpSilent();
			const list = await listFor(msg, signal);
			if (list === null) return;
			list.askedAt = Date.now();
			// To the end: the one asked longest ago comes first.
			open.delete(list.id);
			open.set(list.id, list);
			if (open.size > MAX_OPEN_LISTS) {
				this.warn(RED._('exotel-list-calls.warning.given-up', { most: MAX_OPEN_LISTS }));
				const [oldest] = open.values();
				if (oldest !== undefined) await giveUp(oldest);
			}
			try {
				if (await deliver(list, send)) end(list);
			} catch (reason) {
				open.delete(list.id);
				throw reason;
			}
		});

		scope.onClose(() => {
			for (const list of open.values()) void list.left.return(undefined);
			open.clear();
		});
	}

	RED.nodes.registerType('exotel-list-calls', ExotelListCalls);
};

/** A first page that *Stop after* cuts would come again when the list goes on, and again. */
function pageSizeWithin(limit: unknown, pageSize: unknown): unknown {
	const most = Number(limit);
	return Number.isInteger(most) && most >= 1 && most < Number(pageSize ?? 50) ? most : pageSize;
}

/**
 * How many calls a part holds, as a Join node reads it: with more than one it opens the pages, so a page never says
 * one.
 */
function partsLength(kind: DeliveryKind, payload: Delivery['payload']): number {
	return kind === 'page' && Array.isArray(payload) ? Math.max(2, payload.length) : 1;
}

/** The error for a list that is half sent and not known any more: after a deploy, an hour, or too many others. */
function givenUp(position: unknown): ExotelError {
	const from = typeof position === 'string' ? `"${position}"` : 'the last msg.exotel.list.position of it, if any';
	return new ExotelError('input', 'This list was given up before its end.', {
		hint: `To go on, send a message without msg.parts whose msg.exotel.position is ${from}.`,
	});
}

/** What a message says about the list it belongs to, by its parts; `id` is null when it belongs to none. */
function returnedPart(msg: Message): { id: string | null; stop: boolean; last: boolean; position: unknown } {
	const id = (msg['parts'] as { id?: unknown } | undefined)?.id;
	const { stop, list } = (msg['exotel'] ?? {}) as { stop?: unknown; list?: Partial<Delivery> | null };
	return {
		id: typeof id === 'string' ? id : null,
		stop: stop === true,
		last: list?.last === true,
		position: list?.position,
	};
}

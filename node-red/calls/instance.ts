/** What nodes that track calls have in common: the way to their receivers, their store and their warnings. */
import { pollAfterMs, type TrackerWarning } from '../../exotel/index';
import type { OutMessage, RedNode } from '../host';
import type { NodeScope } from '../node-scope';
import { contextStoreOf, forgottenSeconds } from './context-store';
import type { CallsInstance, NodeAnnouncement } from './node-calls';
import type { Receiver } from './outbox';

/** A message on its way out of one output. */
export interface Routed {
	output: number;
	message: OutMessage;
}

/** What is particular to one kind of node. */
export interface InstanceParts extends Pick<CallsInstance, 'poll' | 'confirmsEnds'> {
	/** Name of the context store the user chose; blank for memory. */
	storeName: string;
	/** The message of an announcement; null when it is not wanted. */
	route(announcement: NodeAnnouncement): Routed | null;
	/** Called after an announcement has been sent, or was not wanted. */
	sent(announcement: NodeAnnouncement): void;
	/** Time to wait for callbacks before Exotel is polled, ms; null when none can come. */
	quietMs(): number | null;
}

/** Texts all nodes share live in the account's catalogue. */
const SHARED = '@exonodes/node-red-exotel/exotel-account:';

/** A node whose wires are known: Node-RED's types leave them out. */
type WiredNode = RedNode & { wires?: string[][] };

/** The instance of a node as its calls see it. */
export function instanceOf(scope: NodeScope, parts: InstanceParts): CallsInstance {
	const { RED } = scope;
	const node: WiredNode = scope.node;
	const warn = (warning: TrackerWarning): void => node.warn(textOf(scope, warning));
	const seconds = forgottenSeconds(RED, parts.storeName);
	if (seconds > 0) node.warn(RED._(`${SHARED}error.store-flush`, { store: parts.storeName, seconds }));
	const receiver = (id: string): RedNode | null => RED.nodes.getNode(id);
	return {
		shared: contextStoreOf(RED, node, parts.storeName, (count) => warn({ code: 'store-full', count })),
		poll: (sid, api, signal) => parts.poll(sid, api, signal),
		confirmsEnds: () => parts.confirmsEnds?.() === true,
		pollAfterMs: (pollCount) => pollAfterMs(pollCount, parts.quietMs()),
		send(announcement) {
			const routed = parts.route(announcement);
			if (routed !== null) {
				const ports: (OutMessage | null)[] = Array.from({ length: routed.output }, () => null);
				node.send([...ports, routed.message]);
			}
			parts.sent(announcement);
		},
		receivers(announcement) {
			const routed = parts.route(announcement);
			const ids = routed === null ? [] : (node.wires?.[routed.output] ?? []);
			return ids.flatMap((id) => receiver(id) ?? []);
		},
		sendOnlyTo(announcement: NodeAnnouncement, receivers: readonly Receiver[]) {
			const routed = parts.route(announcement);
			if (routed === null) return;
			for (const { id } of receivers) receiver(id)?.receive(RED.util.cloneMessage(routed.message));
		},
		receiver,
		failed: (reason) => node.error(reason instanceof Error ? reason.message : String(reason)),
		dropped: (count) =>
			node.warn(`${count} events were dropped: too many arrived while flows were being deployed.`),
		warn,
		report: (error, msg) => node.error(error, msg),
	};
}

function textOf({ RED }: NodeScope, warning: TrackerWarning): string {
	switch (warning.code) {
		case 'store-failed':
			return RED._(`${SHARED}error.store`, { reason: String(warning.reason) });
		case 'store-full':
			return `Too many calls are tracked: ${warning.count} of the oldest were forgotten (store-full).`;
		case 'conflicting-call-sids':
			return `A callback and Exotel's response name two calls for one attempt: ${warning.callSids.join(', ')}.`;
		case 'end-not-confirmed':
			return RED._(`${SHARED}error.end-not-confirmed`, { sid: warning.sid });
		case 'poll-failed':
		case 'fault':
			return warning.reason instanceof Error ? warning.reason.message : String(warning.reason);
	}
}

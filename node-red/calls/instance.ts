/** What nodes that track calls have in common: the way to their receivers, their store and their warnings. */
import { pollAfterMs, type TrackerWarning } from '../../exotel/index';
import type { OutMessage, RedNode } from '../host';
import type { NodeScope } from '../node-scope';
import { contextStoreOf, forgottenSeconds } from './context-store';
import type { CallsInstance, NodeAnnouncement, NodeFailure } from './node-calls';
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

/** A message of the account's catalogue, which holds the texts that all nodes share. */
function shared(RED: NodeScope['RED'], key: string, values: Record<string, string | number>): string {
	return RED._(`@exonodes/node-red-exotel/exotel-account:error.${key}`, values);
}

/** A node whose wires are known: Node-RED's types leave them out. */
type WiredNode = RedNode & { wires?: string[][] };

/** The instance of a node as its calls see it. */
export function instanceOf(scope: NodeScope, parts: InstanceParts): CallsInstance {
	const { RED } = scope;
	const node: WiredNode = scope.node;
	const warn = (warning: TrackerWarning): void => node.warn(textOf(scope, warning));
	const seconds = forgottenSeconds(RED, parts.storeName);
	if (seconds > 0) node.warn(shared(RED, 'store-flush', { store: parts.storeName, seconds }));
	const receiver = (id: string): RedNode | null => RED.nodes.getNode(id);
	/** Catch nodes take a failure in the same moment, so it has no receivers to wait for. */
	const routeOf = (output: NodeAnnouncement | NodeFailure): Routed | null =>
		output.type === 'failed' ? null : parts.route(output);
	return {
		shared: contextStoreOf(RED, node, parts.storeName, (count) => warn({ code: 'store-full', count })),
		sharedName: parts.storeName === '' ? null : [node.z, node.id, parts.storeName].join(' '),
		poll: (sid, api, signal) => parts.poll(sid, api, signal),
		confirmsEnds: () => parts.confirmsEnds?.() === true,
		pollAfterMs: (pollCount) => pollAfterMs(pollCount, parts.quietMs()),
		send(announcement) {
			if (announcement.type === 'failed') {
				scope.guarded(() => node.error(announcement.error, announcement.msg));
				return;
			}
			const routed = parts.route(announcement);
			if (routed !== null) {
				const ports: (OutMessage | null)[] = Array.from({ length: routed.output }, () => null);
				node.send([...ports, routed.message]);
			}
			parts.sent(announcement);
		},
		receivers(announcement) {
			const routed = routeOf(announcement);
			const ids = routed === null ? [] : (node.wires?.[routed.output] ?? []);
			return ids.flatMap((id) => receiver(id) ?? []);
		},
		sendOnlyTo(announcement: NodeAnnouncement | NodeFailure, receivers: readonly Receiver[]) {
			const routed = routeOf(announcement);
			if (routed === null) return;
			for (const { id } of receivers) receiver(id)?.receive(RED.util.cloneMessage(routed.message));
		},
		receiver,
		failed: (reason) => node.error(reason instanceof Error ? reason.message : String(reason)),
		dropped: (count) => node.warn(shared(RED, 'dropped', { count })),
		warn,
		lost: ({ notPlaced, unclear }) => node.warn(shared(RED, 'deleted', { notPlaced, unclear })),
	};
}

function textOf({ RED }: NodeScope, warning: TrackerWarning): string {
	switch (warning.code) {
		case 'store-failed':
			return shared(RED, 'store', { reason: String(warning.reason) });
		case 'store-full':
			return shared(RED, 'store-full', { count: warning.count });
		case 'conflicting-call-sids':
			return shared(RED, 'two-calls', { sids: warning.callSids.join(', ') });
		case 'end-not-confirmed':
			return shared(RED, 'end-not-confirmed', { sid: warning.sid });
		case 'poll-failed':
		case 'fault':
			return warning.reason instanceof Error ? warning.reason.message : String(warning.reason);
	}
}

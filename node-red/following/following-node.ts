/**
 * Ties a node instance to the follower of its id: which store, how often to ask Exotel, what the status line says.
 */
import type { Express } from 'express';
import { eventFromCall, getAgentCall, getCall, toIso, type Call } from '../../exotel/index';
import { connectionOf, type AccountConnection } from '../connection/account-connection';
import { deploysOf } from '../deploys';
import { amount, text, type Config, type OutMessage, type Red, type RedNode } from '../host';
import type { Look, StatusLine } from '../messages/status';
import { CallFollower, type FollowedCall, type FollowingNode, type Output } from './call-follower';
import { forgetMemory, storeOf } from './call-store';

/** Seconds between questions when no callback can come: a call is short at first sight, long when it lasts. */
const ASKING_PAUSES = [4, 4, 6, 10, 15, 20, 30];
/**
 * Without a callback for this many minutes Exotel is asked; each further question waits half as long again, up to 30
 * minutes.
 */
const DEFAULT_PATIENCE_MINUTES = 5;
const LONGEST_PATIENCE_MINUTES = 30;

const LOOKS: Record<string, Look> = {
	answered: 'good',
	ended: 'good',
	placed: 'working',
	ringing: 'working',
	dial: 'working',
	unknown: 'waiting',
	failed: 'failed',
};

const followers = new WeakMap<Express, Map<string, CallFollower>>();

/** The follower of a node id in this Node-RED. */
function followerOf(RED: Red, nodeId: string): CallFollower {
	let ofRuntime = followers.get(RED.httpNode);
	if (ofRuntime === undefined) followers.set(RED.httpNode, (ofRuntime = new Map()));
	let follower = ofRuntime.get(nodeId);
	if (follower === undefined) ofRuntime.set(nodeId, (follower = new CallFollower(deploysOf(RED))));
	return follower;
}

/** Forgets everything about the calls of a node that was deleted. */
export function forgetCalls(RED: Red, nodeId: string): void {
	followers.get(RED.httpNode)?.delete(nodeId);
	forgetMemory(RED, nodeId);
}

/** Attaches a node to its follower until the node is closed. */
export function followCalls(
	RED: Red,
	node: RedNode,
	config: Config,
	status: StatusLine,
	emit: (output: Output, message: OutMessage) => void,
): { follower: CallFollower; account: () => AccountConnection } {
	const account = (): AccountConnection => connectionOf(RED, config['account']);
	const patience =
		amount(config, 'patienceMinutes', DEFAULT_PATIENCE_MINUTES, 0.01, LONGEST_PATIENCE_MINUTES) * 60_000;
	const hears = (): boolean => {
		try {
			return account().isReachable;
		} catch {
			return false;
		}
	};
	const host: FollowingNode = {
		store: storeOf<FollowedCall>(RED, node, text(config, 'store'), (reason) =>
			node.warn(RED._('@exonodes/node-red-exotel/exotel-account:error.store', { reason: String(reason) })),
		),
		send: emit,
		async ask(sid, api, signal) {
			const connection = account();
			const { result, raw } =
				api === 'v2'
					? await connection.perform(getAgentCall, { sid }, { signal })
					: await connection.perform(getCall, { sid }, { signal });
			return {
				call: result as Call,
				event: eventFromCall(result as Call, raw, toIso(Date.now(), connection.account.timeZone)),
			};
		},
		pause(asked) {
			if (hears()) return Math.min(patience * 1.5 ** asked, LONGEST_PATIENCE_MINUTES * 60_000);
			return (ASKING_PAUSES[asked] ?? 60) * 1000;
		},
		happened(what, open) {
			if (open > 1) status.show('working', 'open', { count: open });
			else status.show(LOOKS[what] ?? 'quiet', what);
		},
		report: (error, msg) => node.error(error, msg),
		warn: (reason) => node.warn(reason instanceof Error ? reason.message : String(reason)),
	};
	const follower = followerOf(RED, node.id);
	follower.prepare(host);
	const callOff = deploysOf(RED).afterStart(() => void follower.attach(host));
	node.on('close', (removed: boolean, done: () => void) => {
		callOff();
		follower.detach(host, removed);
		done();
	});
	return { follower, account };
}

/**
 * A webhook as a node opens it: its path claimed with the dispatcher, the account's sender rules in front, what went
 * wrong visible under the node.
 */
import type { ServerResponse } from 'node:http';
import type { IncomingRequest } from '../../exotel/index';
import { connectionOf } from '../connection/account-connection';
import type { Red, RedNode } from '../host';
import { flowError } from '../messages/flow-error';
import type { StatusLine } from '../messages/status';
import { webhookPath } from './address';
import { dispatcherOf, type Claim, type Refusal } from './dispatcher';

/** Refused requests are reported at most this often per node: a scanner must not fill the log. */
const WARN_EVERY_MS = 60_000;

/** What a node needs for its webhook. */
export interface WebhookPlan {
	/** Id of the account node. */
	account: unknown;
	/** The path as the user typed it. */
	path: string;
	/** Called when the path is ours and requests come in from now on. */
	opened(): void;
	/** Handles a request that passed the sender check; must answer it. */
	receive(incoming: IncomingRequest, response: ServerResponse): void | Promise<void>;
}

/** Opens the webhook of a node and closes it with the node. Never throws: a fault is shown and logged. */
export function openWebhook(RED: Red, node: RedNode, status: StatusLine, plan: WebhookPlan): void {
	const path = webhookPath(plan.path);
	const dispatcher = dispatcherOf(RED);
	const refuse = (key: string, detail: Record<string, string> = {}): void => {
		status.show('failed', `.${key}`);
		node.error(RED._(`@exonodes/node-red-exotel/exotel-account:error.${key}`, detail));
	};
	if (dispatcher === null) return refuse('no-node-routes');
	if (path === null) return refuse('bad-path', { path: plan.path });
	let connection: ReturnType<typeof connectionOf>;
	try {
		connection = connectionOf(RED, plan.account);
	} catch (reason) {
		status.show('failed', '.no-account');
		node.error(flowError(reason));
		return;
	}

	let warnedAt = 0;
	const claim: Claim = dispatcher.claim(path, {
		id: node.id,
		label: node.name !== undefined && node.name !== '' ? node.name : `${node.type} ${node.id}`,
		rules: () => connection.senderRules(path),
		receive: (incoming, response) => plan.receive(incoming, response),
		changed(granted, holder) {
			if (granted) plan.opened();
			else refuse('path-taken', { path, holder: holder ?? '' });
		},
		refused(why: Refusal, count: number) {
			const now = Date.now();
			if (now - warnedAt < WARN_EVERY_MS) return;
			warnedAt = now;
			node.warn(RED._(`@exonodes/node-red-exotel/exotel-account:refused.${why}`, { count }));
		},
	});
	node.on('close', (removed: boolean, done: () => void) => {
		claim.release(removed);
		done();
	});
}

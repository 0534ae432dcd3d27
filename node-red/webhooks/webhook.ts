/**
 * A webhook as a node opens it: its path claimed with the router, the account's sender rules in front, what went wrong
 * visible under the node.
 */
import type { ServerResponse } from 'node:http';
import type { IncomingRequest, SenderRules } from '../../exotel/index';
import { flowError } from '../messages/flow-error';
import type { StatusLine } from '../messages/status';
import type { NodeScope } from '../node-scope';
import type { Refusal } from './owner';
import { belowFolder, webhookPath } from './path';
import type { WebhookRouter } from './router';

/** Refused requests are reported at most this often per node: a scanner must not fill the log. */
const WARN_EVERY_MS = 60_000;

/** What a webhook needs of an account. */
export interface WebhookAccount {
	senderRules(path: string): SenderRules;
	/** The address of a path for a server on this machine; null when the account's server is elsewhere. */
	localWebhookUrl(path: string): string | null;
	/** The address of that server; null when it is elsewhere. */
	readonly localServer: string | null;
	/** Notes that a request was let in. */
	noteCallback(): void;
}

/** What a node needs for its webhook. */
export interface WebhookPlan {
	/** The path as the user typed it. */
	path: string;
	status: StatusLine;
	/**
	 * The account of the node: who may call, and at which address.
	 * @throws ExotelError of kind `input` when the node has no account.
	 */
	account(): WebhookAccount;
	/** True while nobody is to call this webhook, so that a missing token is no fault. */
	isUnused?(): boolean;
	/** Called when the path is ours and requests come in from now on. */
	opened(): void;
	/** Handles a request that passed the sender check; must answer it. */
	receive(incoming: IncomingRequest, response: ServerResponse): void | Promise<void>;
	/** Answers a request whose body was refused; without this the sender gets the status of that refusal. */
	receiveUnreadable?(incoming: IncomingRequest, response: ServerResponse, why: string): void;
	/** Answers a HEAD request; without this there are none. */
	receiveHead?(incoming: IncomingRequest, response: ServerResponse): void;
	/** Answers a request after a deploy has stopped this node and it did not come back; without this it gets 503. */
	receiveAway?(incoming: IncomingRequest, response: ServerResponse): void;
}

/**
 * Puts the address of a webhook into the flow's context, `exotelAddress["who-to-ring"]` for the path `who-to-ring`,
 * and that of the account's server, `exotelServer`, when that server is on this machine: a flow can then tell the
 * simulator where to send its requests. The server goes with the last address.
 */
function tellFlow(scope: NodeScope, path: string, account: WebhookAccount): void {
	const url = account.localWebhookUrl(path);
	const { flow } = scope.node.context();
	const key = `exotelAddress["${belowFolder(path)}"]`;
	const setServer = (server?: string | null): void => flow.set('exotelServer', server, () => undefined);
	const clear = (): void =>
		flow.set(key, undefined, () =>
			flow.get('exotelAddress', (_error: unknown, left: unknown) => {
				if (Object.keys(left ?? {}).length === 0) setServer();
			}),
		);
	if (url === null) return clear();
	flow.set(key, url, () => undefined);
	setServer(account.localServer);
	scope.onClose((removed) => {
		if (removed) clear();
	});
}

/** Opens the webhook of a node and closes it with the node. Never throws: a fault is shown and logged. */
export function openWebhook(router: WebhookRouter | null, scope: NodeScope, plan: WebhookPlan): void {
	const { RED, node } = scope;
	const path = webhookPath(plan.path);
	const refuse = (key: string, detail: Record<string, string> = {}): void => {
		plan.status.show('failed', `.${key}`);
		node.error(RED._(`@exonodes/node-red-exotel/exotel-account:error.${key}`, detail));
	};
	if (router === null) return refuse('no-node-routes');
	if (path === null) return refuse('bad-path', { path: plan.path });
	let rules: SenderRules;
	try {
		rules = plan.account().senderRules(path);
	} catch (reason) {
		plan.status.show('failed', '.no-account');
		node.error(flowError(reason));
		return;
	}
	const opened = (): void => {
		plan.opened();
		tellFlow(scope, path, plan.account());
		const isUsed = plan.isUnused?.() !== true;
		if (isUsed && rules.access === 'nobody') refuse('no-token');
		else if (isUsed && rules.violations.some(({ field }) => field === 'allowedAddresses')) refuse('bad-addresses');
		else if (rules.access === 'anyone') plan.status.show('waiting', '.anyone-may-call');
	};

	const warnedAt: Partial<Record<Refusal, number>> = {};
	const claim = router.claim(path, {
		...plan,
		id: node.id,
		label: node.name !== undefined && node.name !== '' ? node.name : `${node.type} ${node.id}`,
		rules: () => plan.account().senderRules(path),
		receive(incoming, response) {
			plan.account().noteCallback();
			return plan.receive(incoming, response);
		},
		changed(granted, holder) {
			if (granted) opened();
			else refuse('path-taken', { path, holder: holder ?? '' });
		},
		refused(why: Refusal, count: number) {
			const now = Date.now();
			if (now - (warnedAt[why] ?? 0) < WARN_EVERY_MS) return;
			warnedAt[why] = now;
			node.warn(RED._(`@exonodes/node-red-exotel/exotel-account:refused.${why}`, { count }));
		},
	});
	scope.onClose((removed) => claim.release(removed));
}

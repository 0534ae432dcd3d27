/**
 * `exotel-applet`: a webhook for the requests of Exotel's applets – whom to connect a caller to (Connect 1.0, Connect
 * 1.1 of the contact centre), what the caller hears (Gather, Greeting), which branch to take (Passthru). The
 * caller is on the line: what the flow does not answer before the deadline is answered with the fallback of this node,
 * also when the node is redeployed or the flow loses the message.
 */
import type { ServerResponse } from 'node:http';
import {
	appletOf,
	appletTimeoutSeconds,
	defaultRules,
	ExotelError,
	fallbackAnswer,
	fallbackViolations,
	headAnswer,
	inputError,
	readAppletRequest,
	type Account,
	type AppletRequest,
	type IncomingRequest,
} from '../../../exotel/index';
import { accountReader, type AccountConnection } from '../../account/account-connection';
import { sendAnswer, type FallbackReason } from '../../applets/pending-requests';
import { readFallback } from '../../applets/fallback';
import { link, responseProxy } from '../../applets/response-proxy';
import { amount, text, type Message, type OutMessage, type Red, type RedNode, type SavedConfig } from '../../host';
import { flowError } from '../../messages/flow-error';
import { statusLine } from '../../messages/status';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';
import { Runtime } from '../../runtime';
import { openWebhook } from '../../webhooks/webhook';

module.exports = function register(RED: Red): void {
	function ExotelApplet(this: RedNode, saved: SavedConfig): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-applet', saved);
		const scope = new NodeScope(RED, this);
		const connection = accountReader(RED, config['account']);
		const { deploys, pendingRequests, router } = Runtime.of(RED);
		const status = statusLine(scope);
		const seconds = { ...appletTimeoutSeconds, fallback: appletTimeoutSeconds.default };
		const deadlineMs = amount(config, 'deadlineSeconds', seconds) * 1000;
		const fallback = readFallback(config);
		const defaultCountry = countryOf(connection);
		const violations = fallbackViolations(fallback, { defaultCountry });
		const sendFallback = (incoming: IncomingRequest, response: ServerResponse): void =>
			sendAnswer(response, fallbackAnswer(fallback, appletOf(incoming), { defaultCountry }));

		const fail = (reason: unknown, msg: OutMessage): void =>
			scope.guarded(() => this.error(flowError(reason), msg));
		const report = (reason: FallbackReason, msg: OutMessage): void => {
			// A fault in the form stays in sight, whatever happens to callers.
			if (violations.length === 0) status.show('waiting', `fallback-${reason}`);
			if (reason === 'deadline') {
				const message = RED._('exotel-applet.error.deadline', { seconds: deadlineMs / 1000 });
				const hint = RED._('exotel-applet.error.deadline-hint');
				fail(new ExotelError('busy', message, { help: 'applet', hint }), msg);
			} else if (reason !== 'refused') {
				this.warn(RED._(`exotel-applet.warning.${reason}`));
			}
		};

		// Who sends the right token is on the line with a caller, however odd the request or unfinished the account.
		const answerUnreadable = (incoming: IncomingRequest, response: ServerResponse, why: string): void => {
			sendFallback(incoming, response);
			status.show('waiting', 'unreadable');
			this.warn(RED._('exotel-applet.warning.unreadable', { reason: why }));
		};

		openWebhook(router, scope, {
			path: text(config, 'path'),
			status,
			account: connection,
			opened: () => {
				if (violations.length === 0) status.show('idle', 'listening');
			},
			receiveUnreadable: answerUnreadable,
			receiveAway: (incoming, response) => {
				sendFallback(incoming, response);
				this.warn(RED._('exotel-applet.warning.redeploy'));
			},
			receiveHead: (incoming, response) => {
				const { httpStatus, headers } = headAnswer(appletOf(incoming));
				response.writeHead(httpStatus, headers).end();
			},
			receive: (incoming, response) => {
				let account: Account;
				let request: AppletRequest;
				try {
					account = connection().account;
					request = readAppletRequest(incoming, account);
				} catch (reason) {
					answerUnreadable(incoming, response, reason instanceof Error ? reason.message : String(reason));
					return;
				}
				const id = RED.util.generateId();
				const { raw, ...payload } = request;
				const msg: Message = { _msgid: RED.util.generateId(), topic: request.kind, payload };
				msg['exotel'] = { requestId: id, callSid: request.call.sid, raw };
				const pending = pendingRequests.add(id, {
					nodeId: this.id,
					request,
					account,
					response,
					// The time of day may have been set back meanwhile.
					timeoutMs: deadlineMs - Math.max(0, Date.now() - incoming.receivedAt),
					fallback: () => fallbackAnswer(fallback, request, account),
					onFallback: (reason) => report(reason, msg),
					onSettled: () => {
						if (pendingRequests.count(this.id) === 0 && violations.length === 0)
							status.show('good', 'answered');
					},
				});
				if (!pending.isOpen) return;
				const proxy = responseProxy(
					pending,
					(reason) => fail(reason, msg),
					() => this.warn(RED._('exotel-applet.warning.late')),
				);
				link(proxy, pending);
				msg['res'] = { _res: proxy };
				status.show('working', 'asked');
				// While flows are being started the next node may not be there yet.
				if (deploys.running) deploys.afterStart(() => this.send(msg));
				else this.send(msg);
			},
		});
		if (violations.length > 0) {
			status.show('failed', 'bad-fallback');
			this.error(flowError(inputError(violations)));
		}

		scope.onClose(() => pendingRequests.release(this.id));
	}

	RED.nodes.registerType('exotel-applet', ExotelApplet);
};

/** The country in which the fallback's numbers are read; India while the account is incomplete. */
function countryOf(connection: () => AccountConnection): string {
	try {
		return connection().account.defaultCountry;
	} catch {
		return defaultRules.defaultCountry;
	}
}

/**
 * `exotel-make-call`: places a call (two numbers, a number and a flow, or an agent and a customer) and follows it to
 * its end. Outputs: *placed*, *progress* (ringing, answered), *ended* (with the outcome). When it is unknown whether
 * Exotel took the call, a message leaves through *ended* with `outcome: "unknown"`; the call is never placed again, and
 * a late callback settles it.
 */
import {
	attemptOf,
	callbackAddresses,
	connectAgent,
	connectFlow,
	connectNumbers,
	ExotelError,
	inputError,
	newAttemptId,
	readCallEvent,
	readEnd,
	requestedCall,
	withAttempt,
	withKnown,
	type AttemptStart,
	type ApiVersion,
	type Call,
	type CallbackAddress,
	type FieldNameOf,
	type FieldSet,
	type Operation,
	type PlacingInput,
} from '../../../exotel/index';
import { connectionOf, type AccountConnection } from '../../account/account-connection';
import { keepMessage } from '../../calls/kept-message';
import type { ResponseDetails } from '../../calls/node-calls';
import { properties, text, ticked, type Message, type Red, type RedNode, type SavedConfig } from '../../host';
import { errorFacts } from '../../messages/flow-error';
import { onMessage, type MessageWork } from '../../messages/input';
import { statusLine } from '../../messages/status';
import { prepareFields } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';
import { Runtime } from '../../runtime';
import { webhookPath } from '../../webhooks/address';
import { answerReport } from '../../webhooks/plain-answer';
import { openWebhook } from '../../webhooks/webhook';
import { trackCalls } from './tracked-calls';

/** A way to place a call: the core's operation and the events Exotel reports for it. */
interface Mode {
	operation: Operation<FieldSet, Call>;
	api: ApiVersion;
	events: readonly ('ringing' | 'answered' | 'terminal')[];
}

const numbers = (): Mode => ({ operation: connectNumbers, api: 'v1', events: ['ringing', 'answered', 'terminal'] });
// Exotel reports only the end of a flow call and takes no list of events for it (seed 004).
const flow = (): Mode => ({ operation: connectFlow, api: 'v1', events: [] });
const agent = (): Mode => ({ operation: connectAgent, api: 'v2', events: ['answered', 'terminal'] });
const MODES: Readonly<Record<string, () => Mode>> = { numbers, flow, agent };

/** Fields that say where Exotel is to report, what, and how. */
const CALLBACK_FIELDS: readonly (FieldNameOf<typeof connectNumbers> | FieldNameOf<typeof connectAgent>)[] = [
	'statusCallbackUrl',
	'statusCallbackEvents',
	'statusCallbackContentType',
	'statusCallbackAnsweredUrl',
];

/** The values without what they say about callbacks. */
function withoutCallback<Values extends object>(values: Values): Values {
	const kept = { ...values };
	for (const name of CALLBACK_FIELDS) Reflect.deleteProperty(kept, name);
	return kept;
}

/** The path of a *call events* node of this Node-RED; null for a full address. */
function pathOf(address: unknown): string | null {
	return typeof address === 'string' && address.startsWith('/') ? address : null;
}

/** The full address for a path of this Node-RED, so that nobody has to copy a token. */
function addressOfWebhook(connection: AccountConnection, field: CallbackAddress, written: string) {
	const path = webhookPath(written);
	const url = path === null ? null : connection.webhookUrl(path);
	if (url !== null) return url;
	const message = `${connectAgent.fields[field].label}: the path ${written} has no public address.`;
	throw inputError(
		[{ field, rule: 'public-url', message }],
		connection.publicUrl === ''
			? 'Fill in the public URL of the account, or give a full address.'
			: 'Open the account: it needs a webhook token and a public URL that Exotel reaches, without /exotel.',
	);
}

function unknownMode(name: string): ExotelError {
	const message = `Connect must be one of: ${Object.keys(MODES).join(', ')}, not "${name}".`;
	return inputError([{ field: 'mode', rule: 'choice', message }], 'Open the node and choose what to connect.');
}

module.exports = function register(RED: Red): void {
	function ExotelMakeCall(this: RedNode, saved: SavedConfig): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-make-call', saved);
		const scope = new NodeScope(RED, this);
		const runtime = Runtime.of(RED);
		const status = statusLine(scope);
		const follows = ticked(config, 'follow', true);
		const modeName = text(config, 'mode', 'numbers');
		const mode = (MODES[modeName] ?? numbers)();
		// The form of a node that follows its calls hides the fields of the callback: what is left in them does not
		// count.
		const shown = follows ? withoutCallback(config) : config;
		const readFields = prepareFields(scope, shown, mode.operation.fields);
		const account = (): AccountConnection => connectionOf(RED, config['account']);
		// The node's own id never changes: a callback finds the node after every redeploy and on every copy of the
		// flow.
		const typedPath = text(config, 'callbackPath', `make-call/${this.id}`);
		const path = follows ? webhookPath(typedPath) : null;
		const { calls, announcePlaced, announceUnknown, refused } = trackCalls(runtime.calls, scope, {
			config,
			status,
			path,
			follows,
			canReceiveCallbacks: () => account().canReceiveCallbacks,
			poll: (sid, api, signal) => readEnd(account().account, { sid, api }, account().sendOptions({ signal })),
			confirmsEnds: () => account().confirmsEnds,
		});

		if (follows) {
			openWebhook(runtime.router, scope, {
				path: typedPath,
				status,
				account,
				isUnused: () => account().publicUrl === '',
				opened: () => status.clear(),
				async receive(incoming, response) {
					const event = readCallEvent(incoming, account().account);
					// What is answered 200 does not come again: it is in the context store by then.
					answerReport(response, await calls.tracker.received(event, attemptOf(incoming)));
				},
			});
		}

		/** The input, with what it takes for Exotel to report this attempt. */
		const withCallback = (connection: AccountConnection, typed: PlacingInput, attemptId: string): PlacingInput => {
			const ownUrl = path === null ? null : connection.webhookUrl(path, attemptId);
			if (ownUrl !== null) {
				const events = mode.events.filter((event) => event !== 'ringing' || ticked(config, 'ringing'));
				const own: PlacingInput = {
					statusCallbackUrl: ownUrl,
					...(events.length > 0 && { statusCallbackEvents: events }),
				};
				return { ...withoutCallback(typed), ...own };
			}
			const addresses: Partial<Record<CallbackAddress, string>> = {};
			for (const field of callbackAddresses) {
				const written = pathOf(typed[field]);
				if (written !== null) addresses[field] = addressOfWebhook(connection, field, written);
			}
			// Without a list of events Exotel sends four fields at the end, and nothing before it.
			const events = mode.events.filter((event) => event !== 'ringing');
			const asks = typed.statusCallbackEvents === undefined && events.length > 0;
			const asked = 'statusCallbackUrl' in addresses && asks ? { statusCallbackEvents: events } : {};
			return withAttempt({ ...typed, ...addresses, ...asked }, attemptId).input;
		};

		/** A call that was refused while flows are being deployed or are stopped. */
		const keepFailure = (error: Error, msg: Message): boolean => {
			const keeps = scope.signal.aborted || calls.deploys.running;
			if (keeps) calls.fail(error, msg);
			return keeps;
		};

		const placeCall: MessageWork = async (msg, send) => {
			if (properties(msg['exotel'])['health'] === true) {
				const health = await calls.health();
				if (health.unknownCalls > 0) status.show('waiting', 'unknown-calls', { count: health.unknownCalls });
				else status.show('quiet', 'open', { count: health.openCalls });
				send([null, Object.assign(msg, { payload: { type: 'health', ...health } })]);
				return;
			}
			if (!(modeName in MODES)) throw unknownMode(modeName);
			const connection = account();
			const attemptId = newAttemptId();
			const typed = await readFields(msg);
			const input = withCallback(connection, typed, attemptId);
			const { properties: context, dropped } = follows ? keepMessage(msg) : { properties: {}, dropped: [] };
			const facts = { attemptId, ...(dropped.length > 0 ? { notKept: dropped } : {}) };
			const start = {
				attemptId,
				api: mode.api,
				requested: requestedCall(input, connection.account.defaultCountry),
				context,
			};
			status.show('working', 'calling');
			calls.requesting.set(attemptId, { msg, exotel: facts });
			const waitSignal = calls.requestSignal;
			try {
				if (follows) await calls.tracker.begin(start);
				const { result, raw, httpStatus, attempts } = await connection.perform(mode.operation, input, {
					attemptId,
					// Not the node's own signal: a redeploy must not cut a request that is making a phone ring.
					signal: calls.signal,
					waitSignal,
					// Whoever stops the flows wants no further phone to ring.
					hold: () => (calls.deploys.running ? calls.deploys.started(waitSignal) : null),
					onWait: ({ reason, ms }) => {
						status.show('waiting', `.${reason}`);
						if (follows) void calls.tracker.delayed(attemptId, ms);
					},
				});
				await announcePlaced(start, withKnown(result, start.requested), {
					msg,
					exotel: { ...facts, raw, httpStatus, attempts },
				});
			} catch (reason) {
				await settleFailure(reason, start, { msg, exotel: facts });
			} finally {
				calls.settled(attemptId);
			}
		};

		/** Unknown outcomes become a message, everything else an error. */
		const settleFailure = async (
			reason: unknown,
			start: AttemptStart,
			{ msg, exotel }: ResponseDetails,
		): Promise<void> => {
			if (reason instanceof ExotelError && reason.kind === 'unknown-outcome') {
				const { raw, httpStatus } = reason;
				const error = errorFacts(reason);
				await announceUnknown(start, { msg, exotel: { ...exotel, raw, httpStatus, error } });
				return;
			}
			await refused(start.attemptId);
			throw reason;
		};

		onMessage(scope, status, placeCall, keepFailure);
	}
	RED.nodes.registerType('exotel-make-call', ExotelMakeCall);
};

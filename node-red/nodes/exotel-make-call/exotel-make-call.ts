/**
 * `exotel-make-call`: places a call (two numbers, a number and a flow, or an agent and a customer) and follows it to
 * its end. Outputs: *placed*, *progress* (ringing, answered), *ended* (with the outcome). A call of which nobody knows
 * whether Exotel took it leaves through *ended* with `outcome: "unknown"`; it is never placed again, and a late
 * callback settles it.
 */
import {
	attemptOf,
	connectAgent,
	connectFlow,
	connectNumbers,
	ExotelError,
	inputError,
	newAttemptId,
	readCallEvent,
	type Operation,
	type Call,
} from '../../../exotel/index';
import { connectionOf, type AccountConnection } from '../../connection/account-connection';
import { text, ticked, type Config, type Message, type OutMessage, type Red, type RedNode } from '../../host';
import { followCalls, forgetCalls } from '../../following/following-node';
import { unknownCall } from '../../following/unknown-call';
import { errorFacts, flowError } from '../../messages/flow-error';
import { onMessage } from '../../messages/input';
import { statusLine } from '../../messages/status';
import { prepareFields } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { webhookPath } from '../../webhooks/address';
import { answer } from '../../webhooks/dispatcher';
import { openWebhook } from '../../webhooks/webhook';

/** A way to place a call: the core's call, the fields it takes and the events Exotel reports for it. */
interface Mode {
	call: Operation<never, Call>;
	api: Call['api'];
	fields: readonly string[];
	events: readonly ('ringing' | 'answered' | 'terminal')[];
}

const SHARED_FIELDS = ['exoPhone', 'timeLimitSeconds', 'ringTimeSeconds', 'customField', 'statusCallbackUrl'] as const;
const MODES: Record<string, Mode> = {
	numbers: {
		call: connectNumbers as Operation<never, Call>,
		api: 'v1',
		fields: [
			...SHARED_FIELDS,
			'from',
			'to',
			'record',
			'recordingChannels',
			'recordingFormat',
			'waitAudioUrl',
			'playbackTo',
			'playbackUrl',
			'callType',
		],
		events: ['ringing', 'answered', 'terminal'],
	},
	// Exotel reports only the end of a flow call and takes no list of events for it (seed 004).
	flow: {
		call: connectFlow as Operation<never, Call>,
		api: 'v1',
		fields: [...SHARED_FIELDS, 'from', 'flowId', 'flowUrl', 'record', 'callType'],
		events: [],
	},
	agent: {
		call: connectAgent as Operation<never, Call>,
		api: 'v2',
		fields: [...SHARED_FIELDS, 'agentContact', 'agentId', 'to', 'record', 'recordingChannels', 'waitAudioUrl'],
		events: ['answered', 'terminal'],
	},
};

const OUTPUTS = { placed: 0, progress: 1, ended: 2 } as const;

/** The full address for the path of a *call events* node of this Node-RED, so that nobody has to copy a token. */
function addressOfWebhook(connection: AccountConnection, written: string): string {
	const path = webhookPath(written);
	const url = path === null ? null : connection.webhookUrl(path);
	if (url !== null) return url;
	throw inputError(
		[
			{
				field: 'statusCallbackUrl',
				rule: 'public-url',
				message: `Report events to: the path ${written} has no public address.`,
			},
		],
		'Fill in the public URL of the account, or give a full address.',
	);
}

module.exports = function register(RED: Red): void {
	function ExotelMakeCall(this: RedNode, saved: Config): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-make-call', saved);
		const status = statusLine(RED, this);
		const mode = MODES[text(config, 'mode', 'numbers')] ?? (MODES['numbers'] as Mode);
		const readFields = prepareFields(RED, this, config, mode.fields);
		const follows = ticked(config, 'follow', true);
		// The node's own id never changes: a callback finds the node after every redeploy and on every copy of the
		// flow.
		const typedPath = text(config, 'callbackPath', `make-call/${this.id}`);
		const emit = (output: keyof typeof OUTPUTS, message: OutMessage): void => {
			const ports: (OutMessage | null)[] = [null, null, null];
			ports[OUTPUTS[output]] = message;
			this.send(ports as OutMessage[]);
		};
		const { follower, account } = followCalls(RED, this, config, status, emit);

		if (follows) {
			openWebhook(RED, this, status, {
				account: config['account'],
				path: typedPath,
				opened: () => status.clear(),
				async receive(incoming, response) {
					const event = readCallEvent(incoming, account().account);
					answer(response, 200, 'OK');
					await follower.received(event, attemptOf(incoming));
				},
			});
		}

		onMessage(RED, this, status, async (msg, _send, signal) => {
			const connection = connectionOf(RED, config['account']);
			const attemptId = newAttemptId();
			const input = await readFields(msg);
			const path = webhookPath(typedPath);
			const url = follows && path !== null ? connection.webhookUrl(path, attemptId) : null;
			if (url !== null) {
				input['statusCallbackUrl'] = url;
				const events = mode.events.filter((event) => event !== 'ringing' || ticked(config, 'ringing'));
				if (events.length > 0) input['statusCallbackEvents'] = events;
			} else if (typeof input['statusCallbackUrl'] === 'string' && input['statusCallbackUrl'].startsWith('/')) {
				input['statusCallbackUrl'] = addressOfWebhook(connection, input['statusCallbackUrl']);
			}
			const dropped = follows ? await follower.begin(attemptId, msg, mode.api) : [];
			const facts = { attemptId, ...(dropped.length > 0 ? { notKept: dropped } : {}) };
			status.show('working', 'calling');
			try {
				const { result, raw, httpStatus, attempts } = await connection.perform(mode.call, input as never, {
					attemptId,
					// Not the node's own signal: a redeploy must not cut a request that is making a phone ring.
					signal: follower.signal,
					onWait: ({ reason }) => status.show('waiting', `.${reason}`),
				});
				const announce = (): void =>
					follower.emit(
						'placed',
						Object.assign(msg, { payload: result, exotel: { ...facts, raw, httpStatus, attempts } }),
					);
				if (follows) {
					await follower.placed(attemptId, result, announce);
				} else {
					announce();
					status.show('good', 'placed');
				}
			} catch (reason) {
				await settleFailure(reason, msg, input, facts, signal);
			}
		});

		/** Unknown outcomes become a message, everything else an error; also when the node was redeployed meanwhile. */
		const settleFailure = async (
			reason: unknown,
			msg: Message,
			input: Record<string, unknown>,
			facts: { attemptId: string },
			signal: AbortSignal,
		): Promise<void> => {
			if (reason instanceof ExotelError && reason.kind === 'unknown-outcome') {
				const written = (name: string): string | null => (typeof input[name] === 'string' ? input[name] : null);
				const payload = unknownCall({
					api: mode.api,
					from: written('from') ?? written('agentContact'),
					to: written('to'),
					exoPhone: written('exoPhone'),
					customField: written('customField'),
				});
				const error = errorFacts(reason);
				const announce = (): void =>
					follower.emit(
						'ended',
						Object.assign(msg, {
							payload,
							exotel: {
								...facts,
								raw: reason.raw,
								httpStatus: reason.httpStatus,
								reason: 'no-answer-to-the-request',
								error,
							},
						}),
					);
				if (follows) await follower.unknown(facts.attemptId, announce);
				else announce();
				status.show('waiting', 'unknown');
				return;
			}
			if (follows) await follower.refused(facts.attemptId);
			if (signal.aborted && !follower.signal.aborted) follower.report(flowError(reason), msg);
			throw reason;
		};

		this.on('close', (removed: boolean, done: () => void) => {
			if (removed) forgetCalls(RED, this.id);
			done();
		});
	}
	RED.nodes.registerType('exotel-make-call', ExotelMakeCall);
};

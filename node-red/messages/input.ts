/**
 * One way for a message to go through a node. Node-RED ends the whole process when an asynchronous input handler
 * rejects, so no node of ours writes such a handler itself: it hands its work to `onMessage`, which catches everything,
 * gives a failure to the Catch nodes and calls `done` exactly once.
 */
import { ExotelError, type Violation } from '../../exotel/index';
import type { Message, Outgoing } from '../host';
import type { NodeScope } from '../node-scope';
import { errorFacts, flowError } from './flow-error';
import type { StatusLine } from './status';

/** The work of a node for one message. `signal` is aborted when the node is closed. */
export type MessageWork = (msg: Message, send: (out: Outgoing) => void, signal: AbortSignal) => Promise<void>;

/** Takes a failure that the node cannot report now, to report it later; false when it is to be reported at once. */
export type KeepFailure = (error: Error, msg: Message) => boolean;

/**
 * Runs `work` for every message of `node`; shows a failure's kind as status and reports it to the Catch nodes. Without
 * `keepFailure` that of a closed node is dropped.
 */
export function onMessage(scope: NodeScope, status: StatusLine, work: MessageWork, keepFailure?: KeepFailure): void {
	const { node, signal } = scope;
	node.on('input', (msg, send, done) => {
		void run(msg, send, done);
	});

	async function run(msg: Message, send: (out: Outgoing) => void, done: (error?: Error) => void): Promise<void> {
		try {
			await work(msg, send, signal);
			done();
		} catch (reason) {
			// The Catch nodes of a closed node are being closed with it.
			if (signal.aborted && keepFailure === undefined) {
				done();
				return;
			}
			const facts = errorFacts(reason);
			if (!signal.aborted) status.fail(isAboutAccount(facts.violations) ? 'account' : facts.kind);
			const raw = reason instanceof ExotelError ? reason.raw : null;
			// A flow may hand over a message that refuses the property.
			scope.guarded(() => (msg['exotel'] = { error: facts, raw, attemptId: facts.attemptId }));
			const error = flowError(reason);
			// Of a kept failure nothing is said here: a Complete node would take it for a success.
			if (keepFailure?.(error, msg) !== true) scope.guarded(() => done(error));
		}
	}
}

/** Fields of the account's form; its SID has the same name as the SID of a call and is left out. */
const ACCOUNT_FIELDS = [
	'account',
	'apiKey',
	'apiToken',
	'webhookToken',
	'webhookUser',
	'webhookPassword',
	'region',
	'baseUrl',
	'timeZone',
	'defaultCountry',
];

function isAboutAccount(violations: readonly Violation[]): boolean {
	return violations.length > 0 && violations.every(({ field }) => ACCOUNT_FIELDS.includes(field));
}

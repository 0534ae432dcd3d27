/**
 * `exotel-applet-answer`: answers the question of an applet – whom to ring, which branch to take, which case – from its
 * fields or from the message. An answer Exotel would drop is never sent: its faults go to the Catch nodes, and the
 * caller gets the fallback of the applet node at once. The question is found by `msg.res`, by its id, or by the call.
 */
import {
	connectAnswer,
	ExotelError,
	inputError,
	nobodyAnswer,
	passthruAnswer,
	switchCaseAnswer,
	type AppletAnswer,
	type ConnectAnswerInput,
} from '../../../exotel/index';
import { answerVersion, checkedAnswer } from '../../applets/checked-answer';
import type { PendingRequest } from '../../applets/pending-requests';
import { pendingFor } from '../../applets/response-proxy';
import { text, type Config, type Message, type Red, type RedNode } from '../../host';
import { onMessage } from '../../messages/input';
import { statusLine } from '../../messages/status';
import { prepareFields } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';
import { Runtime } from '../../runtime';

/**
 * The core's names of the fields of a Connect answer. Where one lies inside another the core writes a dot; a property
 * of a node cannot, so it is saved with an underscore.
 */
const CONNECT_FIELDS = [
	'destinations',
	'outgoingExoPhone',
	'record',
	'recordingChannels',
	'ringTimeSeconds',
	'conversationTimeSeconds',
	'musicOnHold.type',
	'musicOnHold.url',
	'parallelRinging',
	'parallelAttempts',
	'fetchAfterAttempt',
	'playback.to',
	'playback.kind',
	'playback.value',
	'eventUrl',
	'stateManagement',
	'stickyAgent',
];
/** Whole groups may come with the message only. */
const GROUPS = ['musicOnHold', 'playback'];
const property = (name: string): string => name.replace('.', '_');

type AnswerKind = 'connect' | 'nobody' | 'branch' | 'case' | 'own';

module.exports = function register(RED: Red): void {
	function ExotelAppletAnswer(this: RedNode, saved: Config): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-applet-answer', saved);
		const scope = new NodeScope(RED, this);
		const status = statusLine(scope);
		const readConnect = prepareFields(RED, this, config, [...CONNECT_FIELDS.map(property), ...GROUPS]);
		const readOther = prepareFields(RED, this, config, ['answer', 'branch', 'caseName', 'own', 'callSid']);

		onMessage(scope, status, async (msg) => {
			const other = await readOther(msg);
			const pending = findPending(RED, msg, other['callSid']);
			if (pending === null || !pending.isOpen) throw noPendingCaller();
			const kind = String(other['answer'] ?? text(config, 'answer', 'connect')) as AnswerKind;
			let answer: AppletAnswer;
			try {
				answer = build(pending, kind, other, kind === 'connect' ? await readConnect(msg) : {});
			} catch (reason) {
				pending.fallBack('refused');
				throw reason;
			}
			// A store or an expression may have taken its time.
			if (!pending.answer(answer)) throw noPendingCaller();
			status.show('good', `sent-${kind}`);
		});
	}

	RED.nodes.registerType('exotel-applet-answer', ExotelAppletAnswer);
};

/** The caller this message is about. */
function findPending(RED: Red, msg: Message, callSid: unknown): PendingRequest | null {
	const all = Runtime.of(RED).pendingRequests;
	const facts = (typeof msg['exotel'] === 'object' && msg['exotel'] !== null ? msg['exotel'] : {}) as {
		questionId?: unknown;
		callSid?: unknown;
	};
	const payload = (typeof msg.payload === 'object' && msg.payload !== null ? msg.payload : {}) as {
		sid?: unknown;
		call?: { sid?: unknown };
	};
	const linked = pendingFor(msg['res']);
	if (linked !== null) return linked;
	if (typeof facts.questionId === 'string') return all.byId(facts.questionId);
	for (const sid of [callSid, payload.call?.sid, payload.sid]) {
		const found = typeof sid === 'string' ? all.byCall(sid) : null;
		if (found !== null) return found;
	}
	return null;
}

function noPendingCaller(): ExotelError {
	return new ExotelError(
		'not-found',
		'No caller waits for this answer: it was answered before, its deadline has passed, or the ' +
			'message is not about a question.',
		{
			hint:
				'Answer faster, wire this node to the flow of an "applet" node, or say which call it is ' +
				'about (msg.exotel.callSid).',
		},
	);
}

/** Builds the answer. Throws an `input` error that names every field that is wrong. */
function build(
	pending: PendingRequest,
	kind: AnswerKind,
	other: Record<string, unknown>,
	connect: Record<string, unknown>,
): AppletAnswer {
	const { question, account } = pending.request;
	const isPassthru = question.kind === 'passthru';
	const fits = kind === 'own' || isPassthru === (kind === 'branch' || kind === 'case');
	if (!fits) {
		const message = isPassthru
			? 'A Passthru asks for a branch or a case, not for somebody to ring.'
			: 'A Connect applet asks whom to ring, not for a branch.';
		throw inputError(
			[{ field: 'answer', rule: 'choice', message }],
			'Use one answer node for each kind of question, with a Switch node on msg.payload.kind before them.',
		);
	}
	switch (kind) {
		case 'nobody':
			return nobodyAnswer(answerVersion(question));
		case 'branch':
			return passthruAnswer(readBranch(other['branch']));
		case 'case':
			return switchCaseAnswer(String(other['caseName'] ?? ''));
		case 'own':
			return checkedAnswer(question, { httpStatus: 200, body: other['own'] });
		case 'connect':
			return connectAnswer(answerVersion(question), connectInput(connect), account);
		default:
			throw inputError([
				{
					field: 'answer',
					rule: 'choice',
					message: 'The answer must be one of: connect, nobody, branch, case, own.',
				},
			]);
	}
}

/**
 * Names with their dots again. A switch that is off is left out: off is what Exotel does anyway, and some of them (ring
 * all at once) are charged for or have to be enabled, so they are not even mentioned unless wanted.
 */
function connectInput(read: Record<string, unknown>): ConnectAnswerInput {
	const input: Record<string, unknown> = {};
	for (const name of CONNECT_FIELDS) {
		const value = read[property(name)];
		if (value !== undefined && value !== false && value !== 'false') input[name] = value;
	}
	for (const group of GROUPS) if (read[group] !== undefined) input[group] = read[group];
	return input as unknown as ConnectAnswerInput;
}

function readBranch(written: unknown): boolean {
	const word = String(written ?? '')
		.trim()
		.toLowerCase();
	if (['true', 'first', 'yes', '1', '200'].includes(word)) return true;
	if (['false', 'second', 'no', '0', '302'].includes(word)) return false;
	throw inputError([{ field: 'branch', rule: 'choice', message: 'Branch: must be first (true) or second (false).' }]);
}

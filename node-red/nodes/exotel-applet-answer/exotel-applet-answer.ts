/**
 * `exotel-applet-answer`: answers the request of an applet – whom to ring, what the caller hears, which branch to take,
 * which case – from its fields or from the message. An answer Exotel would drop is never sent: its faults go to the
 * Catch nodes, and the caller gets the answer without them, or the fallback of the applet node at once. The request is
 * found by `msg.res`, by its id, or by the call.
 */
import {
	connectAnswerFields,
	ExotelError,
	gatherAnswerFields,
	greetingAnswerFields,
	usableAnswer,
	type Account,
	type AppletRequest,
	type UsableAnswer,
} from '../../../exotel/index';
import type { PendingRequest, PendingRequests } from '../../applets/pending-requests';
import { pendingFor } from '../../applets/response-proxy';
import { properties, text, type Message, type Red, type RedNode, type SavedConfig } from '../../host';
import { onMessage } from '../../messages/input';
import { statusLine } from '../../messages/status';
import { prepareFields } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';
import { Runtime } from '../../runtime';

/** What is asked for beside the fields of a Connect answer. */
const ANSWER_FIELDS = {
	answer: { label: 'Answer' },
	branch: { label: 'Branch' },
	caseName: { label: 'Case' },
	own: { label: 'Own answer' },
	callSid: { label: 'Call SID' },
} as const;

module.exports = function register(RED: Red): void {
	function ExotelAppletAnswer(this: RedNode, saved: SavedConfig): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-applet-answer', saved);
		const scope = new NodeScope(RED, this);
		const status = statusLine(scope);
		const { pendingRequests } = Runtime.of(RED);
		const readers = {
			connect: prepareFields(scope, config, connectAnswerFields),
			gather: prepareFields(scope, config, gatherAnswerFields),
			greeting: prepareFields(scope, config, greetingAnswerFields),
		};
		const readAnswer = prepareFields(scope, config, ANSWER_FIELDS);

		const built = new BuiltAnswers();

		onMessage(scope, status, async (msg) => {
			const { callSid, answer: chosen, ...input } = await readAnswer(msg);
			const pending = findPending(pendingRequests, msg, callSid);
			if (pending === null || !pending.isOpen) throw noPendingCaller();
			const kind = chosen ?? text(config, 'answer', 'connect');
			const { request, account } = pending.caller;
			let usable: UsableAnswer;
			try {
				if (kind === 'connect' || kind === 'gather' || kind === 'greeting') {
					const fields = await readers[kind](msg);
					usable = built.of(request, fields, account, () =>
						usableAnswer(request, { ...input, kind, [kind]: fields }, account),
					);
				} else usable = usableAnswer(request, { ...input, kind }, account);
			} catch (reason) {
				pending.fallBack('refused');
				throw reason;
			}
			// A store or an expression may have taken its time.
			if (!pending.answer(usable.answer)) throw noPendingCaller();
			if (usable.refused !== null) throw usable.refused;
			status.show('good', `sent-${String(kind)}`);
		});
	}

	RED.nodes.registerType('exotel-applet-answer', ExotelAppletAnswer);
};

/**
 * Answers that were built and checked before: as long as no message has a say in them, the same fields give the same
 * answer to every request of an applet, and the fields are then the same object.
 */
class BuiltAnswers {
	readonly #byFields = new WeakMap<object, Map<string, UsableAnswer>>();

	of(
		{ kind, version }: AppletRequest,
		fields: object,
		{ defaultCountry }: Account,
		build: () => UsableAnswer,
	): UsableAnswer {
		// What a message has a say in comes as an object of its own, each time.
		if (!Object.isFrozen(fields)) return build();
		const byRequest = this.#byFields.get(fields) ?? new Map<string, UsableAnswer>();
		this.#byFields.set(fields, byRequest);
		const key = `${kind} ${version} ${defaultCountry}`;
		const usable = byRequest.get(key) ?? build();
		byRequest.set(key, usable);
		return usable;
	}
}

/** The caller this message is about. */
function findPending(all: PendingRequests, msg: Message, callSid: unknown): PendingRequest | null {
	const linked = pendingFor(msg['res']);
	if (linked !== null) return linked;
	const { requestId } = properties(msg['exotel']);
	if (typeof requestId === 'string') return all.byId(requestId);
	const { call, sid } = properties(msg.payload);
	for (const candidate of [callSid, properties(call)['sid'], sid]) {
		const newest = typeof candidate === 'string' ? all.byCall(candidate) : null;
		if (newest === null) continue;
		// Who knows the address of one node must not get, or bring about, what a flow answers at another.
		if (all.isAskedElsewhere(newest)) throw severalNodesWait();
		return newest;
	}
	return null;
}

function severalNodesWait(): ExotelError {
	return new ExotelError('not-found', 'Several "applet" nodes wait with this call.', {
		help: 'applet',
		hint: 'Keep msg.exotel.requestId, which says what this answer is for.',
	});
}

function noPendingCaller(): ExotelError {
	const message =
		'No caller waits for this answer: it was answered before, its deadline has passed, or the message is not ' +
		'about a request.';
	return new ExotelError('not-found', message, {
		help: 'applet',
		hint:
			'Answer faster, wire this node to the flow of an "applet" node, or say which call it is about ' +
			'(msg.exotel.callSid).',
	});
}

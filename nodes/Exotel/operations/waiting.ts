/**
 * Wait for Outcome: the execution is parked in n8n's own waiting state and resumed by Exotel's callback at the end of
 * the call.
 *
 * What n8n's mechanics force:
 * - Its resume address is the same for every wait of one execution, so a callback only counts when it names the attempt
 *   (and, once it is known, the call) that is being waited for. Both are kept in the parked item, where n8n stores them
 *   with the execution.
 * - A callback that arrives before the wait is stored is refused by n8n (409), and some never come. Exotel is therefore
 *   asked right before the wait begins, and in steps while it lasts (waitSteps.ts).
 * - Where n8n does not run this node again when the time is over, it passes the parked item on. That is therefore
 *   written as the result `outcome: "unknown", reason: "wait-timeout"` beforehand.
 */

import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import {
	attemptOf,
	callbackUrl,
	canReceiveCallbacks,
	ExotelError,
	inputError,
	isConfirming,
	isEnd,
	isUnfinished,
	newAttemptId,
	readAccount,
	readCallEvent,
	readEnd,
	requestedCall,
	settlementOf,
	unknownCall,
	withKnown,
	withPlacedCall,
} from '../../../exotel';
import type { Call, CallEvent } from '../../../exotel';
import { nodeFailure, workflowFailure } from '../../host/failure';
import { acknowledge, incomingOf, refuse } from '../../host/incoming';
import { asObject } from '../../host/parameters';
import { openSession } from '../../host/session';
import type { Session } from '../../host/session';
import type { CallOperation } from './callOperation';
import { failedCallItem, isUnknownOutcome, placeCall } from './placeCalls';
import { callJson, requestedIn } from './output';
import { atOutputs, isSplitOnResume } from './outcomeOutputs';
import { waitsOf } from './waitHealth';
import type { AccountWaits } from './waitHealth';
import { storedWait, waitForNextStep, waitHasEnded } from './waitSteps';

/** A day: longer than any call. */
const maxWaitMinutes = 1_440;
/** For reading the call right before the wait, standing in the account's queue included. */
const readDeadlineMs = 5_000;

const unconfirmed = "Exotel's record does not say yet that the call has ended. Report it again later.";

/** n8n resumes a waiting execution through this address: /webhook-waiting/<execution>/<node>. */
export const resumeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'GET,POST',
		responseMode: 'onReceived',
		responseData: '',
		path: '={{ $nodeId }}',
		isFullPath: true,
		restartWebhook: true,
	},
];

/** Places one call and parks the execution; returns at once when the call has ended. */
export async function placeAndWait(
	functions: IExecuteFunctions,
	operation: CallOperation,
): Promise<INodeExecutionData[]> {
	const node = functions.getNode();
	const items = functions.getInputData();
	if (items.length !== 1) {
		const message = `Wait for Outcome follows one call at a time, but ${items.length} items came in`;
		throw workflowFailure(node, message, {
			description:
				'Put this node behind a Loop Over Items node (batch size 1), or switch off Wait for Outcome and use ' +
				'the Exotel Trigger.',
		});
	}
	// Every setting is read before the phone rings: an expression that fails afterwards would let "Retry On Fail" ring
	// it again.
	const simplify = functions.getNodeParameter('simplify', 0, true) === true;
	const confirmEnd = isConfirming(functions.getNodeParameter('confirmEnd', 0, false));
	const waitMilliseconds = waitMillisecondsOf(functions);
	const attemptId = newAttemptId();
	let parked: IDataObject;
	let requested = {};
	let waits: AccountWaits | null = null;
	try {
		const session = await openSession(functions, 0);
		waits = waitsOf(session.account);
		checkReachable(resumeUrlOf(functions), session);
		const url = callbackUrl(resumeUrlOf(functions), { attemptId });
		const input = { ...operation.inputOf(functions, 0), ...operation.callbackInput(url) };
		requested = requestedCall(input, session.account.defaultCountry);
		const placed = await placeCall(operation, input, session, attemptId);
		const ended = await readIfEnded(placed.call, session);
		if (ended !== null) return [outcomeItem(ended, { simplify, parked: {}, attemptId })];
		const json = callJson(placed.call, simplify, placed.raw);
		parked = { ...json, outcome: 'unknown', reason: 'wait-timeout', attemptId };
	} catch (error) {
		// Perhaps it rings: the callback names the attempt and will settle it. Anything else definitely placed no call.
		if (!isUnknownOutcome(error)) {
			const failed = { itemIndex: 0, error, because: 'itself' } as const;
			if (functions.continueOnFail()) return [failedCallItem(node, failed, false)];
			throw nodeFailure(node, error, 0);
		}
		const call = unknownCall(null, operation.api, 'no-response', requested);
		const { outcome, reason, ...others } = callJson(call, simplify, error.raw);
		parked = { outcome, reason, message: error.message, hint: error.hint, ...others, attemptId };
	}
	// When a callback comes, n8n hands the node nothing but this item; its settings may read otherwise by then.
	const item: INodeExecutionData = { json: confirmEnd ? { ...parked, confirmEnd } : parked, pairedItem: { item: 0 } };
	functions.getExecuteData().data.main = [[item]];
	const startedAt = Date.now();
	const wait = { startedAt, deadline: startedAt + waitMilliseconds, step: 0, attemptId };
	waits?.waits(wait, typeof parked.sid === 'string');
	await waitForNextStep(functions, wait);
	return [item];
}

/** The node was woken by time: asks Exotel how the call ended, and waits on while it has not. */
export async function goOnWaiting(functions: IExecuteFunctions, { api }: CallOperation): Promise<INodeExecutionData[]> {
	const wait = storedWait(functions);
	const parkedItems = functions.getInputData();
	const parked = asObject(parkedItems[0]?.json);
	const { attemptId } = wait ?? { attemptId: String(parked.attemptId) };
	const session = await openSession(functions, 0).catch(() => null);
	const waits = session === null ? null : waitsOf(session.account);
	const sid = typeof parked.sid === 'string' ? parked.sid : waits?.sidOf(attemptId);
	const isLast = wait === null || Date.now() >= wait.deadline;
	// Null when the call is active, has no SID yet or cannot be read now; a later step may know more.
	const ended = session === null || sid === undefined ? null : await readIfEnded({ sid, api }, session, isLast);
	if (ended !== null) {
		waits?.ended(attemptId, 'exotel');
		return [outcomeItem(ended, { simplify: isSimplified(parked), parked, attemptId })];
	}
	if (!isLast) {
		waits?.waits(wait, typeof parked.sid === 'string');
		await waitForNextStep(functions, { ...wait, step: wait.step + 1 });
	} else {
		waits?.ended(attemptId, 'nobody');
	}
	return [wait === null ? unreadableWait(parked) : givenUp(parked)];
}

/** The setting as it was before the phone rang: what is simplified has no raw answer. */
const isSimplified = (parked: IDataObject): boolean => !('raw' in parked);

/** The parked item, without what only a callback needs. */
function givenUp(parked: IDataObject): INodeExecutionData {
	const json = { ...parked };
	delete json.confirmEnd;
	return { json, pairedItem: { item: 0 } };
}

/** It may be of another version of this package: how long to wait is not known, only that the call was requested. */
function unreadableWait(parked: IDataObject): INodeExecutionData {
	const reason = parked.reason === 'no-response' ? 'no-response' : 'wait-timeout';
	const message = 'What n8n stored of this wait cannot be read: it is over. No other call was placed.';
	return { json: { ...givenUp(parked).json, outcome: 'unknown', reason, message }, pairedItem: { item: 0 } };
}

/**
 * The longest wait in milliseconds. An expression may give anything; without a number the execution would never end.
 */
function waitMillisecondsOf(functions: IExecuteFunctions): number {
	const minutes = Number(functions.getNodeParameter('waitMinutes', 0, 60));
	if (minutes > 0 && minutes <= maxWaitMinutes) return minutes * 60_000;
	const message = `'Wait at Most (Minutes)' must be a number above 0 and up to ${maxWaitMinutes}`;
	throw workflowFailure(functions.getNode(), message, {
		description: 'No call was placed. Enter a number of minutes, for example 60.',
		itemIndex: 0,
	});
}

/**
 * Reads one callback of Exotel that came to a waiting execution. Only the end of the awaited call resumes it. Never
 * rejects: n8n would end the wait with an error while the phone rings.
 */
export async function resume(functions: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		return await readReport(functions);
	} catch {
		return refuse(functions, 503, 'The callback could not be read now. Report it again later.');
	}
}

async function readReport(functions: IWebhookFunctions): Promise<IWebhookResponseData> {
	const incoming = incomingOf(functions);
	const parked = asObject(functions.evaluateExpression('{{ $json }}', 0));
	let event: CallEvent;
	let waits: AccountWaits;
	try {
		const account = readAccount(await functions.getCredentials('exotelVoiceApi'));
		waits = waitsOf(account);
		event = readCallEvent(incoming, account);
	} catch (error) {
		if (!(error instanceof ExotelError)) return refuse(functions, 500, 'The Exotel credential could not be read.');
		return refuse(functions, error.httpStatus ?? 400, error.message);
	}
	const attemptId = String(parked.attemptId);
	const awaited = { attemptId, sid: typeof parked.sid === 'string' ? parked.sid : null };
	const settlement = settlementOf(awaited, event, attemptOf(incoming), parked.confirmEnd === true);
	if (settlement === 'other') return acknowledge('This callback is about another call.');
	// It names the call but not the attempt: anybody who knows the SID could have sent it, so only Exotel's word
	// counts; or the user wants that word for every end.
	const isPolled = settlement === 'poll';
	if (!isPolled) waits.counts.callback(Date.now());
	const ended = isPolled ? await readIfEnded(event.call, await openSession(functions)) : event;
	if (ended === null || !isEnd(ended)) {
		// n8n stores nothing of this request, and in queue mode another process goes on with the wait: Exotel may
		// report again what was refused.
		if (awaited.sid === null) waits.names(attemptId, event.call.sid);
		if (ended === null && (awaited.sid === null || isEnd(event))) return refuse(functions, 503, unconfirmed);
		return acknowledge('The call has not ended yet.');
	}
	const item = outcomeItem(ended, { simplify: isSimplified(parked), parked, attemptId });
	const workflowData = atOutputs([item], isSplitOnResume(functions));
	waitHasEnded(attemptId);
	waits.ended(attemptId, isPolled ? 'exotel' : 'callback');
	return { webhookResponse: { ok: true }, workflowData };
}

/** The address under which this very node is resumed; n8n's signature stays in the query. */
function resumeUrlOf(functions: IExecuteFunctions): string {
	const [address, query] = String(functions.evaluateExpression('{{ $execution.resumeUrl }}', 0)).split('?');
	return `${address}/${functions.getNode().id}${query === undefined ? '' : `?${query}`}`;
}

/** The address of this n8n as it tells Exotel; blank when it tells none. */
export function resumeOriginOf(functions: IExecuteFunctions): string {
	const address = String(functions.evaluateExpression('{{ $execution.resumeUrl }}', 0));
	return URL.canParse(address) ? new URL(address).origin : '';
}

/** Before any phone rings: a callback that cannot arrive would leave the workflow waiting for nothing. */
function checkReachable(address: string, { account }: Session): void {
	const { origin, hostname } = new URL(address);
	if (canReceiveCallbacks(origin, account.region)) return;
	const message = `Exotel cannot report the end of the call to ${hostname}: this n8n has no public address.`;
	throw inputError(
		[{ field: 'waitForOutcome', rule: 'reachable', message }],
		'Set the environment variable N8N_WEBHOOK_URL of n8n to its public address, or ' +
			'switch off Wait for Outcome and use the Exotel Completed Calls Trigger.',
	);
}

/**
 * Some calls end before the wait begins. Not being able to read the call is no reason to fail: a callback may come.
 * Null as well while Exotel has not finished the record of an ended call; the last step takes it as it is.
 */
async function readIfEnded(
	{ sid, api }: Pick<Call, 'sid' | 'api'>,
	session: Session,
	isLast = false,
): Promise<CallEvent | null> {
	// Until the wait begins, n8n refuses the callback: the deadline keeps that time short. None follows the last step.
	const limits = isLast ? {} : { maxAttempts: 1, timeoutMs: readDeadlineMs, deadlineMs: readDeadlineMs };
	const event = await readEnd(session.account, { sid, api }, { ...session.options, ...limits }).catch(() => null);
	return event !== null && !isLast && isUnfinished(event.call, Date.now()) ? null : event;
}

interface OutcomeItemOptions {
	simplify: boolean;
	/** What was known when the wait began; a callback may hold four fields only. */
	parked: IDataObject;
	attemptId: string;
}

/** The one shape of what this node gives out after waiting. */
function outcomeItem(event: CallEvent, { simplify, parked, attemptId }: OutcomeItemOptions): INodeExecutionData {
	const { sid, api } = event.call;
	const placed: Call = { ...unknownCall(sid, api, 'wait-timeout'), ...knownFields(parked), sid, api };
	const { call, raw } = withPlacedCall(placed, event);
	const json = callJson(withKnown(call, requestedIn(parked)), simplify, raw);
	return { json: { ...json, attemptId }, pairedItem: { item: 0 } };
}

/** What the parked item says of the call; it is all that n8n stored. */
function knownFields(parked: IDataObject): Partial<Call> {
	// Without a response only the request is known, and it does not count as Exotel's word.
	if (typeof parked.sid !== 'string') return {};
	const ofTheWait: (keyof Call)[] = ['state', 'outcome', 'reason', 'unansweredBy', 'status'];
	const names = Object.keys(unknownCall(parked.sid, 'v1', 'wait-timeout'));
	const known = (name: string): boolean => names.includes(name) && !ofTheWait.some((other) => other === name);
	return Object.fromEntries(Object.entries(parked).filter(([name]) => known(name)));
}

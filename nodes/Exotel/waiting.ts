/**
 * Wait for Outcome: the execution is parked in n8n's own waiting state and resumed by Exotel's report of the end of the
 * call.
 *
 * What n8n's mechanics force:
 * - Its resume address is the same for every wait of one execution, so a report only counts when it names the call (or
 *   the
 *   attempt) that is being waited for. That name is kept in the parked item, where n8n stores it with the execution.
 * - When the deadline passes no code of ours runs: n8n passes the parked item on. It is therefore written as the answer
 *   `outcome: "unknown", reason: "wait-timeout"` beforehand.
 * - A report that arrives before the wait is stored is refused by n8n (409). Calls that ended that quickly are found by
 *   reading the call once, right before the wait begins.
 */

import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import {
	advance,
	attemptOf,
	callbackUrl,
	emptyTimeline,
	ExotelError,
	getAgentCall,
	getCall,
	inputError,
	newAttemptId,
	perform,
	readAccount,
	readCallEvent,
} from '../../exotel';
import type { Call, CallEvent } from '../../exotel';
import { failedItem, nodeFailure } from '../host/failure';
import { acknowledge, incomingOf, refuse } from '../host/incoming';
import { openSession } from '../host/session';
import type { Session } from '../host/session';
import { callFromJson, callJson } from './output';
import { isUnknownOutcome, placeOne } from './operations/placing';
import type { Placing } from './operations/placing';

/** A day: longer than any call. */
const mostWaitMinutes = 1_440;

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

/** Places one call and parks the execution; returns at once when the call has already ended. */
export async function placeAndWait(functions: IExecuteFunctions, placing: Placing): Promise<INodeExecutionData[]> {
	const node = functions.getNode();
	const items = functions.getInputData();
	if (items.length !== 1) {
		throw new NodeOperationError(
			node,
			`Wait for Outcome follows one call at a time, but ${items.length} items came in`,
			{
				description:
					'Put this node behind a Loop Over Items node (batch size 1), or switch off Wait for Outcome ' +
					'and use the Exotel Trigger.',
			},
		);
	}
	// Every setting is read before the phone rings: an expression that fails afterwards would let "Retry On Fail" ring
	// it again.
	const simplify = functions.getNodeParameter('simplify', 0, true) as boolean;
	const waitMilliseconds = waitMillisecondsOf(functions);
	const attemptId = newAttemptId();
	let parked: IDataObject;
	try {
		const session = await openSession(functions, 0);
		checkReachable(resumeUrlOf(functions), session);
		const input = {
			...placing.inputOf(functions, 0),
			...placing.reportTo(callbackUrl(resumeUrlOf(functions), { attemptId })),
		};
		const placed = await placeOne(placing, input, session, attemptId);
		const ended = await readIfEnded(placing, placed.call, session);
		if (ended !== null) return [outcomeItem(ended, simplify, attemptId)];
		parked = {
			...callJson(placed.call, simplify, placed.raw),
			outcome: 'unknown',
			reason: 'wait-timeout',
			attemptId,
		};
	} catch (error) {
		// Perhaps it rings: the report names the attempt and will settle it. Anything else surely placed no call.
		if (!isUnknownOutcome(error)) {
			if (functions.continueOnFail()) return [failedItem(node, error, 0)];
			throw nodeFailure(node, error, 0);
		}
		parked = {
			sid: null,
			outcome: 'unknown',
			reason: 'unknown-outcome',
			message: error.message,
			hint: error.hint,
			attemptId,
		};
	}
	const item: INodeExecutionData = { json: parked, pairedItem: { item: 0 } };
	functions.getExecuteData().data.main[0] = [item];
	await functions.putExecutionToWait(new Date(Date.now() + waitMilliseconds));
	return [item];
}

/**
 * The longest wait in milliseconds. An expression may give anything; what is no time would leave the execution without
 * an end.
 */
function waitMillisecondsOf(functions: IExecuteFunctions): number {
	const minutes = Number(functions.getNodeParameter('waitMinutes', 0, 60));
	if (minutes > 0 && minutes <= mostWaitMinutes) return minutes * 60_000;
	throw new NodeOperationError(
		functions.getNode(),
		`'Wait at Most (Minutes)' must be a number above 0 and up to ${mostWaitMinutes}`,
		{
			description: 'Nobody was called. Enter a number of minutes, for example 60.',
			itemIndex: 0,
		},
	);
}

/** Reads one report of Exotel that came to a waiting execution. Only the end of the awaited call resumes it. */
export async function resume(functions: IWebhookFunctions): Promise<IWebhookResponseData> {
	const incoming = incomingOf(functions);
	const parked = (functions.evaluateExpression('{{ $json }}', 0) ?? {}) as IDataObject;
	let event: CallEvent;
	try {
		event = readCallEvent(incoming, readAccount(await functions.getCredentials('exotelVoiceApi')));
	} catch (error) {
		if (!(error instanceof ExotelError)) return refuse(functions, 500, 'The Exotel credential could not be read.');
		return refuse(functions, error.httpStatus ?? 400, error.message);
	}
	const awaited =
		typeof parked.sid === 'string' ? event.call.sid === parked.sid : attemptOf(incoming) === parked.attemptId;
	if (!awaited) return acknowledge('This report is about another call.');
	if (event.type !== 'terminal') return acknowledge('The call has not ended yet.');

	const simplify = functions.getNodeParameter('simplify', true) as boolean;
	return {
		webhookResponse: { ok: true },
		workflowData: [[outcomeItem(withWhatWasKnown(event, parked), simplify, parked.attemptId as string)]],
	};
}

/** The address under which this very node is resumed; n8n's signature stays in the query. */
function resumeUrlOf(functions: IExecuteFunctions): string {
	const [address, query] = (functions.evaluateExpression('{{ $execution.resumeUrl }}', 0) as string).split('?');
	return `${address}/${functions.getNode().id}${query === undefined ? '' : `?${query}`}`;
}

/** Before any phone rings: a report that cannot arrive would leave the workflow waiting for nothing. */
function checkReachable(address: string, { account }: Session): void {
	const { hostname } = new URL(address);
	if (account.region === 'custom' || !/^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(hostname)) return;
	throw inputError(
		[
			{
				field: 'waitForOutcome',
				rule: 'reachable',
				message: `Exotel cannot report the end of the call to ${hostname}: this n8n has no public address.`,
			},
		],
		'Set the environment variable N8N_WEBHOOK_URL (older versions: WEBHOOK_URL) of n8n to its ' +
			'public address, or switch off Wait for Outcome and use the Exotel Completed Calls Trigger.',
	);
}

/** Some calls end before the wait begins. Not being able to look is no reason to fail: the report may still come. */
async function readIfEnded(placing: Placing, placed: Call, session: Session): Promise<CallEvent | null> {
	// The deadline also ends standing in the account's queue: until the wait begins, n8n refuses the report.
	const options = { ...session.options, maxTries: 1, timeoutMs: 5_000, deadlineMs: 5_000 };
	const reading =
		placing.api === 'v2'
			? perform(getAgentCall, session.account, { sid: placed.sid }, options)
			: perform(getCall, session.account, { sid: placed.sid }, options);
	const read = await reading.catch(() => null);
	if (read === null || read.result.state !== 'ended') return null;
	return { id: '', type: 'terminal', party: null, at: '', source: 'sweep', call: read.result, raw: read.raw };
}

/** A report may hold four fields only; the placed call fills in what it leaves out. */
function withWhatWasKnown(event: CallEvent, parked: IDataObject): CallEvent {
	const { sid } = event.call;
	const placed: CallEvent = {
		...event,
		id: `${event.id} placed`,
		type: 'dial',
		call: { ...callFromJson(parked), sid },
	};
	const { timeline } = advance(emptyTimeline(sid), placed);
	return advance(timeline, event).emit ?? event;
}

/** The one shape of what this node gives out after waiting. */
function outcomeItem({ call, raw }: CallEvent, simplify: boolean, attemptId: string): INodeExecutionData {
	const outcome = call.outcome ?? 'unknown';
	return {
		json: {
			...callJson(call, simplify, raw),
			outcome,
			reason: outcome === 'unknown' ? 'not-said' : null,
			attemptId,
		},
		pairedItem: { item: 0 },
	};
}

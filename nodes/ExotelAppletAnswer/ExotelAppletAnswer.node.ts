/**
 * Answers the request of an applet while the caller is on the line. An answer that Exotel would refuse is not sent: the
 * caller gets it without what is wrong, or the fallback of the trigger, and the reasons are shown on this node.
 */

import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { appletKinds, usableAnswer } from '../../exotel';
import type { AppletAnswer, UsableAnswer } from '../../exotel';
import { answerOf } from '../host/appletFallback';
import type { RequestFallback } from '../host/appletFallback';
import { markedResponse } from '../host/appletResponse';
import { failedItem, nodeFailure, workflowFailure } from '../host/failure';
import { asObject } from '../host/parameters';
import { answerInput, properties } from './form';

/** What the trigger puts beside the request. */
interface PendingRequest {
	fallback: RequestFallback;
	/** ISO 8601 with offset. */
	answerBy: string;
}

/** Exotel Applet Answer. */
export class ExotelAppletAnswer implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exotel Applet Answer',
		name: 'exotelAppletAnswer',
		icon: { light: 'file:../../icons/exotel.svg', dark: 'file:../../icons/exotel.dark.svg' },
		group: ['transform'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["answer"] }}',
		description:
			'Answers an applet request of an Exotel flow: which destinations to dial, what the caller hears, or ' +
			'which branch to take',
		defaults: { name: 'Exotel Applet Answer' },
		// An AI agent has no caller on the line to answer.
		usableAsTool: undefined,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const pending = pendingOf(this);
		const isLate = Date.now() > Date.parse(pending.answerBy);
		// In the editor the question may be pinned data: then nobody waits, and the answer is only shown.
		if (isLate && this.getMode() !== 'manual') {
			return notSent(
				this,
				'too-late',
				'The workflow was too slow: Exotel already got the fallback of the trigger. Move slow steps behind ' +
					'this node.',
			);
		}
		const { applet, version, defaultCountry } = pending.fallback;
		let usable: UsableAnswer;
		try {
			usable = usableAnswer({ kind: applet, version }, answerInput(this), { defaultCountry });
		} catch (error) {
			if (!isLate) await send(this, answerOf(pending.fallback));
			return failed(this, error);
		}
		const { answer, refused } = usable;
		if (isLate && refused === null) {
			const message =
				'Nobody waits for this answer any more: the question is pinned data, or the workflow was too slow. ' +
				'This is what would have been sent.';
			return notSent(this, 'too-late', message, shown(answer));
		}
		if (!isLate && !(await send(this, answer))) {
			return notSent(
				this,
				'already-answered',
				'The request was already answered in this run, so this answer was not sent. Let only one Exotel ' +
					'Applet Answer node run for each request.',
			);
		}
		if (refused !== null) return failed(this, refused);
		const json = { sent: true, ...shown(answer) };
		return [[{ json, pairedItem: { item: 0 } }]];
	}
}

/** What is wrong with the answer: an error of the run, or the item of one that goes on. */
function failed(functions: IExecuteFunctions, error: unknown): INodeExecutionData[][] {
	if (!functions.continueOnFail()) throw nodeFailure(functions.getNode(), error, 0);
	return [[failedItem(functions.getNode(), error, 0)]];
}

/** The output when the caller has an answer already. */
function notSent(
	functions: IExecuteFunctions,
	reason: 'already-answered' | 'too-late',
	message: string,
	answer: IDataObject = {},
): INodeExecutionData[][] {
	functions.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
	return [[{ json: { sent: false, reason, ...answer }, pairedItem: { item: 0 } }]];
}

/** An answer as the output shows it. */
function shown(answer: AppletAnswer): IDataObject {
	return { httpStatus: answer.httpStatus, body: bodyOf(answer) };
}

/** The request this execution began with. */
function pendingOf(functions: IExecuteFunctions): PendingRequest {
	const node = functions.getNode();
	const triggers = functions.getParentNodes(node.name).filter(({ type }) => type.endsWith('.exotelAppletTrigger'));
	if (triggers.length === 0) {
		throw workflowFailure(node, 'There is no Exotel Applet Trigger before this node', {
			description:
				'Only a request that came in through an Exotel Applet Trigger can be answered. Start this ' +
				'workflow with one.',
		});
	}
	for (const { name } of triggers) {
		const pending = pendingFrom(functions, name);
		if (pending !== null) return pending;
	}
	throw workflowFailure(node, 'The Exotel Applet Trigger received no request in this run', {
		description: 'Run the workflow from the trigger: open it, click its button and call your ExoPhone.',
	});
}

/** What one of the triggers before this node received; null when the execution did not begin with that one. */
function pendingFrom(functions: IExecuteFunctions, trigger: string): PendingRequest | null {
	// A `}}` in the name would end the expression.
	const name = JSON.stringify(trigger).replace(/[{}]/g, (brace) => (brace === '{' ? '\\u007b' : '\\u007d'));
	try {
		const item = functions.evaluateExpression(`{{ $(${name}).first().json }}`, 0);
		const { fallback, answerBy } = asObject(item);
		return isFallback(fallback) && typeof answerBy === 'string' ? { fallback, answerBy } : null;
	} catch {
		// n8n refuses to read a node that did not run.
		return null;
	}
}

function isFallback(value: unknown): value is RequestFallback {
	const { applet, defaultCountry } = asObject(value);
	return appletKinds.some((kind) => kind === applet) && typeof defaultCountry === 'string';
}

/** Sends the one answer of this execution; false when it was sent before. */
async function send(functions: IExecuteFunctions, answer: AppletAnswer): Promise<boolean> {
	// Shared by all nodes of the execution, and kept when it waits.
	const execution = functions.getContext('flow');
	if (execution.exotelAppletAnswered === true) return false;
	execution.exotelAppletAnswered = true;
	await functions.sendResponse(markedResponse(answer));
	return true;
}

/** The sent body, readable in the output panel. */
function bodyOf({ body }: AppletAnswer): IDataObject | string {
	try {
		return asObject(JSON.parse(body));
	} catch {
		return body;
	}
}

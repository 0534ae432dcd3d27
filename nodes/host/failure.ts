/**
 * The core's errors in n8n's words: the message says what happened, the description what to do next, and where Exotel's
 * answer proves it, a declared cause lets n8n wait or point at the credential.
 */

import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { ExotelError, helpAddress } from '../../exotel';
import { inTheFormsWords } from './property';

type Failure = NonNullable<ConstructorParameters<typeof NodeApiError>[2]>['failure'];

/** What n8n shows for an error of any sort. `itemIndex` counts from 0. */
export function nodeFailure(failing: INode, error: unknown, itemIndex?: number): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	const node = nodeOfError(failing);
	if (!(error instanceof ExotelError)) {
		return new NodeOperationError(node, error instanceof Error ? error : String(error), { itemIndex });
	}
	const description = `${hintOf(error)} More: ${error.help}`.trim();
	if (error.kind === 'input') {
		const first = error.violations.map(({ message }) => inTheFormsWords(message))[0] ?? error.message;
		return new NodeOperationError(node, first, { description, itemIndex });
	}
	const failure = new NodeApiError(
		node,
		{ message: error.message },
		{
			message: error.message,
			description,
			httpCode: error.httpStatus === null ? undefined : String(error.httpStatus),
			itemIndex,
			failure: causeOf(error),
		},
	);
	// n8n puts sentences of its own in place of a message that names a network code; one of them advises to repeat the
	// request at once, which would ring a phone again.
	failure.message = error.message;
	return failure;
}

/**
 * The node as an error names it. n8n writes the node of an error with its fields into its log, at level debug, and into
 * the execution; only those that its editor asks for stay, as the others hold phone numbers.
 */
function nodeOfError(node: INode): INode {
	const { resource, operation } = node.parameters;
	return { ...node, parameters: { ...(resource && { resource }), ...(operation && { operation }) } };
}

/** An error about how the workflow is built. `description` says what to do. */
export function workflowFailure(
	node: INode,
	message: string,
	{ description, itemIndex }: { description: string; itemIndex?: number },
): NodeOperationError {
	const help = helpAddress('workflow');
	const failure = new NodeOperationError(nodeOfError(node), message, {
		description: `${description} More: ${help}`,
		itemIndex,
	});
	failure.context['help'] = help;
	return failure;
}

/** What to do next: further broken rules, and the hint. */
function hintOf({ violations, hint }: ExotelError): string {
	const others = violations.slice(1).map(({ message }) => asSentence(inTheFormsWords(message)));
	return [...others, hint].filter((line) => line !== '').join(' ');
}

/** With a full stop: a message may end with an example, and another sentence follows. */
const asSentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`);

/** Only what the answer proves. */
function causeOf(error: ExotelError): Failure {
	const wait = error.retryAfterMs === null ? {} : { retryAfterMs: error.retryAfterMs };
	if (error.kind === 'rate-limit') return { cause: 'rate-limited', ...wait };
	if (error.kind === 'auth') return { cause: 'credential-invalid' };
	if (error.kind === 'exotel' && error.httpStatus === 503) return { cause: 'temporarily-unavailable', ...wait };
	return undefined;
}

/**
 * The item that stands for a failed one when the node is set to carry on. n8n recognises it by its two fields and sends
 * it to the error output where the node has one; a flow can branch on `details.kind`.
 */
export function failedItem(node: INode, error: unknown, itemIndex: number): INodeExecutionData {
	const failure = nodeFailure(node, error, itemIndex);
	const details = error instanceof ExotelError ? knownDetails(error) : unknownDetails(failure);
	return { json: { error: failure.message, details }, pairedItem: { item: itemIndex } };
}

function knownDetails(error: ExotelError): IDataObject {
	const { help, kind, httpStatus, code, attemptId, requestId } = error;
	return { hint: hintOf(error) || null, help, kind, httpStatus, code, attemptId, requestId };
}

function unknownDetails({ description, context }: ReturnType<typeof nodeFailure>): IDataObject {
	return {
		hint: description ?? null,
		help: context['help'] ?? null,
		kind: null,
		httpStatus: null,
		code: null,
		attemptId: null,
		requestId: null,
	};
}

/**
 * What a Catch node gets. Node-RED copies `code` and `cause` of an error only when they are own properties, and puts
 * the error's name before its message; so a core error is rewritten once, here. The stack is left out: it says nothing
 * to the person who reads the debug sidebar, and it names folders of the machine.
 */
import { ExotelError, type ErrorKind, type Violation } from '../../exotel/index';

/** What `msg.error.cause` and `msg.exotel.error` hold. Never a key, a token or a phone number. */
export interface FlowErrorFacts {
	/** The word a flow branches on. */
	kind: ErrorKind;
	/** Exotel's own code, the platform's (`ECONNREFUSED`), or the kind. */
	code: string;
	message: string;
	/** What to do next. */
	hint: string;
	/** Web address of the entry of the troubleshooting page. */
	help: string;
	httpStatus: number | null;
	retryable: boolean;
	/** Every broken rule, for kind `input`. */
	violations: Violation[];
	attemptId: string | null;
	/** Exotel's ID of the request (v2), for questions to its support. */
	requestId: string | null;
}

/** The error handed to `done`. */
export class FlowError extends Error {
	override readonly name = 'Exotel';
	readonly code: string;
	readonly kind: ErrorKind;
	readonly hint: string;
	override readonly cause: FlowErrorFacts;

	constructor(facts: FlowErrorFacts) {
		super(facts.hint === '' ? facts.message : `${facts.message} ${facts.hint}`);
		this.code = facts.code;
		this.kind = facts.kind;
		this.hint = facts.hint;
		this.cause = facts;
		delete this.stack;
	}
}

/**
 * The facts of any failure. What is not an ExotelError is a fault of this package and says so, without its text's
 * details lost.
 */
export function errorFacts(reason: unknown): FlowErrorFacts {
	const error =
		reason instanceof ExotelError
			? reason
			: new ExotelError('exotel', reason instanceof Error ? reason.message : String(reason), {
					hint: 'This should not happen: please report it with the steps that led here.',
				});
	return {
		kind: error.kind,
		code: error.code ?? error.kind,
		message: error.message,
		hint: error.hint,
		help: error.help,
		httpStatus: error.httpStatus,
		retryable: error.retryable,
		violations: error.violations,
		attemptId: error.attemptId,
		requestId: error.requestId,
	};
}

/** The error for `done` and `node.error`. */
export function flowError(reason: unknown): FlowError {
	return reason instanceof FlowError ? reason : new FlowError(errorFacts(reason));
}

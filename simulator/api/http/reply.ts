/** What a handler returns; the server writes it. */
import type { Answer } from '../../wire/answer';

/** The connection is closed without an answer. */
export const CUT = Symbol('connection cut');

/** Nothing is sent and the connection stays open until the client gives up. */
export const UNANSWERED = Symbol('no answer');

/** The handler has written to the connection itself (live events). */
export const HANDLED = Symbol('handled');

/** What may come of a request. */
export type Reply = Answer | typeof CUT | typeof UNANSWERED | typeof HANDLED;

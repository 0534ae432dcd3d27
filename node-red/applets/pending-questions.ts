/**
 * Callers who wait for an answer. A question of an applet stays here until it is answered by the flow, or – at its
 * deadline, when its node goes, when the answer is no good – with the fallback of its node; nobody is left in silence.
 * A question is found by its id, or by the call's when a flow has lost everything else on the way.
 */
import type { ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { Account, AppletAnswer, AppletRequest } from '../../exotel/index';
import type { Red } from '../host';

/** Callers waiting in one Node-RED at a time; one more is answered with the fallback at once. */
const MOST_PENDING = 5000;

/** Why the fallback went out. */
export type FallbackReason = 'deadline' | 'refused' | 'redeploy' | 'too-many';

/** A question as the webhook got it. */
export interface Asked {
	/** The node that asks its flow. */
	nodeId: string;
	question: AppletRequest;
	account: Account;
	response: ServerResponse;
	/** Time until the fallback goes out, ms. */
	patienceMs: number;
	fallback: AppletAnswer;
	/** The fallback went out instead of an answer of the flow. */
	fellBack(reason: FallbackReason): void;
	/** Answered, given up or hung up: the caller does not wait any more. */
	settled(): void;
}

/** One waiting caller. */
export class PendingQuestion {
	readonly #timer: NodeJS.Timeout;
	#open = true;

	constructor(
		readonly id: string,
		readonly asked: Asked,
		private readonly forget: () => void,
	) {
		this.#timer = setTimeout(() => this.fallBack('deadline'), Math.max(0, asked.patienceMs));
		// Exotel hung up: nobody listens any more.
		asked.response.once('close', () => this.#settle());
	}

	/** False once something was sent, or nobody listens any more. */
	get isOpen(): boolean {
		return this.#open;
	}

	/** Sends a finished answer; false when it came too late. */
	answer(answer: AppletAnswer): boolean {
		if (!this.#open) return false;
		const { response } = this.asked;
		this.#settle();
		response.writeHead(answer.httpStatus, {
			...answer.headers,
			'content-length': Buffer.byteLength(answer.body),
			'cache-control': 'no-store',
		});
		response.end(answer.body);
		return true;
	}

	/** Sends the fallback, unless something was sent before. */
	fallBack(reason: FallbackReason): void {
		if (this.answer(this.asked.fallback)) this.asked.fellBack(reason);
	}

	#settle(): void {
		if (!this.#open) return;
		this.#open = false;
		clearTimeout(this.#timer);
		this.forget();
		this.asked.settled();
	}
}

/** All waiting callers of one Node-RED. */
export class PendingQuestions {
	readonly #byId = new Map<string, PendingQuestion>();

	/** Takes a question in. It is already answered when there were too many. */
	ask(id: string, asked: Asked): PendingQuestion {
		const pending = new PendingQuestion(id, asked, () => this.#byId.delete(id));
		if (this.#byId.size >= MOST_PENDING) pending.fallBack('too-many');
		else this.#byId.set(id, pending);
		return pending;
	}

	byId(id: string): PendingQuestion | null {
		return this.#byId.get(id) ?? null;
	}

	/** The question of a call that was asked last: Exotel may ask several times for one call (`fetchAfterAttempt`). */
	byCall(sid: string): PendingQuestion | null {
		let last: PendingQuestion | null = null;
		for (const pending of this.#byId.values()) if (pending.asked.question.call.sid === sid) last = pending;
		return last;
	}

	/** How many callers of a node wait. */
	count(nodeId: string): number {
		let count = 0;
		for (const pending of this.#byId.values()) if (pending.asked.nodeId === nodeId) count += 1;
		return count;
	}

	/** The node goes: its callers get the fallback now. */
	release(nodeId: string): void {
		for (const pending of [...this.#byId.values()])
			if (pending.asked.nodeId === nodeId) pending.fallBack('redeploy');
	}
}

const questions = new WeakMap<Express, PendingQuestions>();

/** The waiting callers of this Node-RED. */
export function pendingQuestions(RED: Red): PendingQuestions {
	let pending = questions.get(RED.httpNode);
	if (pending === undefined) questions.set(RED.httpNode, (pending = new PendingQuestions()));
	return pending;
}

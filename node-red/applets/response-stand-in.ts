/**
 * What a flow finds in `msg.res._res`: as much of an Express response as Node-RED's own *http response* node uses. It
 * writes nothing itself; what was said with it goes through the same gate as every other answer, so that a late or
 * wrong one does no harm.
 */
import type { PendingQuestion } from './pending-questions';
import { checkedAnswer } from './checked-answer';

/** The methods of Express' response that *http response* calls, and their usual neighbours. */
export interface ResponseStandIn {
	readonly headersSent: boolean;
	statusCode: number;
	set(name: string | Record<string, unknown>, value?: unknown): ResponseStandIn;
	header(name: string | Record<string, unknown>, value?: unknown): ResponseStandIn;
	setHeader(name: string, value: unknown): ResponseStandIn;
	get(name: string): unknown;
	getHeader(name: string): unknown;
	type(name: string): ResponseStandIn;
	cookie(): ResponseStandIn;
	clearCookie(): ResponseStandIn;
	status(code: number): ResponseStandIn;
	sendStatus(code: number): ResponseStandIn;
	json(body: unknown): ResponseStandIn;
	jsonp(body: unknown): ResponseStandIn;
	send(body?: unknown): ResponseStandIn;
	end(body?: unknown): ResponseStandIn;
}

/** Makes the stand-in of one question. `refused` is told why an answer was not sent; `late` that it came too late. */
export function responseStandIn(
	pending: PendingQuestion,
	refused: (reason: unknown) => void,
	late: () => void,
): ResponseStandIn {
	const headers = new Map<string, unknown>();
	const say = (body: unknown): ResponseStandIn => {
		if (!pending.isOpen) {
			late();
			return standIn;
		}
		try {
			pending.answer(checkedAnswer(pending.asked.question, { httpStatus: standIn.statusCode, body }));
		} catch (reason) {
			pending.fallBack('refused');
			refused(reason);
		}
		return standIn;
	};
	const set = (name: string | Record<string, unknown>, value?: unknown): ResponseStandIn => {
		for (const [header, content] of typeof name === 'string' ? [[name, value] as const] : Object.entries(name))
			headers.set(header.toLowerCase(), content);
		return standIn;
	};
	const same = (): ResponseStandIn => standIn;
	const standIn: ResponseStandIn = {
		get headersSent() {
			return !pending.isOpen;
		},
		statusCode: 200,
		set,
		header: set,
		setHeader: set,
		get: (name) => headers.get(name.toLowerCase()),
		getHeader: (name) => headers.get(name.toLowerCase()),
		type: same,
		cookie: same,
		clearCookie: same,
		status(code) {
			standIn.statusCode = code;
			return standIn;
		},
		sendStatus(code) {
			standIn.statusCode = code;
			return say('');
		},
		json: say,
		jsonp: say,
		send: say,
		end: say,
	};
	return standIn;
}

/** The question behind `msg.res`, when it is still there. */
const behind = new WeakMap<object, PendingQuestion>();

/** Remembers which question a stand-in belongs to. */
export function remember(standIn: ResponseStandIn, pending: PendingQuestion): void {
	behind.set(standIn, pending);
}

/** The question of `msg.res`; null when the flow lost it or it is another node's. */
export function questionBehind(res: unknown): PendingQuestion | null {
	const inner = (res as { _res?: unknown } | null | undefined)?._res;
	return typeof inner === 'object' && inner !== null ? (behind.get(inner) ?? null) : null;
}

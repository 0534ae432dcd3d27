/**
 * What a flow finds in `msg.res._res`: as much of an Express response as Node-RED's own *http response* node uses. It
 * writes nothing itself; what is sent with it goes through the same gate as every other answer, so that a late or
 * wrong one does no harm.
 */
import { usableOwnAnswer } from '../../exotel/index';
import type { PendingRequest } from './pending-requests';

/** The methods of Express' response that *http response* calls, and their usual neighbours. */
export interface ResponseProxy {
	readonly headersSent: boolean;
	statusCode: number;
	set(name: string | Record<string, unknown>, value?: unknown): ResponseProxy;
	header(name: string | Record<string, unknown>, value?: unknown): ResponseProxy;
	setHeader(name: string, value: unknown): ResponseProxy;
	get(name: string): unknown;
	getHeader(name: string): unknown;
	type(name: string): ResponseProxy;
	cookie(): ResponseProxy;
	clearCookie(): ResponseProxy;
	status(code: number): ResponseProxy;
	sendStatus(code: number): ResponseProxy;
	json(body: unknown): ResponseProxy;
	jsonp(body: unknown): ResponseProxy;
	send(body?: unknown): ResponseProxy;
	end(body?: unknown): ResponseProxy;
}

/** The proxy of one request. `refused` gets the reason why an answer was not sent; `late`: it came too late. */
export function responseProxy(
	pending: PendingRequest,
	refused: (reason: unknown) => void,
	late: () => void,
): ResponseProxy {
	const headers = new Map<string, unknown>();
	const reply = (body: unknown): ResponseProxy => {
		if (!pending.isOpen) {
			late();
			return proxy;
		}
		try {
			const usable = usableOwnAnswer(pending.caller.request, { httpStatus: proxy.statusCode, body });
			pending.answer(usable.answer);
			if (usable.refused !== null) refused(usable.refused);
		} catch (reason) {
			pending.fallBack('refused');
			refused(reason);
		}
		return proxy;
	};
	const set = (name: string | Record<string, unknown>, value?: unknown): ResponseProxy => {
		for (const [header, content] of typeof name === 'string' ? [[name, value] as const] : Object.entries(name))
			headers.set(header.toLowerCase(), content);
		return proxy;
	};
	const same = (): ResponseProxy => proxy;
	const proxy: ResponseProxy = {
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
			proxy.statusCode = code;
			return proxy;
		},
		sendStatus(code) {
			proxy.statusCode = code;
			return reply('');
		},
		json: reply,
		jsonp: reply,
		send: reply,
		end: reply,
	};
	return proxy;
}

/** Where a proxy holds its pending request; a copy of the proxy has none. Not a `WeakMap`: see decision 070. */
const PENDING = Symbol('pending');

/** Notes which request a proxy belongs to. */
export function link(proxy: ResponseProxy, pending: PendingRequest): void {
	Object.defineProperty(proxy, PENDING, { value: pending });
}

/** The request of `msg.res`; null when the flow lost it or it is another node's. */
export function pendingFor(res: unknown): PendingRequest | null {
	const inner = (res as { _res?: { [PENDING]?: PendingRequest } | null } | null | undefined)?._res;
	return inner?.[PENDING] ?? null;
}

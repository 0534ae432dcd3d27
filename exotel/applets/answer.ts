/**
 * What goes back to Exotel: a complete HTTP response that a host sends as it is. The small answers are here: the branch
 * of a Passthru, the choice of a Switch Case (facts 7.4), the answer that dials nobody, and the headers alone.
 */
import { inputError } from '../errors';
import type { AppletRequest } from '../webhooks/applet-request';

/** Version of the Connect applet that sent the request. */
export type ConnectVersion = '1.0' | '1.1';

/** A finished HTTP response; header names in lower case. */
export interface AppletAnswer {
	httpStatus: number;
	headers: Record<string, string>;
	body: string;
}

/** Longest case name that is sent; Exotel states no limit. */
const MAX_CASE_LENGTH = 200;

/** The version an answer is written in; an applet of an unknown version gets the older one. */
export function answerVersion(request: Pick<AppletRequest, 'version'>): ConnectVersion {
	return request.version ?? '1.0';
}

/** A JSON answer with status 200, the only kind a Connect applet accepts. */
export function jsonAnswer(value: unknown): AppletAnswer {
	return { httpStatus: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/**
 * The branch of a Passthru: 200 takes the first branch of the flow, 302 the second. The 302 is a choice and not a
 * redirect; its `Location` only makes it a well-formed 302 and leads nowhere.
 */
export function passthruAnswer(first: boolean): AppletAnswer {
	const headers = { 'content-type': 'text/plain' };
	if (first) return { httpStatus: 200, headers, body: '' };
	return { httpStatus: 302, headers: { ...headers, location: 'about:blank' }, body: '' };
}

/**
 * The choice of a Switch Case behind a Passthru: JSON under the content type `text/plain`. The name must be the one in
 * the flow, letter by letter.
 * @throws ExotelError of kind `input` for a blank or overlong name.
 */
export function switchCaseAnswer(caseName: unknown): AppletAnswer {
	const name = typeof caseName === 'string' || typeof caseName === 'number' ? String(caseName).trim() : '';
	if (name === '' || name.length > MAX_CASE_LENGTH) {
		const message = 'Case must be named as in the Switch Case applet of the flow. Example: sales';
		throw inputError([{ field: 'caseName', rule: name === '' ? 'required' : 'max', message }]);
	}
	return { httpStatus: 200, headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ select: name }) };
}

/** A valid Connect answer that dials nobody: the flow goes on with "we didn't dial anyone" (facts 7.2). */
export function nobodyAnswer(version: ConnectVersion): AppletAnswer {
	return jsonAnswer({ destination: version === '1.0' ? { numbers: [] } : [] });
}

/**
 * The answer to a HEAD request, which Exotel sends before a Greeting: status and content type of an answer, without
 * anything to read out (facts 7.6).
 */
export function headAnswer({ kind }: Pick<AppletRequest, 'kind'>): AppletAnswer {
	const isJson = kind === 'connect' || kind === 'gather';
	return { httpStatus: 200, headers: { 'content-type': isJson ? 'application/json' : 'text/plain' }, body: '' };
}

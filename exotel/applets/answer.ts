/**
 * What goes back to Exotel: a complete HTTP answer that a host sends as it is. The small answers are here: the verdict
 * of a Passthru, the choice of a Switch Case (facts 7.4), and the answer that rings nobody.
 */
import { inputError } from '../errors';

/** Version of the Connect applet that asks. */
export type ConnectVersion = '1.0' | '1.1';

/** A finished HTTP answer; header names in lower case. */
export interface AppletAnswer {
	httpStatus: number;
	headers: Record<string, string>;
	body: string;
}

/** Longest case name that is sent; Exotel states no limit. */
const LONGEST_CASE = 200;

/** A JSON answer with status 200, the only kind a Connect applet accepts. */
export function jsonAnswer(value: unknown): AppletAnswer {
	return { httpStatus: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/**
 * The verdict of a Passthru: 200 takes the first branch of the flow, 302 the second. The 302 is a choice and not a
 * redirect; its `Location` only makes it a well-formed 302 and leads nowhere.
 */
export function passthruAnswer(yes: boolean): AppletAnswer {
	const headers = { 'content-type': 'text/plain' };
	return yes
		? { httpStatus: 200, headers, body: '' }
		: { httpStatus: 302, headers: { ...headers, location: 'about:blank' }, body: '' };
}

/**
 * The choice of a Switch Case behind a Passthru: JSON under the content type `text/plain`. The name must be the one in
 * the flow, letter by letter. Throws `input` for a blank or overlong name.
 */
export function switchCaseAnswer(caseName: string): AppletAnswer {
	const name = typeof caseName === 'string' ? caseName.trim() : '';
	if (name === '' || name.length > LONGEST_CASE) {
		throw inputError([
			{
				field: 'caseName',
				rule: name === '' ? 'required' : 'max',
				message: 'The case must be named as in the Switch Case applet of the flow, for example sales.',
			},
		]);
	}
	return { httpStatus: 200, headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ select: name }) };
}

/** A valid Connect answer that rings nobody: the flow goes on with "we didn't dial anyone" (facts 7.2). */
export function nobodyAnswer(version: ConnectVersion): AppletAnswer {
	return jsonAnswer({ destination: version === '1.0' ? { numbers: [] } : [] });
}

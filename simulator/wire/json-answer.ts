/** What Connect and Gather want of every answer: 200, application/json, an object (seeds 002, 003). */
import { isObject, parseJson, TooDeepError } from '../model/json';

/** An answer as it came over the wire; `status` null = none came. */
export interface RawAnswer {
	status: number | null;
	contentType: string | null;
	body: string;
	error: string | null;
	/** True if the body is only the beginning of one that is too long. */
	cut?: boolean;
}

/** The object, null if there is none, and every reason why the answer would be refused so far. */
export function jsonAnswer(answer: RawAnswer): { body: Record<string, unknown> | null; reasons: string[] } {
	if (answer.status === null) return { body: null, reasons: [`no answer: ${answer.error ?? 'unknown reason'}`] };
	const reasons = transportReasons(answer);
	if (answer.cut) return { body: null, reasons: [...reasons, 'the body is longer than 64 KB'] };
	return { body: objectIn(answer.body, reasons), reasons };
}

function transportReasons({ status, contentType }: RawAnswer): string[] {
	const reasons: string[] = [];
	if (status !== 200) reasons.push(`the status is ${status}; it must be 200`);
	if (!/^application\/json\s*(;|$)/i.test(contentType ?? ''))
		reasons.push(`the Content-Type is ${contentType ?? 'missing'}; it must be application/json`);
	return reasons;
}

function objectIn(text: string, reasons: string[]): Record<string, unknown> | null {
	let body: unknown = null;
	try {
		body = parseJson(text);
	} catch (error) {
		if (error instanceof TooDeepError) reasons.push('the body is nested too deep');
		else reasons.push(`the body is not valid JSON: ${String(error).replace('SyntaxError: ', '').slice(0, 160)}`);
	}
	if (isObject(body)) return body;
	if (body !== null) reasons.push('the body must be a JSON object');
	return null;
}

/**
 * The last gate before Exotel: an answer somebody wrote by hand – as JSON, or through Node-RED's own *http response*
 * node – is held against the rules of the question. Exotel would drop an answer that breaks them, and the caller with
 * it.
 */
import { checkAnswer, inputError, type AppletAnswer, type AppletRequest } from '../../exotel/index';

/** Version an answer is written in; an applet of a version nobody knows gets the older one. */
export const answerVersion = (question: AppletRequest): '1.0' | '1.1' => question.version ?? '1.0';

/** The answer Exotel will take. Throws an `input` error that names every broken rule. */
export function checkedAnswer(question: AppletRequest, written: { httpStatus: number; body: unknown }): AppletAnswer {
	const { httpStatus, body } = written;
	if (question.kind === 'passthru') {
		// Only these two mean something to a Passthru: its two branches. The body is the choice of a Switch Case, or
		// nothing.
		if (httpStatus !== 200 && httpStatus !== 302)
			throw refused(
				'httpStatus',
				`A Passthru understands the status 200 (first branch) and 302 (second branch), not ${httpStatus}.`,
			);
		const text = asText(body);
		return {
			httpStatus,
			headers: { 'content-type': 'text/plain', ...(httpStatus === 302 ? { location: 'about:blank' } : {}) },
			body: httpStatus === 302 ? '' : text,
		};
	}
	if (httpStatus !== 200)
		throw refused('httpStatus', `A Connect applet takes an answer with the status 200 only, not ${httpStatus}.`);
	const violations = checkAnswer(answerVersion(question), body);
	if (violations.length > 0) throw inputError(violations, 'Correct the answer; this caller got the fallback.');
	return { httpStatus: 200, headers: { 'content-type': 'application/json' }, body: asText(body) };
}

function asText(body: unknown): string {
	if (body === undefined || body === null) return '';
	if (Buffer.isBuffer(body)) return body.toString('utf8');
	return typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
}

function refused(field: string, message: string): Error {
	return inputError([{ field, rule: 'choice', message }], 'Correct the answer; this caller got the fallback.');
}

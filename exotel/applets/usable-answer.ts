/**
 * What still goes out when something in an answer is wrong: the answer without it, as long as that is optional. A
 * caller is better served by the destination the flow chose, without music on hold, than by the fallback (decision
 * 055). What the answer is about – destinations, prompt, greeting, branch – is never left out.
 */
import type { Account } from '../account';
import { type ExotelError, inputError, isInputError } from '../errors';
import type { FieldSet } from '../fields/field';
import { asPayload, type Payload } from '../payload';
import type { AppletAnswer } from './answer';
import { type AnswerInput, type AnsweredRequest, buildAnswer, checkedAnswer, parseOwn } from './build-answer';
import { connectAnswerFields } from './connect-answer-fields';
import { gatherAnswerFields } from './gather-answer-fields';
import { greetingAnswerFields } from './greeting-answer-fields';

/** An answer to send, and the error to report when something was left out of it. */
export interface UsableAnswer {
	answer: AppletAnswer;
	/** Names the fields that were left out; null when nothing was. */
	refused: ExotelError | null;
}

const PARTLY_SENT_HINT = 'The caller got the answer without it. Correct the named field.';

/** The answers that have fields; those of them that may be left out are not `essential`. */
const forms = { connect: connectAnswerFields, gather: gatherAnswerFields, greeting: greetingAnswerFields } as const;
/** Keys an answer written by hand is not one without, and what is no field of an answer. */
const essentialKeys: ReadonlySet<string> = new Set(['destination', 'gather_prompt', 'answer', 'own']);
/** Nobody is recorded without the announcement that was meant to say so. */
const announcements: ReadonlySet<string> = new Set(['playbackText', 'playbackUrl', 'start_call_playback']);
const recordings: readonly string[] = ['record', 'recordingChannels', 'recording_channels', 'recording'];

/**
 * Builds the answer, if need be without the optional fields that are wrong.
 * @throws ExotelError of kind `input` when nothing usable is left; the caller gets the fallback then.
 */
export function usableAnswer(
	request: AnsweredRequest,
	input: AnswerInput,
	account: Pick<Account, 'defaultCountry'>,
): UsableAnswer {
	if (input.kind === 'own') return usableOwnAnswer(request, { httpStatus: 200, body: input.own });
	const { kind } = input;
	if (kind !== 'connect' && kind !== 'gather' && kind !== 'greeting')
		return { answer: buildAnswer(request, input, account), refused: null };
	return withoutFaults(asPayload(input[kind]) ?? {}, forms[kind], (rest) =>
		buildAnswer(request, { ...input, [kind]: rest }, account),
	);
}

/**
 * Checks an answer written by hand, if need be without the optional keys that are wrong.
 * @throws ExotelError of kind `input` when nothing usable is left; the caller gets the fallback then.
 */
export function usableOwnAnswer(
	request: AnsweredRequest,
	written: { httpStatus: number; body: unknown },
): UsableAnswer {
	const isJson = request.kind === 'connect' || request.kind === 'gather';
	try {
		return { answer: checkedAnswer(request, written), refused: null };
	} catch (thrown) {
		const error = asInputError(thrown);
		if (!isJson || written.httpStatus !== 200 || error.violations[0]?.rule === 'json') throw error;
		const given = asPayload(parseOwn(written.body));
		if (given === null) throw error;
		return withoutFaults(given, {}, (body) => checkedAnswer(request, { httpStatus: 200, body }));
	}
}

function isEssential(name: string, fields: FieldSet): boolean {
	return fields[name]?.essential === true || essentialKeys.has(name);
}

function withoutFaults(given: Payload, fields: FieldSet, build: (input: Payload) => AppletAnswer): UsableAnswer {
	try {
		return { answer: build(given), refused: null };
	} catch (thrown) {
		const error = asInputError(thrown);
		const faulty = error.violations.map(({ field }) => field.split(/[.[]/, 1)[0] ?? field);
		if (faulty.length === 0 || faulty.some((name) => isEssential(name, fields))) throw error;
		const answer = rebuilt(given, fields, faulty, build);
		if (answer === null) throw error;
		return { answer, refused: inputError([...error.violations], PARTLY_SENT_HINT) };
	}
}

/** The answer without these fields, or else also without those they belong to; null when that is none either. */
function rebuilt(
	given: Payload,
	fields: FieldSet,
	faulty: readonly string[],
	build: (input: Payload) => AppletAnswer,
): AppletAnswer | null {
	const silent = faulty.some((name) => announcements.has(name)) ? recordings : [];
	const parents = faulty.flatMap((name) => fields[name]?.dependsOn ?? []);
	for (const more of [[], parents]) {
		const dropped = new Set([...faulty, ...silent, ...more]);
		const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !dropped.has(name)));
		try {
			return build(rest);
		} catch {
			// The second attempt leaves more out; then the fallback is what is left.
		}
	}
	return null;
}

/** Building an answer throws nothing else. */
function asInputError(thrown: unknown): ExotelError {
	if (isInputError(thrown)) return thrown;
	throw thrown;
}

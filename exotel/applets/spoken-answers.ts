/**
 * Writes the answers to the two applets that speak to the caller: Gather (JSON) and Greeting (plain text). Wire format:
 * facts 7.6, from the vendor's support pages. Neither holds a number or a time, so no rule of the account matters.
 */
import { defaultRules } from '../account';
import { inputError } from '../errors';
import type { RawInput } from '../fields/field';
import { checkInput } from '../operations/operation';
import { asPayload } from '../payload';
import { type AppletAnswer, jsonAnswer } from './answer';
import { unknownNames } from './answer-checks';
import { gatherAnswerFields, type GatherAnswerFields } from './gather-answer-fields';
import { greetingAnswerFields, type GreetingAnswerFields } from './greeting-answer-fields';
import { greetingFault, greetingText, spokenChecks } from './spoken-words';

/** The input of a Gather answer: known names, unchecked values. */
export type GatherAnswerInput = RawInput<GatherAnswerFields>;

/** The input of a Greeting answer: known names, unchecked values. */
export type GreetingAnswerInput = RawInput<GreetingAnswerFields>;

/** A prompt as Exotel writes it; undefined where there is none. */
function prompt(text: unknown, address: unknown): { audio_url: unknown } | { text: unknown } | undefined {
	if (address !== undefined) return { audio_url: address };
	return text === undefined ? undefined : { text };
}

/**
 * Builds the answer to a Gather applet.
 * @throws ExotelError of kind `input` whose `violations` name every field that is wrong.
 */
export function gatherAnswer(input: GatherAnswerInput): AppletAnswer {
	const given = asPayload(input) ?? {};
	const { values, violations } = checkInput(gatherAnswerFields, given, {
		rules: defaultRules,
		checks: spokenChecks.gather,
	});
	violations.push(...unknownNames('Gather', gatherAnswerFields, given));
	if (violations.length > 0) throw inputError(violations);
	const finish = values.finishOnKey?.toLowerCase();
	return jsonAnswer({
		gather_prompt: prompt(values.promptText, values.promptUrl),
		max_input_digits: values.maxDigits,
		finish_on_key: finish === 'none' ? '' : finish,
		input_timeout: values.keyTimeoutSeconds,
		repeat_menu: values.repeats,
		repeat_gather_prompt: prompt(values.repeatText, values.repeatUrl),
	});
}

/** What a Greeting reads out or plays. The content type is `text/plain` "and nothing else". */
function plainText(body: string): AppletAnswer {
	return { httpStatus: 200, headers: { 'content-type': 'text/plain' }, body };
}

/**
 * Builds the answer to a Greeting applet.
 * @throws ExotelError of kind `input` whose `violations` name every field that is wrong.
 */
export function greetingAnswer(input: GreetingAnswerInput): AppletAnswer {
	const given = asPayload(input) ?? {};
	const { values, violations } = checkInput(greetingAnswerFields, given, {
		rules: defaultRules,
		checks: spokenChecks.greeting,
	});
	violations.push(...unknownNames('Greeting', greetingAnswerFields, given));
	if (violations.length > 0) throw inputError(violations);
	return plainText(values.greetingUrl ?? greetingText(values.greetingText ?? ''));
}

/**
 * A Greeting answer as the user wrote it: a text, or addresses of wav files, one in each line.
 * @throws ExotelError of kind `input` when there is nothing to say, or when addresses and text are mixed.
 */
export function ownGreeting(text: string): AppletAnswer {
	const missing = { rule: 'required', message: 'A Greeting applet needs a text, or web addresses of wav files.' };
	const fault = text.trim() === '' ? missing : greetingFault(text);
	if (fault === null) return plainText(greetingText(text));
	throw inputError([{ field: 'own', ...fault }], 'Correct the answer; this caller got the fallback.');
}

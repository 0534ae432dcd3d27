/**
 * Writes the answers to the two applets that speak to the caller: Gather (JSON) and Greeting (plain text). Wire format:
 * facts 7.6, from the vendor's support pages.
 */
import { inputError } from '../errors';
import type { RawInput } from '../fields/field';
import { checkField } from '../fields/parse-fields';
import { checkInput } from '../operations/operation';
import { asPayload } from '../payload';
import { type AppletAnswer, jsonAnswer } from './answer';
import { textOrSound, unknownNames } from './answer-checks';
import { gatherAnswerFields, type GatherAnswerFields } from './gather-answer-fields';
import { greetingAnswerFields, type GreetingAnswerFields } from './greeting-answer-fields';

/** The input of a Gather answer: known names, unchecked values. */
export type GatherAnswerInput = RawInput<GatherAnswerFields>;

/** The input of a Greeting answer: known names, unchecked values. */
export type GreetingAnswerInput = RawInput<GreetingAnswerFields>;

/** Nothing of these answers depends on the account: they hold no number and no time. */
const rules = { defaultCountry: 'IN', timeZone: 'UTC' } as const;

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
	const checks = [textOrSound('promptText', 'promptUrl', true), textOrSound('repeatText', 'repeatUrl', false)];
	const { values, violations } = checkInput(gatherAnswerFields, given, { rules, checks });
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
	const checks = [textOrSound('greetingText', 'greetingUrl', true)];
	const { values, violations } = checkInput(greetingAnswerFields, given, { rules, checks });
	violations.push(...unknownNames('Greeting', greetingAnswerFields, given));
	if (violations.length > 0) throw inputError(violations);
	return plainText(values.greetingUrl ?? values.greetingText ?? '');
}

/** A text that Exotel takes for the address of a sound file. */
export function isSound(text: string): boolean {
	return /^https?:\/\//i.test(text.trim());
}

/**
 * A Greeting answer as the user wrote it: a text, or addresses of wav files, one in each line.
 * @throws ExotelError of kind `input` when there is nothing to say, or when addresses and text are mixed.
 */
export function ownGreeting(text: string): AppletAnswer {
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	const refuse = (rule: string, message: string): never => {
		throw inputError([{ field: 'own', rule, message }], 'Correct the answer; this caller got the fallback.');
	};
	if (lines.length === 0) refuse('required', 'A Greeting applet needs a text, or web addresses of wav files.');
	const sounds = lines.filter(isSound);
	if (sounds.length === 0) return plainText(text);
	if (sounds.length < lines.length) {
		refuse('one-of', 'A Greeting answer is either a text or web addresses, one in each line, not both.');
	}
	for (const line of lines) {
		const fault = checkField(greetingAnswerFields, 'greetingUrl', line, rules);
		if (fault !== true) refuse('url', fault);
	}
	return plainText(lines.map((line) => line.trim()).join('\n'));
}

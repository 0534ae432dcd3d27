/** What a caller hears: words that Exotel reads out, or web addresses of wav files that it plays (facts 7.6). */
import { defaultRules } from '../account';
import type { Violation } from '../errors';
import { checkField } from '../fields/parse-fields';
import { type Check, oneOf } from '../operations/operation';
import { gatherAnswerFields, type GatherAnswerFields } from './gather-answer-fields';
import { greetingAnswerFields, type GreetingAnswerFields } from './greeting-answer-fields';

/** A text that Exotel takes for the address of a sound file. */
export function isSound(text: string): boolean {
	return /^https?:\/\//i.test(text.trim());
}

function linesOf(text: string): string[] {
	return text.split('\n').flatMap((line) => line.trim() || []);
}

/** What is wrong with the address of a sound under that label; null when nothing is. */
function soundFault(label: string, address: string): string | null {
	const sound = { ...greetingAnswerFields.greetingUrl, label };
	const result = checkField({ sound }, 'sound', address, defaultRules);
	return result === true ? null : result.message;
}

/**
 * What is wrong with the text of a Greeting, from a form or written by hand; null when it is words, or web addresses of
 * wav files, one in each line.
 */
export function greetingFault(
	text: string,
	label: string = greetingAnswerFields.greetingUrl.label,
): Pick<Violation, 'rule' | 'message'> | null {
	const lines = linesOf(text);
	const sounds = lines.filter(isSound);
	if (sounds.length > 0 && sounds.length < lines.length) {
		const message = 'A Greeting answer is either a text or web addresses, one in each line, not both.';
		return { rule: 'one-of', message };
	}
	const faults = sounds.map((line) => soundFault(label, line));
	const message = faults.find((fault) => fault !== null);
	return message === undefined ? null : { rule: 'url', message };
}

/** The text of a Greeting as it is sent: addresses without white space around them. */
export function greetingText(text: string): string {
	return isSound(text) ? linesOf(text).join('\n') : text;
}

/** The text of a Gather is always read out: an address in it would be, too. */
function readOutFault(label: string, text: string, soundLabel: string): string | null {
	if (!linesOf(text).some(isSound)) return null;
	return `${label} holds a web address, which would be read out letter by letter. Put it into ${soundLabel}.`;
}

function wordsOnly<const Name extends string>(textName: Name, urlName: Name): Check<Name> {
	return ({ values, fields }) => {
		const text = values[textName];
		const message =
			typeof text === 'string' ? readOutFault(fields[textName].label, text, fields[urlName].label) : null;
		return message === null ? [] : [{ field: textName, rule: 'words', message, other: urlName }];
	};
}

const eitherOr = (example: unknown): string => `Fill in a text or a sound file. Example: ${String(example)}`;

/** The rules about several fields of the answers that speak. */
export const spokenChecks: {
	gather: readonly Check<keyof GatherAnswerFields>[];
	greeting: readonly Check<keyof GreetingAnswerFields>[];
} = {
	gather: [
		oneOf('promptText', 'promptUrl', eitherOr(gatherAnswerFields.promptText.example)),
		oneOf('repeatText', 'repeatUrl'),
		wordsOnly('promptText', 'promptUrl'),
		wordsOnly('repeatText', 'repeatUrl'),
	],
	greeting: [
		oneOf('greetingText', 'greetingUrl', eitherOr(greetingAnswerFields.greetingText.example)),
		({ values }) => {
			const fault = typeof values.greetingText === 'string' ? greetingFault(values.greetingText) : null;
			return fault === null ? [] : [{ field: 'greetingText', ...fault, other: 'greetingUrl' }];
		},
	],
};

/** A setting as words; blank for anything that is no text. */
export function asWords(setting: unknown): string {
	return typeof setting === 'string' ? setting.trim() : '';
}

/** What is wrong with the words of a fallback, which are a text or the address of a sound; null when nothing is. */
export function fallbackWordsFault(applet: 'gather' | 'greeting', setting: unknown): string | null {
	const words = asWords(setting);
	if (applet === 'greeting') return greetingFault(words, 'Fallback for Greeting')?.message ?? null;
	const label = 'Fallback for Gather';
	return isSound(words) ? soundFault(label, words) : readOutFault(label, words, 'the field alone, without words');
}

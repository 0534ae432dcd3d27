/**
 * What a caller gets when the flow does not answer in time, and what Exotel's own Fallback URL gets at once. It always
 * leads to an answer that Exotel accepts. Plain data, so that it can travel with a request.
 */
import type { Account } from '../account';
import { ExotelError, type Violation } from '../errors';
import { checkField } from '../fields/parse-fields';
import { splitList } from '../fields/split-list';
import { parsePhone } from '../phone';
import { type AppletAnswer, answerVersion, nobodyAnswer, passthruAnswer, switchCaseAnswer } from './answer';
import type { AnsweredRequest } from './build-answer';
import { connectAnswer } from './connect-answer';
import { connectAnswerFields } from './connect-answer-fields';
import { gatherAnswerFields } from './gather-answer-fields';
import { greetingAnswerFields } from './greeting-answer-fields';
import { gatherAnswer, greetingAnswer } from './spoken-answers';
import { asWords, fallbackWordsFault, isSound } from './spoken-words';

/** The fallback as the user set it. */
export interface Fallback {
	/** For Connect: dial nobody, dial `numbers`, or let Exotel request the Fallback URL of the applet. */
	connect: 'nobody' | 'numbers' | 'url';
	/** Destinations: a list, or a text separated by commas, semicolons or lines. */
	numbers: unknown;
	/** For Passthru: a branch, or the case `caseName`. */
	branch: 'first' | 'second' | 'case';
	caseName?: unknown;
	/** For Gather: what the caller hears once, a text or the address of a wav file; blank for the usual words. */
	gather?: unknown;
	/** For Greeting, in the same way. */
	greeting?: unknown;
}

/** What a caller hears when nothing else was set. */
export const usualWords = { gather: 'Please press a key.', greeting: 'One moment, please.' } as const;

const wordsOrSound = 'a text, or the address of a wav file. Blank:';

/** The fields of a fallback, for forms and checks. */
export const fallbackFields = {
	fallbackNumbers: {
		...connectAnswerFields.destinations,
		label: 'Fallback destinations',
		description:
			'Who is called when no answer comes in time, separated by commas. Blank: Exotel goes on with "didn\'t ' +
			'dial anyone" in your flow.',
	},
	fallbackGather: {
		...gatherAnswerFields.promptUrl,
		label: 'Fallback for Gather',
		description: `What the caller hears once when no answer comes: ${wordsOrSound} "${usualWords.gather}"`,
		example: usualWords.gather,
	},
	fallbackGreeting: {
		...greetingAnswerFields.greetingUrl,
		label: 'Fallback for Greeting',
		description: `What the caller hears when no answer comes: ${wordsOrSound} "${usualWords.greeting}"`,
		example: usualWords.greeting,
	},
};

/** Exotel requests the applet's own Fallback URL when the answer is not a 200 (seed 002). */
const useFallbackUrl: AppletAnswer = {
	httpStatus: 503,
	headers: { 'content-type': 'text/plain' },
	body: 'No answer from the flow; use the fallback URL.',
};

/**
 * The fallback for a request. Destinations that cannot be dialled, or that the version of the applet has no form for,
 * are left out and the others are dialled; without any left, it dials nobody. Never throws.
 */
export function fallbackAnswer(
	fallback: Fallback,
	request: AnsweredRequest,
	account: Pick<Account, 'defaultCountry'>,
): AppletAnswer {
	if (request.kind === 'passthru') return passthruFallback(fallback);
	if (request.kind === 'gather' || request.kind === 'greeting') return spokenFallback(request.kind, fallback);
	const version = answerVersion(request);
	if (fallback.connect === 'url') return useFallbackUrl;
	if (fallback.connect === 'nobody') return nobodyAnswer(version);
	const destinations = splitList(fallback.numbers).flatMap((value) => {
		const parsed = parsePhone(value, account.defaultCountry);
		if (parsed.kind === 'number') return [parsed.e164];
		return parsed.kind === 'sip' && version === '1.1' ? [parsed.uri] : [];
	});
	try {
		return connectAnswer(version, { destinations }, account);
	} catch {
		return nobodyAnswer(version);
	}
}

function passthruFallback({ branch, caseName }: Fallback): AppletAnswer {
	try {
		return branch === 'case' ? switchCaseAnswer(caseName) : passthruAnswer(branch === 'first');
	} catch {
		return passthruAnswer(false);
	}
}

/** What the caller hears is said once: the flow goes on with the keys that are pressed, or without any. */
function spokenFallback(applet: keyof typeof usualWords, fallback: Fallback): AppletAnswer {
	const [words, usual] = [asWords(fallback[applet]), usualWords[applet]];
	try {
		return spoken(applet, words === '' ? usual : words);
	} catch {
		return spoken(applet, usual);
	}
}

function spoken(applet: keyof typeof usualWords, words: string): AppletAnswer {
	if (applet === 'gather') return gatherAnswer(isSound(words) ? { promptUrl: words } : { promptText: words });
	return greetingAnswer({ greetingText: words });
}

/** What is wrong with a fallback, to be reported when it is saved and not while a caller waits. */
export function fallbackViolations(fallback: Fallback, account: Pick<Account, 'defaultCountry'>): Violation[] {
	const violations: Violation[] = [];
	const rules = { defaultCountry: account.defaultCountry, timeZone: 'UTC' };
	for (const [applet, field] of [
		['gather', 'fallbackGather'],
		['greeting', 'fallbackGreeting'],
	] as const) {
		const message = fallbackWordsFault(applet, fallback[applet]);
		if (message !== null) violations.push({ field, rule: 'words', message });
	}
	if (fallback.connect === 'numbers') {
		const result = checkField(fallbackFields, 'fallbackNumbers', fallback.numbers, rules);
		if (result !== true) violations.push({ ...result, field: 'fallbackNumbers', rule: 'phone' });
	}
	if (fallback.branch === 'case') {
		try {
			switchCaseAnswer(fallback.caseName);
		} catch (thrown) {
			if (thrown instanceof ExotelError) violations.push(...thrown.violations);
		}
	}
	return violations;
}

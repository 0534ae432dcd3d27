/** Peculiarities of the real service that differ between accounts or sources, each with a switch. */
import { OTHERWISE } from './outcomes';
import type { NumberForm } from './phone-numbers';

/** Peculiarities of the real service that differ between accounts or sources; each can be switched. */
export interface Quirks {
	/** v1 records show numbers as `0…` (seed 004), `+91…`, or as they were sent. */
	numberForm: NumberForm;
	/** Duration, Price and leg Ids as strings (seed 004) or as numbers (seen in public code). */
	numericStrings: boolean;
	/** Values unknown in a GET: as in seed 004 (`""` for three fields, null for the rest), all null, or all `""`. */
	blanks: 'documented' | 'null' | 'empty';
	/** `Uri` of a JSON make-call answer has `.json` in the middle (seed 004). */
	uriWithJson: boolean;
	/** Account feature "ringing": ringing events, `EventTime`, `RingingDuration` (seed 000). */
	ringing: boolean;
	/** Call `Status` in `answered` events: `no-answer` as in seed 000's samples, or `in-progress`. */
	answeredStatus: 'no-answer' | 'in-progress';
	/** `+` in applet requests: encoded as `%2B`, or raw as many servers receive it (facts 8.2). */
	plusInQuestions: 'encoded' | 'raw';
	/**
	 * Applet requests and agent events carry what public captures show beyond the documentation: tenant_id,
	 * ForwardedFrom, Legs[0][…], AgentEmail (facts 9).
	 */
	undocumentedQuestionFields: boolean;
	/** `Created` of applet requests: `yyyy-mm-dd hh:mm:ss` (seed 002), or in RFC form as in captures (facts 7.1). */
	createdForm: 'documented' | 'rfc';
	/** Legs carry `AnsweredBy` (HUMAN, NA) in terminal callbacks (facts 9.10). */
	answeredByInLegs: boolean;
	/** Seconds after the end until Duration, Price and EndTime are filled in (about 120 at Exotel, seed 004). */
	detailsDelaySeconds: number;
	/** Seconds after the end until a recording can be downloaded. */
	recordingDelaySeconds: number;
	/** Seconds of a conversation, unless the number of one of the two says otherwise (outcome table). */
	talkSeconds: number;
}

/** Peculiarities as the documentation's samples show them. */
export const DEFAULT_QUIRKS: Quirks = {
	numberForm: 'national',
	numericStrings: true,
	blanks: 'documented',
	uriWithJson: true,
	ringing: true,
	answeredStatus: 'no-answer',
	plusInQuestions: 'encoded',
	undocumentedQuestionFields: false,
	createdForm: 'documented',
	answeredByInLegs: false,
	detailsDelaySeconds: 0,
	recordingDelaySeconds: 5,
	talkSeconds: OTHERWISE.talkSeconds,
};

/** What differs from the documentation's samples as seen in the field. */
export const FIELD_QUIRKS: Partial<Quirks> = { undocumentedQuestionFields: true, createdForm: 'rfc' };

/** Words a quirk can take; the others are true or false, or a number of seconds. */
const quirkChoices: Partial<Record<keyof Quirks, readonly string[]>> = {
	numberForm: ['national', 'e164', 'as-sent'],
	blanks: ['documented', 'null', 'empty'],
	answeredStatus: ['no-answer', 'in-progress'],
	plusInQuestions: ['encoded', 'raw'],
	createdForm: ['documented', 'rfc'],
};

/**
 * Reads a choice of quirks.
 * @throws RangeError naming what is wrong
 */
export function readQuirks(given: unknown): Partial<Quirks> {
	if (typeof given !== 'object' || given === null || Array.isArray(given))
		throw new RangeError('quirks must be an object');
	for (const [name, value] of Object.entries(given)) {
		if (!Object.hasOwn(DEFAULT_QUIRKS, name)) throw new RangeError(`there is no quirk ${name}`);
		const usual = DEFAULT_QUIRKS[name as keyof Quirks];
		const choices = quirkChoices[name as keyof Quirks];
		if (choices && !choices.includes(value as string))
			throw new RangeError(`quirk ${name} must be ${choices.join(' or ')}`);
		if (typeof usual === 'boolean' && typeof value !== 'boolean')
			throw new RangeError(`quirk ${name} must be true or false`);
		if (typeof usual === 'number' && !(typeof value === 'number' && value >= 0 && value <= 86_400))
			throw new RangeError(`quirk ${name} must be a number of seconds, at most a day`);
	}
	return given;
}

/**
 * A quirk as the command line takes it, `name=value`.
 * @throws RangeError naming what is wrong
 */
export function quirkFrom(argument: string): Partial<Quirks> {
	const cut = argument.indexOf('=');
	if (cut < 0) throw new RangeError(`a quirk must look like name=value, not ${argument}`);
	return readQuirks({ [argument.slice(0, cut)]: quirkValue(argument.slice(cut + 1)) });
}

function quirkValue(text: string): unknown {
	if (text === 'true' || text === 'false') return text === 'true';
	return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/**
 * What is known of a phone number (v1, number metadata): circle, operator, kind, do-not-disturb. `GET
 * /v1/Accounts/<sid>/Numbers/<number>.json`; seed 004, Exotel fact sheet 4. The number goes out in E.164, its plus as
 * `%2B`.
 */

import { asPayload, text } from '../payload';
import { circleNames, operatorNames } from './circles-and-operators';
import { inputError } from '../errors';
import { lookupNumberFields } from '../fields/numbers';
import { readFields } from '../fields/reading';
import { normalisePhone } from '../phone';
import { toExotelError } from '../http/error-response';
import type { Operation } from './operation';
import { decodeBody, unreadableAnswer } from '../http/response-body';
import { v1Url } from '../http/encoding';
import { readingRequest } from '../http/request';

/** What `lookupNumber` takes. */
export interface LookupNumberInput {
	number: string;
}

/** A code with its name, as Exotel wrote it or else from the documented table; null where neither has one. */
export interface CodeAndName {
	code: string;
	name: string | null;
}

/** What Exotel knows of a number. */
export interface NumberDetails {
	/** E.164. */
	number: string;
	circle: CodeAndName | null;
	operator: CodeAndName | null;
	/**
	 * `mobile`, `landline`, or another word of Exotel's in small letters; null when unknown, often for a number nobody
	 * has.
	 */
	type: string | null;
	/** True when the number is on the do-not-disturb list; null when Exotel does not know. */
	dnd: boolean | null;
	/** Everything as Exotel sent it. */
	raw: Record<string, unknown>;
}

/** Look a number up. */
export const lookupNumber: Operation<LookupNumberInput, NumberDetails> = {
	name: 'lookupNumber',
	request(account, input) {
		const { values, violations } = readFields(lookupNumberFields, input, account);
		if (violations.length > 0) throw inputError(violations);
		return readingRequest(
			v1Url(account, `/Numbers/${encodeURIComponent((values as unknown as LookupNumberInput).number)}.json`),
			'number',
		);
	},
	read(response, account) {
		const refusal = toExotelError(response, account);
		if (refusal !== null) throw refusal;
		const raw = asPayload(asPayload(decodeBody(response).value)?.Numbers);
		const number = normalisePhone(raw?.PhoneNumber, account.defaultCountry);
		if (raw === null || number === null) throw unreadableAnswer(response, 'details of a number');
		return {
			number,
			circle: codeAndName(raw.Circle, raw.CircleName, circleNames),
			operator: codeAndName(raw.Operator, raw.OperatorName, operatorNames),
			type: text(raw.Type)?.toLowerCase() ?? null,
			dnd: dndWords.get(text(raw.DND)?.toLowerCase() ?? '') ?? null,
			raw,
		};
	},
};

/** `Unavailable`, the third word, means that Exotel does not know. */
const dndWords = new Map([
	['yes', true],
	['no', false],
]);

function codeAndName(
	writtenCode: unknown,
	writtenName: unknown,
	names: Readonly<Record<string, string>>,
): CodeAndName | null {
	const code = text(writtenCode);
	if (code === null) return null;
	return { code, name: text(writtenName) ?? (Object.hasOwn(names, code) ? (names[code] as string) : null) };
}

/**
 * What is known of a phone number (v1, number metadata): circle, operator, kind, do-not-disturb.
 * `GET /v1/Accounts/<sid>/Numbers/<number>.json`; seed 004, facts 4. The number goes out in E.164, its plus as `%2B`.
 */
import { phone } from '../fields/field';
import { readingRequest, v1Url } from '../http/request';
import { decodeBody, unreadableResponse } from '../http/response-body';
import { asPayload, text } from '../payload';
import { normalisePhone } from '../phone';
import { circleNames, operatorNames } from './circles-and-operators';
import { defineOperation } from './operation';

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
	 * `mobile`, `landline`, or another word of Exotel's in small letters; null when unknown, often for a number that
	 * is not assigned.
	 */
	type: string | null;
	/** True when the number is on the do-not-disturb list; null when Exotel does not know. */
	dnd: boolean | null;
	/** Everything as Exotel sent it. */
	raw: Record<string, unknown>;
}

/** Look a number up. */
export const lookupNumber = defineOperation({
	name: 'lookupNumber',
	fields: {
		number: phone({
			label: 'Phone number',
			description:
				'An Indian phone number, with country code or as it is dialled in India; a landline with its area ' +
				'code.',
			parameter: 'Number',
			source: 'seed 004',
			example: '+919812345678',
			required: true,
		}),
	},
	request: (account, values) =>
		readingRequest(v1Url(account, `/Numbers/${encodeURIComponent(values.number)}.json`), 'number'),
	read(response, account): NumberDetails {
		const raw = asPayload(asPayload(decodeBody(response).value)?.Numbers);
		const number = normalisePhone(raw?.PhoneNumber, account.defaultCountry);
		if (raw === null || number === null) throw unreadableResponse(response, 'details of a number');
		return {
			number,
			type: text(raw.Type)?.toLowerCase() ?? null,
			dnd: dndWords.get(text(raw.DND)?.toLowerCase() ?? '') ?? null,
			operator: codeAndName(raw.Operator, raw.OperatorName, operatorNames),
			circle: codeAndName(raw.Circle, raw.CircleName, circleNames),
			raw,
		};
	},
});

/** `Unavailable`, the third word, means that Exotel does not know. */
const dndWords = new Map([
	['yes', true],
	['no', false],
]);

function codeAndName(rawCode: unknown, rawName: unknown, names: Readonly<Record<string, string>>): CodeAndName | null {
	const code = text(rawCode);
	if (code === null) return null;
	return { code, name: text(rawName) ?? (Object.hasOwn(names, code) ? (names[code] ?? null) : null) };
}

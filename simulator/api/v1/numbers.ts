/** `GET /v1/Accounts/<sid>/Numbers/<number>[.json]`: circle, operator, type and DND of an Indian number (seed 004). */
import { CIRCLES, OPERATORS } from '../../wire/number-table';
import { digest } from '../../model/random';
import { lineKey, national, repaired } from '../../model/phone-numbers';
import { restException, v1Answer, type Format } from '../../wire/v1-answer';
import type { Answer } from '../../wire/answer';

/** The documentation's own sample number has the documented answer. */
const SAMPLE_NUMBER = 'XXXXX30240';

/** Answers what is known about a number. */
export function numberDetails(written: string, format: Format): Answer {
	const number = national(repaired(written));
	if (!/^0[0-9X]{10}$/i.test(number))
		return restException(format, 400, 'Only Indian numbers of 10 digits can be looked up');
	return v1Answer(format, 200, { Numbers: metadataOf(number) }, { emptyElements: 'pair' });
}

function metadataOf(number: string): Record<string, string> {
	const line = lineKey(number);
	// the same number always has the same operator and circle
	const dice = Buffer.from(digest(`number|${line}`), 'hex');
	const pick = (codes: string[], byte: number) => codes[dice[byte] % codes.length];
	const sample = line === SAMPLE_NUMBER;
	const circle = sample ? 'GJ' : pick(Object.keys(CIRCLES), 0);
	const operator = sample ? 'R' : pick(Object.keys(OPERATORS), 1);
	const mobile = /^[6-9X]/i.test(line);
	return {
		PhoneNumber: number,
		Circle: circle,
		CircleName: CIRCLES[circle],
		Type: mobile ? 'Mobile' : 'Landline',
		Operator: operator,
		OperatorName: OPERATORS[operator],
		DND: sample ? 'Yes' : dice[2] < 110 ? 'Yes' : dice[2] < 245 ? 'No' : 'Unavailable',
	};
}

/** `GET /v1/Accounts/<sid>/Numbers/<number>[.json]`: what is known about an Indian number (seed 004). */
import { national, repaired } from '../../model/phone-numbers';
import { numberMetadata } from '../../wire/number-metadata';
import { restException, v1Answer } from '../../wire/v1-answer';
import type { Answer } from '../../wire/answer';
import type { ApiRequest } from '../http/api-request';

/** Answers circle, operator, type and DND of a number. */
export function numberDetails({ format, parameters }: ApiRequest): Answer {
	const number = national(repaired(parameters.number ?? ''));
	if (!/^0[0-9X]{10}$/i.test(number))
		return restException(format, 400, 'Only Indian numbers of 10 digits can be looked up');
	return v1Answer(format, 200, { Numbers: numberMetadata(number) }, { emptyElements: 'pair' });
}

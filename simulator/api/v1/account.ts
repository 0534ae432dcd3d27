/**
 * `GET /v1/Accounts/<sid>[.json]`: what clients request to test their credentials (facts 1.2). The body is
 * a guess.
 */
import { v1Answer } from '../../wire/v1-answer';
import type { Answer } from '../../wire/answer';
import type { ApiRequest } from '../http/api-request';

/** Answers that the account exists. */
export function accountDetails({ account, format }: ApiRequest): Answer {
	return v1Answer(
		format,
		200,
		{
			Account: {
				Sid: account.sid,
				FriendlyName: account.sid,
				Type: 'Full',
				Status: 'active',
				Uri: `/v1/Accounts/${account.sid}`,
			},
		},
		{ emptyElements: 'pair' },
	);
}

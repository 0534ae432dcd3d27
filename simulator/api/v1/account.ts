/**
 * `GET /v1/Accounts/<sid>[.json]`: what clients ask to test their credentials (Exotel fact sheet 1.2). The body is a
 * guess.
 */
import { v1Answer, type Format } from '../../wire/v1-answer';
import type { Account } from '../../model/accounts';
import type { Answer } from '../../wire/answer';

/** Answers that the account exists. */
export function accountDetails(account: Account, format: Format): Answer {
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

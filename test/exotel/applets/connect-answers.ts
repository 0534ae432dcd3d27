/** Connect answers as the tests build them. */
import assert from 'node:assert/strict';
import { type ConnectVersion, ExotelError } from '../../../exotel';
import { connectAnswer, type ConnectAnswerInput } from '../../../exotel/applets/connect-answer';

export const account = { defaultCountry: 'IN' };

export const DESTINATION = '+919812345678';

export const build = (version: ConnectVersion, input: object): Record<string, unknown> =>
	JSON.parse(
		connectAnswer(version, { destinations: [DESTINATION], ...input } as ConnectAnswerInput, account).body,
	) as Record<string, unknown>;

/** `field: rule` of every violation. */
export function refusal(version: ConnectVersion, input: unknown): string[] {
	try {
		connectAnswer(version, input as ConnectAnswerInput, account);
	} catch (error) {
		assert.ok(error instanceof ExotelError && error.kind === 'input');
		for (const violation of error.violations)
			assert.ok(violation.message.length > 10 && !/98123/.test(violation.message.replace(/Example: .*/, '')));
		return error.violations.map((violation) => `${violation.field}: ${violation.rule}`);
	}
	throw new Error('was accepted');
}

export const refusedWith = (version: ConnectVersion, input: object): string[] =>
	refusal(version, { destinations: [DESTINATION], ...input });

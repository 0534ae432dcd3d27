/** What a request to place a call says about its call, for what Exotel leaves out or nothing else will ever tell. */
import type { KnownOfCall } from '../call/call';
import { isBlank } from '../fields/parse-value';
import { normalisePhone } from '../phone';
import type { PlacingInput } from './placing-input';

function given(value: unknown): string | null {
	return (typeof value === 'string' && !isBlank(value)) || typeof value === 'number' ? String(value) : null;
}

/**
 * The call as the user asked for it: numbers in E.164, as in every other event of the call; what is none, such as a SIP
 * address, as it was filled in.
 */
export function requestedCall(
	{ from, agentContact, to, exoPhone, customField }: PlacingInput,
	defaultCountry: string,
): KnownOfCall {
	const number = (value: unknown): string | null => normalisePhone(given(value)?.trim(), defaultCountry);
	return {
		from: number(from) ?? number(agentContact),
		to: number(to),
		exoPhone: number(exoPhone),
		customField: given(customField),
	};
}

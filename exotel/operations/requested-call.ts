/** What a request to place a call says about its call, for when nothing else will ever be known of it. */
import type { KnownOfCall } from '../call/call';
import { isBlank } from '../fields/parse-value';
import type { PlacingInput } from './placing-input';

function given(value: unknown): string | null {
	return (typeof value === 'string' && !isBlank(value)) || typeof value === 'number' ? String(value) : null;
}

/** The call as the user asked for it, values as they were filled in. */
export function requestedCall({ from, agentContact, to, exoPhone, customField }: PlacingInput): KnownOfCall {
	return {
		from: given(from) ?? given(agentContact),
		to: given(to),
		exoPhone: given(exoPhone),
		customField: given(customField),
	};
}

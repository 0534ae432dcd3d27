/** The fields of calls that hold the address of a callback, and the id of the attempt in them. */
import { callbackUrl } from '../net/public-url';
import type { PlacingInput } from './placing-input';

/** Names of the fields that hold an address of a callback. */
export const callbackAddresses = ['statusCallbackUrl', 'statusCallbackAnsweredUrl'] as const;

/** The name of a field that holds an address of a callback. */
export type CallbackAddress = (typeof callbackAddresses)[number];

/** The input of a call, and whether Exotel reports under an address that names the attempt. */
export interface InputWithAttempt {
	input: PlacingInput;
	carriesAttempt: boolean;
}

/**
 * The input with the attempt's id in each of its callback addresses, so that callbacks can be matched to the attempt.
 * What is no http(s) address is left to the checks of its field. Never throws.
 */
export function withAttempt(input: PlacingInput, attemptId: string): InputWithAttempt {
	const addressed: Partial<Record<CallbackAddress, string>> = {};
	for (const name of callbackAddresses) {
		const url = input[name];
		if (isWebAddress(url)) addressed[name] = callbackUrl(url, { attemptId });
	}
	return { input: { ...input, ...addressed }, carriesAttempt: Object.keys(addressed).length > 0 };
}

/** True for what `callbackUrl` takes. */
function isWebAddress(value: unknown): value is string {
	return typeof value === 'string' && /^\s*https?:\/\/[^/?#\s]/i.test(value) && URL.canParse(value.trim());
}

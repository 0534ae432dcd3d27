/** Where the call of a message lives, for nodes that look a call up by its SID. */
import type { ApiVersion } from '../../exotel/index';
import { properties } from '../host';

/** A call that went through our nodes says itself where it lives; any other is likelier in v1. */
export function likelyApi(payload: unknown): ApiVersion {
	return properties(payload)['api'] === 'v2' ? 'v2' : 'v1';
}

/**
 * The token in the address of one webhook. A host keeps one secret; each path has a token derived from it: who reads
 * one address in a dashboard or a log cannot forge callbacks for another, and never sees the secret.
 */
import { createHmac } from 'crypto';
import { isUsableToken } from './sender';

/** The token of one path: 128 bits, URL-safe. */
export function pathToken(secret: string, path: string): string {
	return createHmac('sha256', secret).update(`exotel webhook ${path}`).digest('base64url').slice(0, 22);
}

/**
 * Every token a request to `path` may carry, for each secret: the derived one, and the secret itself, for addresses
 * written by hand. From a secret that can be guessed nothing is derived; `parseSenderRules` refuses it.
 */
export function acceptedTokens(secrets: readonly string[], path: string): string[] {
	return secrets
		.filter((secret) => secret !== '')
		.flatMap((secret) => (isUsableToken(secret) ? [pathToken(secret, path), secret] : [secret]));
}

/**
 * Takes secrets out of a decoded body. Only after decoding are they seen: JSON may write any character as an escape
 * (`https:\/\/key:token@…`, `t\u006fken=…`), XML as a reference.
 */
import { asPayload } from '../payload';
import { redactSecrets } from '../redact';
import type { HttpResponse } from './transport';

/** Deeper than any body of Exotel's; what lies below is left out, since it is not looked through. */
const MAX_DEPTH = 50;

/** A copy of a decoded value, each text, each name and each value under the name of a secret redacted. */
export function withoutSecrets(value: unknown, left = MAX_DEPTH): unknown {
	if (typeof value === 'string') return redactText(value);
	if (typeof value !== 'object' || value === null) return value;
	if (left === 0) return null;
	if (Array.isArray(value)) return value.map((item: unknown) => withoutSecrets(item, left - 1));
	return Object.fromEntries(
		Object.entries(asPayload(value) ?? {}).map(([name, inner]) => [
			redactText(name),
			namesSecret(name) ? hidden(inner) : withoutSecrets(inner, left - 1),
		]),
	);
}

/** A text may itself hold escaped JSON; it is quoted unescaped when it holds a secret. */
function redactText(text: string): string {
	const plain = text.replace(/\\(?:u([\da-f]{4})|\/)/gi, (_, code?: string) =>
		code === undefined ? '/' : String.fromCharCode(Number.parseInt(code, 16)),
	);
	const redacted = redactSecrets(plain);
	return redacted === plain ? redactSecrets(text) : redacted;
}

/** True for names such as `Authorization` and `api_token`: what `redactSecrets` knows in front of a value. */
function namesSecret(name: string): boolean {
	const pair = `${name}=x`;
	return redactSecrets(pair) !== pair;
}

function hidden(value: unknown): unknown {
	return value === null || value === '' ? value : '***';
}

/** Shorter ones, such as those of the simulator, are words of their own: `key`, `token`. */
const MIN_VALUE_LENGTH = 16;

/**
 * The response, before it is decoded, without these values, alone or as the login that `Authorization` carries: where
 * the key is known, it is found wherever it stands.
 */
export function withoutValues(response: HttpResponse, values: readonly unknown[]): HttpResponse {
	const { body } = response;
	if (typeof body !== 'string') return response;
	const texts = values.filter((value): value is string => typeof value === 'string');
	const forms = [...texts, btoa(texts.join(':').replace(/[^\0-\u00ff]/g, ''))];
	const long = forms.map((form) => form.trim()).filter(({ length }) => length >= MIN_VALUE_LENGTH);
	return { ...response, body: long.reduce((text, form) => text.replaceAll(form, '***'), body) };
}

/**
 * Takes secrets out of a decoded body. Only after decoding are they seen: JSON may write any character as an escape
 * (`https:\/\/key:token@…`, `t\u006fken=…`), XML as a reference.
 */
import { asPayload } from '../payload';
import { redactCallbackUrls, redactSecrets } from '../redact';

/** Deeper than any body of Exotel's; what lies below is left out, since it is not looked through. */
const MAX_DEPTH = 50;

/** What becomes of a value. */
interface Rule {
	/** What becomes of its texts and names. */
	redact(text: string): string;
	/** What takes the place of the value under a name, or the rule for it. */
	under(name: string, value: unknown): { value: unknown } | Rule;
}

/** A copy of the body of an error, each text, each name and each value under the name of a secret redacted. */
export function withoutSecrets(value: unknown): unknown {
	return redacted(value, ERROR_RULE, MAX_DEPTH);
}

/**
 * A copy of the body of an answer without the tokens and logins of our own callback URLs, which it may repeat. What the
 * user has written (`CustomField`) and addresses of recordings, which may have a token of their own, keep theirs.
 * `hide`: what else is taken out of every text.
 */
export function withoutCallbackSecrets(value: unknown, hide = (text: string): string => text): unknown {
	return redacted(value, answerRule(hide), MAX_DEPTH);
}

const ERROR_RULE: Rule = {
	redact: redactText,
	under: (name, value) => (namesSecret(name) ? { value: hidden(value) } : ERROR_RULE),
};

function answerRule(hide: (text: string) => string): Rule {
	const redact = (text: string): string => redactCallbackUrls(hide(text));
	const rule: Rule = {
		redact,
		under(name, value) {
			if (/^recordings$/i.test(name)) return recordings;
			if (typeof value !== 'string') return rule;
			if (/^(?:token|signature)$/.test(name)) return { value: hidden(value) };
			return /^(?:custom_?field|(?:pre_?signed_?)?recording_?url)$/i.test(name) ? { value: hide(value) } : rule;
		},
	};
	/** The list of a v2 record. */
	const recordings: Rule = {
		redact,
		under: (name, value) => (typeof value === 'string' && /^url$/i.test(name) ? { value: hide(value) } : rule),
	};
	return rule;
}

function redacted(value: unknown, rule: Rule, left: number): unknown {
	if (typeof value === 'string') return rule.redact(value);
	if (typeof value !== 'object' || value === null) return value;
	if (left === 0) return null;
	if (Array.isArray(value)) return value.map((item: unknown) => redacted(item, rule, left - 1));
	return Object.fromEntries(
		Object.entries(asPayload(value) ?? {}).map(([name, inner]) => {
			const next = rule.under(name, inner);
			return [rule.redact(name), 'value' in next ? next.value : redacted(inner, next, left - 1)];
		}),
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

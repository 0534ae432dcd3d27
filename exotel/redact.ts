/**
 * Takes secrets and phone numbers out of a text that goes into an error. The core never sees a key or token, but what
 * Exotel, a proxy or the platform says about a request may repeat its `Authorization` header, the user name and
 * password of a URL, or the numbers to be called.
 */

/**
 * The text without credentials: `Basic …`/`Bearer …` values, header lines, the user part of URLs and the token of our
 * own callback URLs, both plain or percent-encoded.
 */
export function redactSecrets(text: string): string {
	return text
		.replace(/\b(Basic|Bearer)\s+[\w+/=.~-]{6,}/gi, '$1 ***')
		.replace(/(authorization["']?\s*[:=]\s*["']?)(?!(?:Basic|Bearer)\b)[^\s"',;}]+/gi, '$1***')
		.replace(/(token(?:=|%3D))[\w.~-]+/gi, '$1***')
		.replace(/\/\/[^\s/"'@<>]*@/g, '//')
		.replace(/%2F%2F(?:[^\s/"'@<>%]|%(?!2F|3F|40))*%40/gi, '%2F%2F');
}

/** A plus sign: plain, percent-encoded once or twice, or escaped in JSON or XML. */
const PLUS = String.raw`(?:\+|%(?:25)?2B|\\u002b|&#(?:43|x2b);)`;
/** What stands between the groups of a number: a blank, a hyphen, and both percent-encoded. */
const GAP = String.raw`(?:[ \u00A0\u2010-\u2015+-]|%20|%2D|%C2%A0)`;

/** In one piece, with or without a plus. */
const PLAIN_NUMBER = new RegExp(String.raw`(?<![\w.-])${PLUS}?\d{6,13}(\d\d)(?![\w-])`, 'gi');
/** Behind a plus, with up to three blanks, dots, hyphens or brackets between two digits. */
const NUMBER_BEHIND_PLUS = new RegExp(String.raw`${PLUS}(?:(?:${GAP}|[.()]|%28|%29){0,3}\d){8,15}(?!\d)`, 'gi');
/**
 * `098765 43210`, `98765-43210`, `987 654 3210`, `9876 543 210`, also behind `0`, `91` or `0091`, and, with an area
 * code, `080-4711 2233`.
 */
const GROUPED_NUMBER = new RegExp(
	[
		String.raw`(?<![\w.+-])(?<!\d:)(?:(?:(?:(?:00)?91|0)${GAP}?)?`,
		String.raw`(?:\d{5}${GAP}\d{5}|\d{3}${GAP}\d{3}${GAP}\d{4}|\d{4}${GAP}\d{3}${GAP}\d{3})`,
		String.raw`|(?:(?:00)?91|0)${GAP}\d{10}|0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4})(?![\w:-])`,
	].join(''),
	'gi',
);

/**
 * The text with its phone numbers cut down to their last two digits: enough to tell which one is meant, too little to
 * call it. Behind a `+` blanks, dots and hyphens may stand anywhere inside; without one only the groups in which
 * numbers are written count, so that dates, times and codes stay.
 */
export function redactPhoneNumbers(text: string): string {
	return text
		.replace(NUMBER_BEHIND_PLUS, (written) => `…${written.slice(-2)}`)
		.replace(GROUPED_NUMBER, (written) => `…${written.slice(-2)}`)
		.replace(PLAIN_NUMBER, '…$1');
}

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

/** `098765 43210`, `98765-43210`, `987 654 3210`, `9876 543 210` and, with an area code, `080-4711 2233`. */
const GROUPED_NUMBER = new RegExp(
	[
		String.raw`(?<![\w.:+-])(?:0?\d{5}[ -]\d{5}|0?\d{3}[ -]\d{3}[ -]\d{4}|0?\d{4}[ -]\d{3}[ -]\d{3}`,
		String.raw`|0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4})(?![\w:-])`,
	].join(''),
	'g',
);

/**
 * The text with its phone numbers cut down to their last two digits: enough to tell which one is meant, too little to
 * call it. Behind a `+` blanks, dots and hyphens may stand anywhere inside; without one only the groups in which
 * numbers are written count, so that dates, times and codes stay.
 */
export function redactPhoneNumbers(text: string): string {
	return text
		.replace(/(?<![\w.-])(?:\+|%2B)?\d{6,13}(\d\d)(?![\w-])/gi, '…$1')
		.replace(/(?:\+|%2B)\d(?:(?:[ .-]|%20)?\d){7,14}(?!\d)/gi, (written) => `…${written.slice(-2)}`)
		.replace(GROUPED_NUMBER, (written) => `…${written.slice(-2)}`);
}

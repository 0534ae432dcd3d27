/**
 * Takes secrets and phone numbers out of a text that goes into an error. The core never sees a key or token, but what
 * Exotel, a proxy or the platform says about a request may repeat its `Authorization` header, the user name and
 * password of a URL, or the numbers to be called.
 */

/** The text without credentials: `Basic …`/`Bearer …` values, header lines and the user part of URLs. */
export function redactSecrets(text: string): string {
	return text
		.replace(/\b(Basic|Bearer)\s+[\w+/=.~-]{6,}/gi, '$1 ***')
		.replace(/(authorization["']?\s*[:=]\s*["']?)(?!(?:Basic|Bearer)\b)[^\s"',;}]+/gi, '$1***')
		.replace(/\/\/[^\s/"'@<>]*@/g, '//');
}

/**
 * The text with its phone numbers cut down to their last two digits: enough to tell which one is meant, too little to
 * call it.
 */
export function redactPhoneNumbers(text: string): string {
	return text.replace(/(?<![\w.-])(?:\+|%2B)?\d{6,13}(\d\d)(?![\w-])/gi, '…$1');
}

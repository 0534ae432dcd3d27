/**
 * Takes secrets out of a text that goes into an error. The core never sees a key or token, but what Exotel, a proxy or the
 * platform says about a request may repeat its `Authorization` header or the user name and password of a URL.
 */

/** The text without credentials: `Basic …`/`Bearer …` values, header lines and the user part of URLs. */
export function withoutSecrets(text: string): string {
	return text
		.replace(/\b(Basic|Bearer)\s+[\w+/=.~-]{6,}/gi, '$1 ***')
		.replace(/(authorization["']?\s*[:=]\s*["']?)(?!(?:Basic|Bearer)\b)[^\s"',;}]+/gi, '$1***')
		.replace(/\/\/[^\s/"'@<>]*@/g, '//');
}

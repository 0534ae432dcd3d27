/**
 * Takes secrets and phone numbers out of a text that goes into an error. What Exotel, a proxy or the platform says
 * about a request may repeat its `Authorization` header, the user name and password of a URL, or the numbers to be
 * called.
 */

/** What stands in front of a value in an address, percent-encoded once, twice or not at all. */
const EQUALS = String.raw`(?:=|%(?:25)*3[Dd]|\\u003[Dd]|&#61;)`;
const ANY_TOKEN = new RegExp(`(token${EQUALS})[\\w.~-]+`, 'gi');
/** What stands in front of a name in an address. */
const OUR = String.raw`(?:[?&;]|%(?:25)*(?:3[Ff]|26)|\\u0026)`;
const OUR_TOKEN = new RegExp(`(${OUR}token${EQUALS})[\\w.~-]+`, 'gi');
/** What lets n8n go on with a run that waits; addresses of recordings have `Signature` and `X-Amz-Signature`. */
const OUR_SIGNATURE = new RegExp(`(${OUR}signature${EQUALS})[\\w.~-]+`, 'g');

/**
 * The text without credentials: `Basic …`/`Bearer …` values, header lines, the user part of URLs and the secrets of our
 * own callback URLs, both plain or percent-encoded. A login that is quoted decoded may hold `/`, `@` and `'`: what
 * cannot be the host of an address is taken away up to the last `@` before a blank.
 */
export function redactSecrets(text: string): string {
	return redactLogins(
		text
			.replace(/\b(Basic|Bearer)\s+[\w+/=.~-]{6,}/gi, '$1 ***')
			.replace(/(authorization["']?\s*[:=]\s*["']?)(?!(?:Basic|Bearer)\b)[^\s"',;}]+/gi, '$1***')
			.replace(ANY_TOKEN, '$1***')
			.replace(OUR_SIGNATURE, '$1***'),
	);
}

/**
 * The text without the secrets of our own callback URLs, their token, their signature and their login; others stay,
 * such as `X-Amz-Security-Token`.
 */
export function redactCallbackUrls(text: string): string {
	return redactLogins(text.replace(OUR_TOKEN, '$1***').replace(OUR_SIGNATURE, '$1***'));
}

/** Shorter ones, such as those of the simulator, are words of their own: `key`, `token`. */
const MIN_VALUE_LENGTH = 16;

/**
 * Takes these values out of texts, where the key is known: alone, or in what was encoded in Base64 (also for addresses,
 * also without padding), such as the login that `Authorization` carries; both also percent-encoded.
 */
export function valueRedactor(values: readonly unknown[]): (text: string) => string {
	const texts = values.filter((value): value is string => typeof value === 'string').map((value) => value.trim());
	const encoded = [texts.join(':'), ...texts].flatMap(insideBase64);
	const plain = [...texts, ...encoded, ...encoded.map((form) => form.replace(/\+/g, '-').replace(/\//g, '_'))];
	const once = plain.map(encodeURIComponent);
	const forms = new Set([...plain, ...once, ...once.map(encodeURIComponent)]);
	const long = [...forms].filter(({ length }) => length >= MIN_VALUE_LENGTH);
	if (long.length === 0) return (text) => text;
	// The longest first, as a form may begin with another one.
	const sorted = long.sort((a, b) => b.length - a.length);
	const any = new RegExp(sorted.map((form) => form.replace(/[^\w%]/g, '\\$&')).join('|'), 'g');
	// Hardly any text has one, and to look for each takes a quarter of the time of the expression.
	return (text) => (sorted.some((form) => text.includes(form)) ? text.replace(any, '***') : text);
}

/** A text in Base64, and what of the Base64 of a longer one it decides alone; it may begin at each of three places. */
function insideBase64(text: string): string[] {
	const bytes = text.replace(/[^\0-\u00ff]/g, '');
	const inside = [0, 1, 2].map((before) => {
		const end = Math.floor(((before + bytes.length) * 4) / 3);
		return btoa('\0'.repeat(before) + bytes).slice(Math.ceil((before * 4) / 3), end);
	});
	return [btoa(bytes), ...inside];
}

/** The text without the logins of addresses, plain or percent-encoded. */
function redactLogins(text: string): string {
	return text
		.replace(/\/\/[^\s"<>]*/g, (addresses) => withoutLogins(addresses, PLAIN))
		.replace(/%2F%2F[^\s"<>/&]*/gi, (addresses) => withoutLogins(addresses, ENCODED));
}

/** What stands around a login, and a login in front of its host, in a plain and in a percent-encoded address. */
const PLAIN = { slashes: '//', at: '@', login: /^[^/']*@/ };
const ENCODED = { slashes: '%2F%2F', at: '%40', login: /^(?:[^%']|%(?!2F|3F))*%40/i };
/** A host with its port, and the end of it. */
const HOST = /^(?:localhost|\[[\da-f:.]+\]|[\w-]+(?:\.[\w-]+)+\.?)(?:(?::|%3A)\d{1,5})?(?:[/?#'),;\]}]|%2[\dF]|%3F|$)/i;

/** More characters without a blank are no addresses of anybody's: they are not looked at one by one. */
const MAX_ADDRESSES = 8_192;

/** Addresses without a blank between them; split at the slashes, so that the time grows with the length only. */
function withoutLogins(addresses: string, { slashes, at, login }: typeof PLAIN): string {
	if (!addresses.includes(at)) return addresses;
	if (addresses.length > MAX_ADDRESSES) return slashes + addresses.slice(addresses.lastIndexOf(at) + at.length);
	const parts = addresses.split(/\/\/|%2F%2F/i);
	const clean = parts.map((part) => part.replace(login, ''));
	const first = clean.findIndex((part, index) => index > 0 && !HOST.test(part));
	if (first === -1) return clean.join(slashes);
	const rest = parts.slice(first).join(slashes);
	const end = rest.lastIndexOf(at);
	return [...clean.slice(0, first), end === -1 ? rest : rest.slice(end + at.length)].join(slashes);
}

/** A plus sign: plain, percent-encoded once or twice, or escaped in JSON or XML. */
const PLUS = String.raw`(?:\+|%(?:25)?2B|\\u002b|&#(?:43|x2b);)`;
/** A blank or a dash that is percent-encoded or escaped. */
const ENCODED_GAP = [
	String.raw`%(?:25)?(?:20|2D|09)|%C2%A0`,
	String.raw`|\\t|\\u(?:00(?:20|2d|a0)|20[0-6][\da-f])|&nbsp;|&#(?:32|45|160);`,
].join('');
/** What stands between the groups of a number: blanks, dashes and what is not seen. */
const GAP = [
	String.raw`(?:[ \t\u00A0\u00AD\u2000-\u2015\u2028-\u202F\u205F-\u2069\u2212\u3000\uFEFF+-]`,
	`|${ENCODED_GAP})`,
].join('');
const GAPS = `${GAP}{1,2}`;
const OPEN = String.raw`(?:\(|%28)`;
const CLOSE = String.raw`(?:\)|%29)${GAP}{0,2}`;
/** An escape, whose last character is no part of a word: `%3D`, `\n`, `\u003a`. */
const BEHIND_ESCAPE = String.raw`(?<=%(?:25)?[\da-f]{2}|\\[bfnrt]|\\u[\da-f]{4})`;

/** In one piece, with or without a plus. */
const PLAIN_NUMBER = new RegExp(
	String.raw`(?:(?<![a-z\d.-])|${BEHIND_ESCAPE})${PLUS}?\d{6,13}(\d\d)(?![a-z\d-])`,
	'gi',
);
/** Behind a plus, with up to three blanks, dots, hyphens or brackets between two digits. */
const NUMBER_BEHIND_PLUS = new RegExp(String.raw`${PLUS}(?:(?:${GAP}|[.()]|%28|%29){0,3}\d){8,15}(?!\d)`, 'gi');
/** Groups of ten digits: any, and those that dates and amounts have as well, where they begin like a mobile number. */
const GROUPS = ['5-5', '3-3-4', '4-3-3'].map((lengths) => groups(lengths, GAPS));
const MOBILE_GROUPS = ['5-5', '3-3-4', '4-6', '6-4', '2-3-5', '2-4-4', '3-7', '2-2-2-2-2'].map((lengths) =>
	groups(lengths, String.raw`(?:${GAPS}|\.)`),
);
/**
 * `098765 43210`, `98765-43210`, `987 654 3210`, `9876 543 210`, also behind `0`, `91` or `0091`, and, with an area
 * code, `080-4711 2233`; also `98765_43210`, `98765/43210` and `1800 123 4567`.
 */
const GROUPED_NUMBER = new RegExp(
	[
		String.raw`(?:(?<![a-z\d.+-])(?<!\d:)|${BEHIND_ESCAPE})(?:(?:(?:(?:00)?91|0)${GAP}{0,2})?`,
		String.raw`(?:${GROUPS.join('|')}|(?=[6-9])(?:${MOBILE_GROUPS.join('|')}|\d{5}[_/]\d{5}))`,
		String.raw`|1[89][06]0${GAPS}\d{3}${GAPS}\d{3,4}`,
		String.raw`|(?:(?:00)?91|0)${GAPS}\d{10}|0\d{2,4}${GAPS}\d{3,4}${GAP}{0,2}\d{3,4})(?![a-z\d:-])`,
	].join(''),
	'gi',
);
/** `9 8 7 6 5 4 3 2 1 0`: ten digits or more, each apart from the next. */
const SPELT_NUMBER = new RegExp(String.raw`(?<!\d)\+?\d(?:(?:${ENCODED_GAP}|[^\dA-Za-z]){1,4}\d){9,40}(?!\d)`, 'gi');
/** `(080) 4711 2233`, `(98765) 43210`, `(987) 654-3210`. */
const NUMBER_IN_BRACKETS = new RegExp(
	[
		String.raw`${OPEN}(?:0\d{2,4}${CLOSE}\d{3,4}${GAP}{0,2}\d{3,4}`,
		String.raw`|\d{5}${CLOSE}\d{5}|\d{3}${CLOSE}\d{3}${GAP}{0,2}\d{4})(?!\d)`,
	].join(''),
	'gi',
);

/** An expression for groups of these lengths, e.g. `5-5`. */
function groups(lengths: string, between: string): string {
	return lengths.replace(/\d/g, String.raw`\d{$&}`).replaceAll('-', between);
}

/** A call's SID, also behind an escape. */
const CALL_SID = /^(?=\d*[a-f])[\da-f]{32,36}$/i;
const MOBILE = /^(?:0|91)?[6-9]\d{9}$/;

/** The text without the numbers that stand in a word, such as `agent9876543210`; ids and decimals stay. */
function withoutNumbersInWords(text: string): string {
	return text.replace(/[a-z\d]{10,}/gi, (word, offset: number) => {
		const before = text.slice(Math.max(0, offset - 11), offset);
		const isEndOfUuid = word.length === 12 && /-[\da-f]{4}-[\da-f]{4}-$/i.test(before);
		if (CALL_SID.test(word) || isEndOfUuid) return word;
		const isDecimal = /\d\.$/.test(before);
		return word.replace(/\d{10,}/g, (run) =>
			run.length > 15 || (isDecimal && !MOBILE.test(run)) ? run : `…${run.slice(-2)}`,
		);
	});
}

/** The text with the digits of other scripts, such as `९`, as `0` to `9`. */
function withAsciiDigits(text: string): string {
	return text.replace(/(?!\d)\p{Nd}/gu, (digit) => {
		const code = digit.codePointAt(0) ?? 0;
		let zero = code;
		// Unicode has the ten digits of a script in a row.
		while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
		return String((code - zero) % 10);
	});
}

/**
 * The text with its phone numbers cut down to their last two digits: enough to tell which one is meant, too little to
 * call it. Behind a `+` blanks, dots and hyphens may stand anywhere inside; without one only the groups in which
 * numbers are written count, so that dates, times and codes stay. Ten digits in a row count in any word.
 */
export function redactPhoneNumbers(text: string): string {
	const read = withAsciiDigits(text);
	const redacted = withoutNumbersInWords(
		read
			.replace(SPELT_NUMBER, (written) => `…${written.replace(/\D/g, '').slice(-2)}`)
			.replace(NUMBER_BEHIND_PLUS, (written) => `…${written.slice(-2)}`)
			.replace(NUMBER_IN_BRACKETS, (written) => `…${written.slice(-2)}`)
			.replace(GROUPED_NUMBER, (written) => `…${written.slice(-2)}`)
			.replace(PLAIN_NUMBER, '…$1'),
	);
	return redacted === read ? text : redacted;
}

/** A text from elsewhere that is quoted in an error: without secrets and whole phone numbers. */
export function redactQuote(text: string): string {
	return redactPhoneNumbers(redactSecrets(text));
}

/**
 * What is in the body of a response, whatever it is: JSON, XML, a web page of some proxy, plain text or nothing. Facts
 * 1.5 (empty bodies, HTML from proxies), seed 004 (XML wherever `.json` is missing).
 */

import { ExotelError } from '../errors';
import { exceeded, MOST_JSON } from '../json';
import { MAX_TEXT_BYTES } from './body-limits';
import { withoutCallbackSecrets } from './decoded-secrets';
import type { HttpResponse } from './transport';
import { MAX_XML_LENGTH, readXml } from './xml';

/** A decoded body. `value` is an object or list for `json` and `xml`, else null; so is that of what is too deep. */
export interface DecodedBody {
	kind: 'json' | 'xml' | 'html' | 'text' | 'empty' | 'bytes';
	value: unknown;
}

/** A body is decoded once, also when it is needed by the reader, by the error mapping and for `raw`. */
const decoded = new WeakMap<HttpResponse, DecodedBody>();

/**
 * Decodes the body of a response, without the secrets of callback URLs that it repeats and without what `redact` takes
 * out of a text. Never throws.
 */
export function decodeBody(response: HttpResponse, redact?: (text: string) => string): DecodedBody {
	let body = decoded.get(response);
	if (body === undefined) {
		body = typeof response.body === 'string' ? decodeAnswer(response.body, redact) : { kind: 'bytes', value: null };
		decoded.set(response, body);
	}
	return body;
}

/** Without `token` and `@`, and without escapes, there is nothing to take out. */
function decodeAnswer(text: string, redact?: (text: string) => string): DecodedBody {
	const { kind, value } = decodeText(text);
	// Exotel escapes each slash of its JSON: such a page is looked through as a whole, not value by value.
	const plain = text.replaceAll('\\/', '/');
	const mayHide =
		/token|signature|%40|[@\\]/i.test(plain) ||
		(kind !== 'json' && text.includes('&')) ||
		(redact !== undefined && redact(plain) !== plain);
	return { kind, value: mayHide ? withoutCallbackSecrets(value, redact) : value };
}

/**
 * Decodes a text by what it looks like: content types of errors are not to be trusted. What is longer than any answer
 * that is read (4 MB; XML: 256 kB) is plain text; JSON beyond 50 levels or 50,000 values has none. Never throws.
 */
export function decodeText(text: string): DecodedBody {
	if (text.length > MAX_TEXT_BYTES) return { kind: 'text', value: null };
	const trimmed = text.replace(/^\uFEFF/, '').trim();
	const kind = kindByBeginning(trimmed);
	if (kind === 'json') {
		if (exceeded(trimmed, MOST_JSON) !== null) return { kind, value: null };
		try {
			return { kind, value: JSON.parse(trimmed) };
		} catch {
			return { kind: 'text', value: null };
		}
	}
	if (kind !== 'xml') return { kind, value: null };
	if (trimmed.length > MAX_XML_LENGTH) return { kind: 'text', value: null };
	try {
		return { kind, value: readXml(trimmed) };
	} catch {
		return { kind: 'html', value: null };
	}
}

/** What a text without blanks in front of it seems to be; nothing is parsed. */
export function kindByBeginning(text: string): DecodedBody['kind'] {
	if (text === '') return 'empty';
	if (/^[{[]/.test(text)) return 'json';
	if (!text.startsWith('<')) return 'text';
	return /^<(?:!doctype\s+html|html|head|body)\b/i.test(text) ? 'html' : 'xml';
}

const kindLabels: Record<DecodedBody['kind'], string> = {
	json: 'data of another shape',
	xml: 'XML of another shape',
	html: 'a web page',
	text: 'plain text',
	empty: 'nothing',
	bytes: 'a file',
};

/**
 * The error for a successful response whose body is not what Exotel documents. The body itself is not quoted: it may
 * come from a proxy that repeats what it was sent.
 */
export function unreadableResponse(
	response: HttpResponse,
	expected: string,
	kind = decodeBody(response).kind,
): ExotelError {
	return new ExotelError(
		'exotel',
		`Exotel returned ${kindLabels[kind]} instead of ${expected} (HTTP ${response.status}).`,
		{
			hint:
				'Something between here and Exotel may have answered in its place. Check the region or base ' +
				'URL of the account and any proxy, then try again.',
			httpStatus: response.status,
		},
	);
}

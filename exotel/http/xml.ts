/**
 * Reads a v1 XML answer. Exotel answers XML wherever `.json` is missing from the address (seed 004); we always ask for
 * JSON, but a proxy, an old host or a user's own request may bring XML, and it must read the same.
 */

import { XMLParser } from 'fast-xml-parser';

let parser: XMLParser | undefined;

/**
 * The content of the root element as an object; repeated elements become a list, empty ones an empty text, all values
 * stay text.
 * @throws Error when the text is not XML.
 */
export function readXml(text: string): Record<string, unknown> {
	if (/<!DOCTYPE/i.test(text)) throw new Error('The XML declares a document type, which Exotel never does.');
	parser ??= newParser();
	// The samples of seed 004 hold raw "&" inside URIs, which is not valid XML.
	const document = parser.parse(text.replace(/&(?!(?:[a-z]+|#\d+|#x[\da-f]+);)/gi, '&amp;'), true) as Record<
		string,
		unknown
	>;
	const root = document.TwilioResponse ?? Object.entries(document).find(([name]) => !name.startsWith('?'))?.[1];
	if (typeof root !== 'object' || root === null) throw new Error('The XML holds no TwilioResponse.');
	return root as Record<string, unknown>;
}

/** Built on first use: almost every answer is JSON. */
function newParser(): XMLParser {
	return new XMLParser({ parseTagValue: false, ignoreAttributes: true, htmlEntities: true });
}

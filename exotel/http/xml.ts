/**
 * Reads a v1 XML answer. Exotel answers XML wherever `.json` is missing from the address (seed 004); we always ask for
 * JSON, but a proxy, an old host or a user's own request may bring XML, and it must read the same.
 */

import { parseXml, XmlElement } from '@rgrove/parse-xml';

/** Deeper than any answer of Exotel's, and shallow enough to be read with plain recursion. */
const MAX_DEPTH = 50;

/**
 * The content of the root element as an object; repeated elements become a list, empty ones an empty text, all values
 * stay text, attributes are left out.
 * @throws Error when the text is not XML.
 */
export function readXml(text: string): Record<string, unknown> {
	if (/<!DOCTYPE/i.test(text)) throw new Error('The XML declares a document type, which Exotel never does.');
	// The samples of seed 004 hold raw "&" inside URIs, which is not valid XML.
	const xml = text.replace(/&(?!(?:[a-z]+|#\d+|#x[\da-f]+);)/gi, '&amp;');
	const { root } = parseXml(xml, { ignoreUndefinedEntities: true });
	const content = root === null ? '' : contentOf(root, 0);
	if (typeof content === 'string') throw new Error('The XML holds no TwilioResponse.');
	return content;
}

function contentOf(element: XmlElement, depth: number): Record<string, unknown> | string {
	if (depth > MAX_DEPTH) throw new Error('The XML is nested too deep.');
	const children = element.children.filter((child) => child instanceof XmlElement);
	if (children.length === 0) return element.text.trim();
	const content = new Map<string, unknown[]>();
	for (const child of children) {
		if (child.name === '__proto__') throw new Error('The XML holds an element that Exotel never sends.');
		const values = content.get(child.name) ?? [];
		values.push(contentOf(child, depth + 1));
		content.set(child.name, values);
	}
	return Object.fromEntries([...content].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

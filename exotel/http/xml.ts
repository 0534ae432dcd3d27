/**
 * Reads a v1 XML answer. Exotel answers XML wherever `.json` is missing from the address (seed 004); we always ask for
 * JSON, but a proxy, an old host or a user's own request may bring XML, and it must read the same.
 */

import { parseXml, XmlElement } from '@rgrove/parse-xml';

/**
 * Longest XML that is read, in characters: parsing takes half a millisecond for a thousand of them, and everything else
 * waits. A page of 100 calls like those of seed 004 has about 83 000.
 */
export const MAX_XML_LENGTH = 262_144;
/** Most tags and references in it: each takes longer than many letters. The page has about 5 000. */
const MAX_MARKS = 10_000;
/** Deeper than any answer of Exotel's, and shallow enough to be read with plain recursion. */
const MAX_DEPTH = 50;

/**
 * The content of the root element as an object; repeated elements become a list, empty ones an empty text, all values
 * stay text, attributes are left out.
 * @throws Error when the text is not XML, or too long.
 */
export function readXml(text: string): Record<string, unknown> {
	if (text.length > MAX_XML_LENGTH) throw new Error('The XML is longer than any answer of Exotel.');
	if ((text.match(/[<&]/g) ?? []).length > MAX_MARKS)
		throw new Error('The XML holds more than any answer of Exotel.');
	if (/<!DOCTYPE/i.test(text)) throw new Error('The XML declares a document type, which Exotel never does.');
	const { root } = parseXml(repaired(text), { ignoreUndefinedEntities: true });
	const content = root === null ? '' : contentOf(root, 0);
	if (typeof content === 'string') throw new Error('The XML holds no TwilioResponse.');
	return content;
}

/** Characters that XML 1.0 does not allow. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const NOT_XML = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g;
/** A CDATA section, unclosed ones to the end; a reference to a character; a "&" that begins no reference. */
const CDATA_OR_AMPERSAND = /<!\[CDATA\[[^]*?(?:\]\]>|$)|&#(?:(\d+)|x([\da-f]+));|&(?![a-z]+;)/gi;

/** The samples of seed 004 hold raw "&" inside URIs, and a custom field may hold any character: not valid XML. */
function repaired(text: string): string {
	return text
		.replace(NOT_XML, '')
		.replace(CDATA_OR_AMPERSAND, (found: string, decimal?: string, hexadecimal?: string) => {
			if (found === '&') return '&amp;';
			if (found.startsWith('<')) return found;
			const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
			return isXmlCharacter(code) ? found : '';
		});
}

function isXmlCharacter(code: number): boolean {
	if (code < 0x20) return code === 9 || code === 10 || code === 13;
	return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10ffff);
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

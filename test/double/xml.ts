/** Writes the XML of seed 004: `TwilioResponse` as root, every value as an element. */

/** What an element holds: text, null, or elements in order. */
export type XmlValue = string | number | null | XmlElements;

/** Elements in order; a name may repeat. */
export type XmlElements = ReadonlyArray<readonly [name: string, value: XmlValue]>;

/**
 * The XML document, one element a line. Null is written `<EndTime/>` and an empty text `<EndTime></EndTime>`: seed
 * 004 shows the first in the answers to POST and the second in those to GET.
 */
export function writeXml(elements: XmlElements): string {
	return `<?xml version="1.0" encoding="UTF-8"?>\n<TwilioResponse>\n${lines(elements, 1)}</TwilioResponse>\n`;
}

function lines(elements: XmlElements, depth: number): string {
	const indent = ' '.repeat(depth);
	return elements
		.map(([name, value]) => {
			if (value === null) return `${indent}<${name}/>\n`;
			if (typeof value === 'object') return `${indent}<${name}>\n${lines(value, depth + 1)}${indent}</${name}>\n`;
			return `${indent}<${name}>${escaped(String(value))}</${name}>\n`;
		})
		.join('');
}

/** Seed 004 prints a bare `&` in URIs and circle names, which is no XML; the real service must escape it. */
function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

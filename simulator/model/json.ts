/** Narrowing of values that came as JSON. */

/** True for an object that is neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Levels of JSON that is read; to parse a megabyte of brackets takes long, and writing it overflows the stack. */
const MAX_LEVELS = 50;

/** Raised for JSON that is nested too deep, or has too many values. */
export class TooDeepError extends RangeError {}

/**
 * The value of a text; its levels and values are counted before it is parsed.
 * @throws TooDeepError beyond 50 levels or that many values; SyntaxError if it is not JSON
 */
export function parseJson(text: string, maxValues = Infinity): unknown {
	let level = 0;
	let values = 1;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '"') at = endOfText(text, at);
		else if (character === '[' || character === '{') level++;
		else if (character === ']' || character === '}') level--;
		else if (character === ',') values++;
		if (values > maxValues) throw new TooDeepError('the JSON has too many values');
		if (level > MAX_LEVELS) throw new TooDeepError('the JSON is nested too deep');
	}
	return JSON.parse(text);
}

/** Where the quote is that ends the text beginning at `start`. */
function endOfText(text: string, start: number): number {
	let at = start + 1;
	while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
	return at;
}

/** The parsed text, or undefined if it is not JSON. */
export function parsedJson(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}

/**
 * JSON from outside. To parse 4 MB of brackets takes a second, in which nothing else happens, and what nests thousands
 * of levels overflows the stack of whoever copies or writes it later. So both are counted before anything is parsed, in
 * a time that grows with the length only.
 */

/** The most that a text may hold: levels of lists and objects, and values at all levels together. */
export interface JsonBounds {
	levels: number;
	values: number;
}

/** More than anything of Exotel's has: a page of 100 calls has about 5,000 values, six levels deep. */
export const MOST_JSON: JsonBounds = { levels: 50, values: 50_000 };

/** Which of the bounds a JSON text exceeds, null when none; of a text that is not JSON this says nothing. */
export function exceeded(text: string, { levels, values }: JsonBounds): keyof JsonBounds | null {
	let level = 0;
	let count = 0;
	for (let at = 0; at < text.length; at++) {
		switch (text[at]) {
			case '"':
				at = endOfString(text, at);
				break;
			case '[':
			case '{':
				if (++level > levels) return 'levels';
				if (++count > values) return 'values';
				break;
			case ',':
				if (++count > values) return 'values';
				break;
			case ']':
			case '}':
				level--;
				break;
		}
	}
	return null;
}

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
	// The platform finds the quote in a third of the time; behind a backslash it may belong to the string.
	const quote = text.indexOf('"', start + 1);
	if (text[quote - 1] !== '\\') return quote === -1 ? text.length : quote;
	let at = start + 1;
	while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
	return at;
}

/**
 * Which of the bounds a value exceeds that somebody else has parsed, or that will be written as JSON; null when none.
 * Nothing behind that place is looked at, nor inside of what writes itself (`toJSON`). `visit` gets each list and
 * object.
 */
export function exceededIn(
	value: unknown,
	{ levels, values }: JsonBounds,
	visit: (part: object) => void = () => undefined,
): keyof JsonBounds | null {
	let left = values;
	const look = (part: unknown, level: number): keyof JsonBounds | null => {
		if (typeof part !== 'object' || part === null || typeof Reflect.get(part, 'toJSON') === 'function') return null;
		if (level > levels) return 'levels';
		visit(part);
		left -= (Array.isArray(part) ? part : Object.keys(part)).length;
		if (left < 0) return 'values';
		for (const inner of Object.values(part)) {
			const most = look(inner, level + 1);
			if (most !== null) return most;
		}
		return null;
	};
	return look(value, 1);
}

/**
 * The value of a JSON text.
 * @throws RangeError when it exceeds `MOST_JSON`; SyntaxError when it is no JSON.
 */
export function parseJson(text: string): unknown {
	if (exceeded(text, MOST_JSON) !== null)
		throw new RangeError('The JSON is nested too deep, or has too many values.');
	return JSON.parse(text);
}

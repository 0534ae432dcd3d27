// Finds where in a JSON text a value stands, and where JSON that cannot be read breaks off.

/**
 * Where the value at `path` (names and indexes) begins and ends in a text that is correct JSON; the innermost value on
 * the way if there is none at the path.
 */
export function placeOf(text, path) {
	let at = 0;
	let best = { start: 0, end: text.length, depth: -1 };
	const blanks = () => {
		while (/\s/.test(text[at] ?? '')) at++;
	};
	const string = () => {
		const start = at++;
		while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
		at++;
		return JSON.parse(text.slice(start, at));
	};
	const entries = (close, depth, onPath, nameOf) => {
		at++;
		blanks();
		for (let index = 0; text[at] !== close; index++) {
			const name = nameOf(index);
			blanks();
			value(depth + 1, onPath && String(path[depth]) === String(name));
			blanks();
			if (text[at] === ',') at++;
			blanks();
		}
		at++;
	};
	const value = (depth, onPath) => {
		blanks();
		const start = at;
		if (text[at] === '{')
			entries('}', depth, onPath, () => {
				const name = string();
				blanks();
				at++;
				return name;
			});
		else if (text[at] === '[') entries(']', depth, onPath, (index) => index);
		else if (text[at] === '"') string();
		else while (at < text.length && !/[\s,\]}]/.test(text[at])) at++;
		if (onPath && depth <= path.length && depth > best.depth) best = { start, end: at, depth };
	};
	value(0, true);
	return { start: best.start, end: best.end };
}

/** The line of a position, from 1. */
export function lineAt(text, position) {
	return text.slice(0, position).split('\n').length;
}

/** Where reading broke off, as far as the browser says; else the end. */
export function breakOf(text, message) {
	const position = /position (\d+)/.exec(message)?.[1];
	if (position !== undefined) return Math.min(Number(position), text.length);
	const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
	if (line === undefined) return text.length;
	const before = text.split('\n').slice(0, Number(line) - 1);
	return Math.min(before.reduce((sum, one) => sum + one.length + 1, 0) + Number(column) - 1, text.length);
}

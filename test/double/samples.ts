/**
 * The samples of the seeds, as they are printed (samples/<seed>-<what>), and a way to compare a body with one: same
 * names, same order, same kind of value. Their numbers and ids are masked, so values are compared by kind; words are
 * compared as words.
 */
import fs from 'node:fs';
import path from 'node:path';

/** The text of a sample, such as `004-connect.json`. */
export function sampleText(name: string): string {
	return fs.readFileSync(path.join(__dirname, 'samples', `${name}.txt`), 'utf8').trim();
}

/**
 * A JSON sample, with what keeps it from being JSON put right: curly quotes and a missing last brace in seed 000,
 * missing commas in seeds 002 and 004.
 */
export function sampleJson(name: string): unknown {
	const text = sampleText(name)
		.replace(/[“”]/g, '"')
		.replace(/"\s+"(Legs|type)":/g, '", "$1":');
	return JSON.parse(text.endsWith(']') ? `${text}}` : text) as unknown;
}

/** The kind of a text: a stamp, an id, a number's form, an address; a short word stands for itself. */
function kindOf(text: string): string {
	const kinds: Array<[string, RegExp]> = [
		['empty', /^$/],
		['v1 stamp', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/],
		['v2 stamp', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+05:30$/],
		['E.164', /^\+91[\dX]{8,}$/],
		['national number', /^0[\dX]{10}$/],
		['price', /^\d+\.\d{3}$/],
		['whole number', /^\d{1,10}$/],
		['id', /^[0-9a-z]{16,34}$/i],
		['page address', /^\/v1\/Accounts\/[^/]+\/Calls(?:\.json)?\?/],
		['call address with .json', /^\/v1\/Accounts\/[^/]+\/Calls\.json\//],
		['call address', /^\/v1\/Accounts\/[^/]+\/Calls\//],
		['web address', /^https?:/],
	];
	return (
		kinds.find(([, pattern]) => pattern.test(text))?.[0] ??
		(/^[A-Za-z][A-Za-z -]{0,20}$/.test(text) ? text : 'text')
	);
}

/** A JSON value with every text replaced by its kind and every number by `#`; names keep their order. */
export function shape(value: unknown): unknown {
	if (typeof value === 'string') return kindOf(value);
	if (typeof value === 'number') return '#';
	if (Array.isArray(value)) return value.map(shape);
	if (typeof value !== 'object' || value === null) return value;
	return Object.entries(value).map(([name, inner]) => [name, shape(inner)]);
}

/** An XML text, a list of its tags and the kinds of the texts between them. Blanks between tags say nothing. */
export function xmlShape(text: string): string[] {
	return text
		.replace(/<your_sid>/g, 'Exotel')
		.split(/(<[^>]*>)/)
		.filter((piece) => piece.startsWith('<') || piece.trim() !== '')
		.map((piece) => (piece.startsWith('<') ? piece : kindOf(piece.replace(/&amp;/g, '&'))));
}

/** The fields of the form sample of seed 004, printed in one line: name, kind of value. */
export function formSampleShape(text: string): Array<[string, string]> {
	return text
		.split(/(?:^| )([A-Z][A-Za-z]+(?:\[\d\]\[\w+\])?):(?= |$)/)
		.slice(1)
		.reduce<Array<[string, string]>>((pairs, piece, index, all) => {
			if (index % 2 === 0) pairs.push([piece, kindOf((all[index + 1] ?? '').trim())]);
			return pairs;
		}, []);
}

/** The same of fields that were read. */
export function formShape(pairs: ReadonlyArray<readonly [string, string]>): Array<[string, string]> {
	return pairs.map(([name, value]) => [name, kindOf(value)]);
}

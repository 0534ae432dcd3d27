/** Reads the fields of one object of a flow; whatever is wrong is a `FlowError` that names the place. */
import { FlowError, type FlowPath } from './flow-error';
import { MAX_SPOKEN_LENGTH } from './sound';

/** Characters of a URL, and of keys. */
const MAX_URL = 4096;
const KEYS = /^[0-9*#]{1,32}$/;

/** The fields of one object. */
export class AppletFields {
	/**
	 * @param allowed every name it may have
	 * @param what the object in words, e.g. `a gather applet`
	 */
	constructor(
		readonly given: Record<string, unknown>,
		readonly path: FlowPath,
		allowed: readonly string[],
		what: string,
	) {
		const unknown = Object.keys(given).find((name) => !allowed.includes(name));
		if (unknown !== undefined)
			throw this.wrong(unknown, `is not a field of ${what}; its fields are ${allowed.join(', ')}`);
	}

	wrong(name: string, reason: string): FlowError {
		return new FlowError([...this.path, name], reason);
	}

	has(name: string): boolean {
		return this.given[name] !== undefined;
	}

	/** What is said, 1 to 2000 characters. */
	text(name: string): string | undefined {
		return this.#read(name, `must be a text of 1 to ${MAX_SPOKEN_LENGTH} characters`, (value) =>
			typeof value === 'string' && value.length > 0 && value.length <= MAX_SPOKEN_LENGTH ? value : undefined,
		);
	}

	url(name: string): string | undefined {
		return this.#read(name, 'must be an http or https URL', (value) => (isHttpUrl(value) ? value : undefined));
	}

	requiredUrl(name: string): string {
		const url = this.url(name);
		if (url === undefined) throw this.wrong(name, 'must be an http or https URL; it is missing');
		return url;
	}

	whole(name: string, min: number, max: number): number | undefined {
		return this.#read(name, `must be a whole number from ${min} to ${max}`, (value) =>
			typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined,
		);
	}

	flag(name: string): boolean | undefined {
		return this.#read(name, 'must be true or false', (value) => (typeof value === 'boolean' ? value : undefined));
	}

	/** What is pressed: 0-9, * and #. */
	keys(name: string): string | undefined {
		return this.#read(name, 'must be 1 to 32 of the keys 0-9, * and #', (value) =>
			typeof value === 'string' && KEYS.test(value) ? value : undefined,
		);
	}

	/** One key, or an empty text. */
	oneKey(name: string): string | undefined {
		return this.#read(name, 'must be one of the keys 0-9, * and #, or "" for none', (value) =>
			typeof value === 'string' && /^[0-9*#]?$/.test(value) ? value : undefined,
		);
	}

	/** Only one of these, or – unless `required` – none. */
	oneOf(names: readonly string[], required: boolean): void {
		const [, second] = names.filter((name) => this.has(name));
		if (second !== undefined) throw this.wrong(second, `is one too many: give only one of ${names.join(', ')}`);
		if (required && !names.some((name) => this.has(name)))
			throw new FlowError(this.path, `needs one of ${names.join(', ')}`);
	}

	/** None of these. */
	without(names: readonly string[], because: string): void {
		const given = names.find((name) => this.has(name));
		if (given !== undefined) throw this.wrong(given, because);
	}

	#read<Value>(name: string, rule: string, read: (value: unknown) => Value | undefined): Value | undefined {
		const value = this.given[name];
		if (value === undefined) return undefined;
		const result = read(value);
		if (result === undefined) throw this.wrong(name, rule);
		return result;
	}
}

/** True for the keys that may select a branch. */
export function areKeys(text: string): boolean {
	return KEYS.test(text);
}

function isHttpUrl(value: unknown): value is string {
	return typeof value === 'string' && value.length <= MAX_URL && /^https?:\/\//i.test(value) && URL.canParse(value);
}

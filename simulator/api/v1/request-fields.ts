/** Typed reading of the form fields of a make-call request: errors refuse the request, oddities are flagged. */
import { printable } from '../http/printable';
import { isDiallable, repaired } from '../../model/phone-numbers';
import type { Strictness } from '../../model/options';

/** The request is refused; the message goes into the RestException. */
export class RefusedRequest extends Error {}

/** Keeps memory bounded; Exotel's own limits are not public. */
export const MAX_TEXT_LENGTH = 4096;
const MAX_FLAGS = 20;

/** The fields of one request. */
export class RequestFields {
	/** Accepted spellings and omissions the documentation does not have. */
	readonly flags: string[] = [];
	readonly #strictness: Strictness;
	readonly #fields = new Map<string, string>();

	/** @param known names of parameters; others are flagged */
	constructor(pairs: readonly [string, string][], strictness: Strictness, known: ReadonlySet<string>) {
		this.#strictness = strictness;
		for (const [name, value] of pairs) {
			const plain = name.replace(/\[\d*\]$/, '');
			if (!known.has(plain)) this.flag(`Unknown parameter ${printable(name)}`);
			if (/^".*"$/s.test(value)) this.flag(`${printable(plain)} came in quotation marks`);
			this.#fields.set(name, unquoted(value));
		}
	}

	has(name: string): boolean {
		return this.#fields.has(name);
	}

	/** The field as it came, without quotation marks around it; null if there is none. */
	verbatim(name: string): string | null {
		return this.#fields.get(name) ?? null;
	}

	/** Trimmed; null if missing or blank. */
	text(name: string): string | null {
		return this.#fields.get(name)?.trim() || null;
	}

	/** @throws RefusedRequest if it is not a phone number */
	number(name: string): string | null {
		if (this.text(name) === null) return null;
		const value = repaired(this.verbatim(name) ?? '');
		if (!isDiallable(value)) throw new RefusedRequest(`${name} is not a valid phone number`);
		return value;
	}

	/** @throws RefusedRequest if it is not a whole number, or above the documented limit */
	seconds(name: string, max: number): number | undefined {
		const value = this.text(name);
		if (value === null) return undefined;
		if (!/^\d{1,9}$/.test(value)) throw new RefusedRequest(`${name} must be a whole number of seconds`);
		if (Number(value) > max) this.#limit(`${name} must not be more than ${max}`);
		return Number(value);
	}

	/** @throws RefusedRequest if it is none of the values */
	choice<T extends string>(name: string, values: readonly T[]): T | null {
		const value = this.text(name);
		if (value === null) return null;
		const chosen = values.find((candidate) => candidate === value);
		if (chosen === undefined) throw new RefusedRequest(`Valid values for ${name} are ${values.join(', ')}`);
		return chosen;
	}

	/** @throws RefusedRequest if it is not an http or https URL */
	url(name: string): string | null {
		const value = this.text(name);
		if (value === null) return null;
		if (value.length > MAX_TEXT_LENGTH || !URL.canParse(value) || !/^https?:/i.test(value))
			throw new RefusedRequest(`${name} must be an http or https URL`);
		return value;
	}

	/** @throws RefusedRequest if it is missing, unless that passes as seen in the field */
	mandatoryNumber(name: string, fallback: string): string | null {
		const value = this.number(name);
		if (value !== null) return value;
		if (this.#strictness === 'strict') throw new RefusedRequest(`Mandatory Parameter missing: ${name}`);
		this.flag(`${name} is missing; ${fallback}`);
		return null;
	}

	/**
	 * Accepts something the documentation does not have.
	 * @throws RefusedRequest if such spellings are refused
	 */
	flag(message: string): void {
		if (this.#strictness === 'strict') throw new RefusedRequest(message);
		this.remark(message);
	}

	/** Flags something that the documentation has, but that does nothing. */
	remark(message: string): void {
		if (this.flags.length < MAX_FLAGS && !this.flags.includes(message)) this.flags.push(message);
	}

	/** Lets a value pass that the documentation does not allow, but only as seen in the field. */
	#limit(message: string): void {
		if (this.#strictness === 'strict') throw new RefusedRequest(message);
		this.flags.push(message);
	}
}

/** Samples of the documentation are sent with `--form 'From="…"'`, which keeps the quotation marks. */
export function unquoted(value: string): string {
	return value.replace(/^"(.*)"$/s, '$1');
}

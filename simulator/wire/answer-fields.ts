/** Reads typed fields of an applet's answer and collects what is wrong with them, each reason in one line. */
import { isDiallable, isE164 } from '../model/phone-numbers';
import { isObject } from '../model/json';

/** Texts and URLs are remembered with their call; longer ones are cut or refused. */
export const MAX_TEXT_LENGTH = 4096;

/** Notes about one answer; a long list of unusable numbers does not fill the page. */
const MAX_NOTES = 50;

/** Limits of a whole number. */
interface WholeOptions {
	fallback: number;
	/** Default 1. */
	min?: number;
	max: number;
}

/** Which numbers are rung. */
interface DialledOptions {
	version: '1.0' | '1.1';
	/** National numbers are rung as well. */
	lenient: boolean;
}

/** The fields of one JSON object of an answer; nested objects share the lists of reasons and notes. */
export class AnswerFields {
	readonly #fields: Record<string, unknown>;
	readonly #path: string;

	constructor(
		fields: Record<string, unknown>,
		path = '',
		/** Why the answer would be refused. */
		readonly reasons: string[] = [],
		/** Accepted, but not as meant. */
		readonly notes: string[] = [],
	) {
		this.#fields = fields;
		this.#path = path;
	}

	/** The field as it came; null and absent are both undefined. */
	value(name: string): unknown {
		return this.#fields[name] ?? undefined;
	}

	flag(name: string): boolean {
		const value = this.value(name);
		if (value !== undefined && typeof value !== 'boolean') this.#refuse(name, 'must be true or false');
		return value === true;
	}

	whole(name: string, { fallback, min = 1, max }: WholeOptions): number {
		const value = this.value(name);
		if (value === undefined) return fallback;
		if (typeof value !== 'number' || !Number.isInteger(value) || value < min) {
			this.#refuse(name, `must be a whole number from ${min} to ${max}`);
			return fallback;
		}
		if (value > max)
			this.notes.push(`${this.#path}${name} is ${value}; at most ${max} is possible, so ${max} is used`);
		return Math.min(value, max);
	}

	choice<T extends string>(name: string, values: readonly T[], fallback: T): T {
		const value = this.value(name);
		if (value === undefined) return fallback;
		const chosen = values.find((candidate) => candidate === value);
		if (chosen === undefined) this.#refuse(name, `must be ${values.join(' or ')}`);
		return chosen ?? fallback;
	}

	/** The text, shortened to what is remembered of it, which is noted. */
	cut(name: string, text: string, max: number): string {
		if (text.length > max) this.notes.push(`${this.#path}${name} is cut after ${max} characters here`);
		return text.slice(0, max);
	}

	url(name: string): string | null {
		const value = this.value(name);
		if (value === undefined || value === '') return null;
		const usable =
			typeof value === 'string' &&
			value.length <= MAX_TEXT_LENGTH &&
			/^https?:\/\//i.test(value) &&
			URL.canParse(value);
		if (!usable) this.#refuse(name, 'must be an http or https URL');
		return usable ? value : null;
	}

	/** The fields of a nested object; null if there is none, or if it is not an object. */
	block(name: string): AnswerFields | null {
		const value = this.value(name);
		if (isObject(value)) return new AnswerFields(value, `${this.#path}${name}.`, this.reasons, this.notes);
		if (value !== undefined) this.#refuse(name, 'must be an object');
		return null;
	}

	/** Numbers that can be dialled. Version 1.0 knows phone numbers only, 1.1 SIP addresses too (seeds 002, 003). */
	dialled(numbers: readonly unknown[], { version, lenient }: DialledOptions): string[] {
		return numbers.filter((number): number is string => {
			const sip = typeof number === 'string' && /^sips?:/i.test(number);
			const usable = typeof number === 'string' && isDiallable(number) && (sip || lenient || isE164(number));
			if (usable && !(sip && version === '1.0')) return true;
			const shown = typeof number === 'object' ? 'an entry' : String(JSON.stringify(number)).slice(0, 60);
			if (this.notes.length < MAX_NOTES)
				this.notes.push(
					sip && version === '1.0'
						? `${shown} is a SIP address, which version 1.0 does not ring`
						: `${shown} is not a ${lenient ? 'phone number' : 'number in E.164 format'} and is not rung`,
				);
			return false;
		});
	}

	#refuse(name: string, rule: string): void {
		this.reasons.push(`${this.#path}${name} ${rule}`);
	}
}

/**
 * Texts in the editor's language. Labels of fields are English in the core; the catalogue of the account node holds
 * their translations and the texts that several forms share.
 */

const CATALOGUE = '@exonodes/node-red-exotel/exotel-account:';

/** A text of the shared catalogue; `fallback` where the catalogue has none. */
export function shared(key: string, fallback: string, values: Record<string, unknown> = {}): string {
	return RED._(CATALOGUE + key, { defaultValue: fallback, ...values });
}

/** A text of a field: the translation for this operation, else the one for all operations, else the core's English. */
export function fieldText(operation: string, name: string, part: string, english: string): string {
	return shared(`field.${operation}.${name}.${part}`, shared(`field.any.${name}.${part}`, english));
}

/** What the text of a broken rule may name. */
interface RuleValues {
	label: string;
	/** Label of the other field of a rule about two. */
	other?: string;
	/** What is wrong among several. */
	entry?: string;
	example?: unknown;
	min?: number | undefined;
	max?: number | undefined;
}

/** What is wrong by a rule of the core: its own words in English, and where the catalogue has none. */
export function ruleText(rule: string, message: string, { example, ...values }: RuleValues): string {
	return shared(`form.rule.${rule}`, message, { ...values, message, example: [example].flat().join(', ') });
}

/** The message for a required value that was left blank. */
export function missing(label: string): string {
	return shared('form.missing', '__label__ is missing', { label });
}

/**
 * How one input of an operation is described. The label, sentence and example that a form shows, the rule that a
 * request is checked by, the name of Exotel's parameter and the type of the value are one object, so that forms,
 * checks, requests, types and reference pages cannot drift apart.
 */
import type { Account } from '../account';

/** What sort of value a field holds. */
export type FieldKind =
	'phone' | 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'multi-choice' | 'url' | 'time';

/**
 * Where a form shows the field: `main` always, `common` at first sight where there is room, `rare` under the optional
 * settings.
 */
export type FieldTier = 'main' | 'common' | 'rare';

/** One value a choice offers. */
export interface FieldOption<Value extends string = string> {
	value: Value;
	label: string;
	/** One sentence, for readers who are no programmers. */
	description: string;
	/** Exotel's own word where it differs from `value`. */
	sentAs?: string;
}

/** The form a text must have, and the sentence that says so (it follows the label). */
export interface FieldPattern {
	form: RegExp;
	rule: string;
}

/** Everything about a field but the type of its value. */
export interface FieldDescription {
	/** What a form calls it. */
	label: string;
	/** One or two sentences, for readers who are no programmers. */
	description: string;
	kind: FieldKind;
	tier: FieldTier;
	required: boolean;
	/** An answer to a caller is never sent without it when its value is wrong (decision 055). */
	essential?: boolean;
	/** A value that would be accepted as it stands. */
	example: string | number | boolean | readonly string[];
	/** Exotel's name of the parameter or filter, e.g. `CallerId` or `from.user_id`; absent for inputs of our own. */
	parameter?: string;
	/** Where the rule comes from, e.g. `seed 004` or `facts 2.1`. */
	source?: string;
	/** Unit of a number, e.g. `seconds`. */
	unit?: string;
	/** The values of a choice. */
	options?: readonly FieldOption[];
	/** Smallest number, inclusive. */
	min?: number;
	/** Largest number, inclusive. */
	max?: number;
	/** What Exotel, or we, assume when the field is blank. */
	default?: string | number | boolean | readonly string[];
	/** The field holds a list of at most so many values. */
	maxItems?: number;
	/** A list without values is a value of its own; only a blank field counts as missing. */
	allowEmptyList?: boolean;
	/** A value that is listed twice counts twice; otherwise once. */
	keepDuplicates?: boolean;
	/** A phone field that also takes a SIP address such as `sip:agent1`. */
	sip?: boolean;
	/** A phone field that is sent in the form of the input (separators removed) instead of in E.164. */
	preserveFormat?: boolean;
	/** A choice that also passes on words it does not know. */
	allowUnknown?: boolean;
	pattern?: FieldPattern;
	/** The field only means something when that other field is filled in (or switched on). */
	dependsOn?: string;
	/** An audio file that Exotel plays: a wav file by http or https. */
	audio?: boolean;
	/**
	 * A web address of which white space is dropped: one sample of Exotel's prints one with a stray blank (seed
	 * 000).
	 */
	removeWhitespace?: boolean;
	/** A time up to which something is looked for: a day without a time means its last second. */
	endOfDay?: boolean;
	/** A text that is passed on unchanged, blanks at its ends included. */
	preserveWhitespace?: boolean;
	/** How the value is written into a form or query, where its plain text is not it. */
	encode?: (value: string, account: Account) => string;
}

declare const valueOf: unique symbol;

/** A field whose parsed value is a `Value`; the one it depends on is a `Needed`. */
export interface Field<
	Value = unknown,
	Required extends boolean = boolean,
	Needed extends string = string,
> extends FieldDescription {
	readonly required: Required;
	readonly dependsOn?: Needed;
	/** Carries the type of the value; never present at run time. */
	readonly [valueOf]?: Value;
}

/** The fields of an operation by our own names for them, in the order a form shows them. */
export type FieldSet = Readonly<Record<string, Field>>;

/** The names of the fields. */
export type FieldName<Fields extends FieldSet> = keyof Fields & string;

/** The rule that a field depends on another one of its set; a name that no field has does not compile. */
export type Related<Fields> = { readonly [Name in keyof Fields]: { readonly dependsOn?: keyof Fields & string } };

/** A set of fields that is written on its own, checked by that rule. */
export type RelatedFields<Fields extends Related<Fields>> = Fields;

type ParsedValue<F extends Field> = NonNullable<F[typeof valueOf]>;

/** The parsed values: required fields are present, blank ones absent. */
export type Values<Fields extends FieldSet> = {
	[Name in keyof Fields as Fields[Name]['required'] extends true ? Name : never]: ParsedValue<Fields[Name]>;
} & {
	[Name in keyof Fields as Fields[Name]['required'] extends true ? never : Name]?: ParsedValue<Fields[Name]>;
};

/** What a form or a message gives: known names, unchecked values. */
export type RawInput<Fields extends FieldSet> = { readonly [Name in keyof Fields]?: unknown };

/** What every kind of field takes; `tier` is `main` for a required field, else `rare`. */
interface Common<Required extends boolean, Needed extends string> extends Pick<
	FieldDescription,
	'label' | 'description' | 'parameter' | 'source' | 'encode' | 'essential'
> {
	required?: Required;
	dependsOn?: Needed;
	tier?: FieldTier;
}

type With<Required extends boolean, Needed extends string, Keys extends keyof FieldDescription = never> = Common<
	Required,
	Needed
> &
	Partial<Pick<FieldDescription, Keys>>;

interface Example<Value> {
	example: Value;
}

interface Default<Value> {
	default?: Value;
}

/** A field as it is made: where it stands does not decide which field it depends on. */
type Made<Value, Required extends boolean, Needed extends string> = Field<Value, Required, NoInfer<Needed>>;

function field<Value, Required extends boolean, Needed extends string>(
	kind: FieldKind,
	options: Common<Required, Needed> & Partial<FieldDescription> & Example<FieldDescription['example']>,
): Made<Value, Required, Needed> {
	const required = (options.required ?? false) as Required;
	return { ...options, kind, tier: options.tier ?? (required ? 'main' : 'rare'), required };
}

/**
 * A phone number; parsed into E.164 (or, with `preserveFormat`, in the form of the input; with `sip`, possibly a SIP
 * address).
 */
export function phone<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed, 'sip' | 'preserveFormat'> & Example<string>,
): Made<string, Required, Needed> {
	return field('phone', options);
}

/** Several phone numbers, written as a list or as a text separated by commas, semicolons or lines. */
export function phones<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed, 'sip' | 'maxItems' | 'allowEmptyList' | 'keepDuplicates'> &
		Example<string | readonly string[]>,
): Made<string[], Required, Needed> {
	return field('phone', { maxItems: Number.POSITIVE_INFINITY, ...options });
}

/** A text. */
export function text<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed, 'pattern' | 'preserveWhitespace'> & Example<string>,
): Made<string, Required, Needed> {
	return field('text', options);
}

/** Several texts, written as a list or as a text separated by commas, semicolons or lines. */
export function texts<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed, 'pattern' | 'maxItems'> & Example<string>,
): Made<string[], Required, Needed> {
	return field('text', { maxItems: Number.POSITIVE_INFINITY, ...options });
}

/** A whole number. */
export function integer<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed, 'unit' | 'min' | 'max'> & Default<number> & Example<number>,
): Made<number, Required, Needed> {
	return field('integer', options);
}

/** A number. */
export function decimal<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed, 'unit' | 'min' | 'max'> & Default<number> & Example<number>,
): Made<number, Required, Needed> {
	return field('number', options);
}

/** Something switched on or off. */
export function toggle<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed> & { default: boolean },
): Made<boolean, Required, Needed> {
	return field('boolean', { example: true, ...options });
}

interface Options<Value extends string> {
	options: readonly FieldOption<Value>[];
}

/** One of several words. */
export function choice<
	const Value extends string,
	const Required extends boolean = false,
	const Needed extends string = never,
>(
	options: With<Required, Needed> & Options<Value> & Default<NoInfer<Value>> & Example<NoInfer<Value>>,
): Made<Value, Required, Needed> {
	return field('choice', options);
}

/** One of several words, or a word that Exotel may add. */
export function openChoice<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed> & Options<string> & Default<string> & Example<string>,
): Made<string, Required, Needed> {
	return field('choice', { allowUnknown: true, ...options });
}

/** Several of several words. */
export function choices<
	const Value extends string,
	const Required extends boolean = false,
	const Needed extends string = never,
>(
	options: With<Required, Needed> &
		Options<Value> &
		Default<readonly NoInfer<Value>[]> &
		Example<readonly NoInfer<Value>[]>,
): Made<Value[], Required, Needed> {
	return field('multi-choice', options);
}

/** Several words, also ones that Exotel may add. */
export function openChoices<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed> & Options<string> & Default<readonly string[]> & Example<readonly string[]>,
): Made<string[], Required, Needed> {
	return field('multi-choice', { allowUnknown: true, ...options });
}

/** A web address; with `audio`, of a wav file. */
export function url<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed, 'audio' | 'removeWhitespace'> & Example<string>,
): Made<string, Required, Needed> {
	return field('url', options);
}

/** A moment; parsed into milliseconds since 1970. */
export function time<const Required extends boolean = false, const Needed extends string = never>(
	options: With<Required, Needed, 'endOfDay'> & Example<string>,
): Made<number, Required, Needed> {
	return field('time', options);
}

/** The names of a set of fields, in the order a form shows them. */
export function namesOf<Fields extends FieldSet>(fields: Fields): FieldName<Fields>[] {
	return Object.keys(fields);
}

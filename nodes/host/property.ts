/**
 * Turns the core's fields into fields of n8n's form, so that label, explanation, example, choices and limits are the
 * same ones the request is checked by.
 */

import type { INodeProperties, INodePropertyOptions, NodePropertyTypes } from 'n8n-workflow';

import { namesOf } from '../../exotel';
import type { FieldDescription, FieldName, FieldOption, FieldSet } from '../../exotel';

const types: Record<FieldDescription['kind'], NodePropertyTypes> = {
	phone: 'string',
	text: 'string',
	url: 'string',
	integer: 'number',
	number: 'number',
	boolean: 'boolean',
	choice: 'options',
	'multi-choice': 'multiOptions',
	time: 'dateTime',
};

/** Words that n8n's titles keep in lower case. */
const smallWords = new Set(['a', 'an', 'and', 'at', 'by', 'for', 'in', 'of', 'on', 'or', 'per', 'the', 'to', 'with']);

/**
 * The form's field for one field of the core.
 * @param overrides what this form does differently, e.g. `displayOptions`
 */
export function property<Fields extends FieldSet>(
	fields: Fields,
	name: FieldName<Fields>,
	overrides: Partial<INodeProperties> = {},
): INodeProperties {
	const field: FieldDescription | undefined = fields[name];
	if (field === undefined) throw new Error(`There is no field ${name}.`);
	const placeholder = placeholderOf(field);
	const displayName = titleOf(field.label);
	shownLabels.set(field.label, displayName);
	return {
		displayName,
		name,
		type: types[field.kind],
		default: defaultOf(field),
		...(field.required ? { required: true } : {}),
		...(placeholder === '' ? {} : { placeholder }),
		...(field.options === undefined ? {} : { options: field.options.map(optionOf) }),
		...(field.kind === 'integer' || field.kind === 'number' ? { typeOptions: limitsOf(field) } : {}),
		description: explanationOf(field),
		...overrides,
	};
}

/** Some fields as the entries of a collection ("Add option"), in alphabetical order as n8n shows them. */
export function optionalProperties<Fields extends FieldSet>(
	fields: Fields,
	names: readonly FieldName<Fields>[] = optionalNames(fields),
): INodeProperties[] {
	// Plain comparison: a comparison in the reader's language would load its whole collation while n8n starts.
	return names.map((name) => property(fields, name)).sort((a, b) => (a.displayName < b.displayName ? -1 : 1));
}

/** The fields that a form does not show at first sight, in the core's order. */
export function optionalNames<Fields extends FieldSet>(fields: Fields): FieldName<Fields>[] {
	return namesOf(fields).filter((name) => fields[name]?.tier !== 'main');
}

/** Labels of the core's fields → as the forms show them; filled in while the forms are made. */
const shownLabels = new Map<string, string>();

/** A message about fields, with their names as the form shows them. */
export function inTheFormsWords(message: string): string {
	const longestFirst = [...shownLabels].sort(([a], [b]) => b.length - a.length);
	return longestFirst.reduce((text, [label, shown]) => text.replaceAll(label, shown), message);
}

/** "End the call after (seconds)" → "End the Call After (Seconds)". */
export function titleOf(label: string): string {
	return label
		.split(' ')
		.map((word, index) => (index > 0 && smallWords.has(word) ? word : capitalised(word)))
		.join(' ');
}

function capitalised(word: string): string {
	return word.replace(/^(\W*)([a-z])/, (_, mark: string, letter: string) => mark + letter.toUpperCase());
}

/** One sentence loses its full stop, and what is switched on or off begins with "Whether", as n8n writes them. */
function explanationOf(field: FieldDescription): string {
	const { description } = field;
	const text =
		field.kind === 'boolean'
			? `Whether to ${description.charAt(0).toLowerCase()}${description.slice(1)}`
			: description;
	const several = field.maxItems !== undefined && !text.includes('comma');
	const most = Number.isFinite(field.maxItems) ? `; at most ${field.maxItems}` : '';
	const whole = several ? `${text} Separate several with commas${most}.` : text;
	return /[.!?]\s/.test(whole) ? whole : whole.replace(/\.$/, '');
}

function placeholderOf(field: FieldDescription): string {
	if (field.kind === 'boolean' || field.options !== undefined) return '';
	return `e.g. ${Array.isArray(field.example) ? field.example.join(', ') : String(field.example)}`;
}

function optionOf(option: FieldOption): INodePropertyOptions {
	return { name: titleOf(option.label), value: option.value, description: option.description.replace(/\.$/, '') };
}

function limitsOf(field: FieldDescription): INodeProperties['typeOptions'] {
	return {
		...(field.min === undefined ? {} : { minValue: field.min }),
		...(field.max === undefined ? {} : { maxValue: field.max }),
		...(field.kind === 'integer' ? { numberPrecision: 0 } : {}),
	};
}

const emptyValues: Record<FieldDescription['kind'], INodeProperties['default']> = {
	phone: '',
	text: '',
	url: '',
	time: '',
	choice: '',
	integer: '',
	number: '',
	boolean: false,
	'multi-choice': [],
};

/** A field starts with its default, else empty, so that an option just added changes nothing. */
function defaultOf(field: FieldDescription): INodeProperties['default'] {
	if (Array.isArray(field.default)) return [...field.default];
	if (field.default !== undefined) return field.default as INodeProperties['default'];
	return field.kind === 'choice' ? (field.options?.[0]?.value ?? '') : emptyValues[field.kind];
}

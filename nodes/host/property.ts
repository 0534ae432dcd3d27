/**
 * Turns the core's description of an input into a field of n8n's form, so that label, explanation, example, choices and
 * limits are the same ones the request is checked by.
 */

import type { INodeProperties, INodePropertyOptions, NodePropertyTypes } from 'n8n-workflow';

import { fields } from '../../exotel';
import type { FieldDescription } from '../../exotel';

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

/** Words that n8n's titles keep small. */
const smallWords = new Set(['a', 'an', 'and', 'at', 'by', 'for', 'in', 'of', 'on', 'or', 'per', 'the', 'to', 'with']);

/**
 * @param operation key of the core's field list
 * @param name name of the input
 * @param overrides what this form does differently, e.g. `displayOptions`
 */
export function property(operation: string, name: string, overrides: Partial<INodeProperties> = {}): INodeProperties {
	const field = descriptionOf(operation, name);
	return {
		displayName: titleOf(field.label),
		name: field.name,
		type: types[field.kind],
		default: defaultOf(field),
		...(field.required ? { required: true } : {}),
		...(placeholderOf(field) === '' ? {} : { placeholder: placeholderOf(field) }),
		...(field.options === undefined ? {} : { options: field.options.map(optionOf) }),
		...(field.kind === 'integer' || field.kind === 'number' ? { typeOptions: limitsOf(field) } : {}),
		description: explanationOf(field),
		...overrides,
	};
}

/** Several optional inputs as the entries of a collection ("Add option"), in alphabetical order as n8n shows them. */
export function optionalProperties(operation: string, names: string[]): INodeProperties[] {
	// Plain comparison: asking for the reader's language would load its whole collation while n8n starts.
	return names.map((name) => property(operation, name)).sort((a, b) => (a.displayName < b.displayName ? -1 : 1));
}

/** The core's description. A name nobody described is a mistake of ours and stops the package from loading. */
export function descriptionOf(operation: string, name: string): FieldDescription {
	const field = fields[operation]?.find((described) => described.name === name);
	if (field === undefined) throw new TypeError(`No field ${operation}.${name}`);
	return field;
}

/** "End the call after (seconds)" → "End the Call After (Seconds)". */
export function titleOf(label: string): string {
	return label
		.split(' ')
		.map((word, index) =>
			index > 0 && smallWords.has(word)
				? word
				: word.replace(/^(\W*)([a-z])/, (_, mark: string, letter: string) => mark + letter.toUpperCase()),
		)
		.join(' ');
}

/** One sentence loses its full stop, and what is switched on or off begins with "Whether", as n8n writes them. */
function explanationOf(field: FieldDescription): string {
	const text =
		field.kind === 'boolean'
			? `Whether to ${field.description.charAt(0).toLowerCase()}${field.description.slice(1)}`
			: field.description;
	const many =
		field.maxItems === undefined || text.includes('comma')
			? ''
			: ` Separate several with commas; at most ${field.maxItems}.`;
	const whole = text + many;
	return /[.!?]\s/.test(whole) ? whole : whole.replace(/\.$/, '');
}

function placeholderOf(field: FieldDescription): string {
	if (field.kind === 'boolean' || field.kind === 'choice' || field.kind === 'multi-choice') return '';
	return `e.g. ${Array.isArray(field.example) ? field.example.join(', ') : String(field.example)}`;
}

function optionOf(option: NonNullable<FieldDescription['options']>[number]): INodePropertyOptions {
	return { name: titleOf(option.label), value: option.value, description: option.description.replace(/\.$/, '') };
}

function limitsOf(field: FieldDescription): INodeProperties['typeOptions'] {
	return {
		...(field.min === undefined ? {} : { minValue: field.min }),
		...(field.max === undefined ? {} : { maxValue: field.max }),
		...(field.kind === 'integer' ? { numberPrecision: 0 } : {}),
	};
}

/** An option that was added to the form starts with a value that is accepted as it stands. */
function defaultOf(field: FieldDescription): INodeProperties['default'] {
	if (field.default !== undefined) return field.default as INodeProperties['default'];
	switch (field.kind) {
		case 'integer':
		case 'number':
			return field.required ? 0 : (field.example as number);
		case 'boolean':
			return false;
		case 'choice':
			return field.options?.[0]?.value ?? '';
		case 'multi-choice':
			return [];
		default:
			return '';
	}
}

/** Typed inputs: a value of the field itself, or one that comes with the message. */
import type { TypedProperty } from './form';
import type { NodeView } from './node-view';
import { shared } from './texts';
import { MESSAGE_TYPES } from './validation';

/** What a typed input is made with. */
interface TypedInputSettings {
	label: string;
	placeholder: string;
	types: (string | TypedInputType)[];
}

/** Makes a typed input of an input and the hidden one that holds the type. */
export function makeTypedInput(view: NodeView, property: string, settings: TypedInputSettings): void {
	const input = view.input(property);
	const [first] = settings.types;
	input.css('width', '70%').typedInput({
		default: typeof first === 'object' ? first.value : (first ?? 'str'),
		types: [...settings.types, ...MESSAGE_TYPES],
		typeField: `#${view.prefix}-${property}Type`,
	});
	nameTypedInput(view, property, settings);
}

/** Gives a typed input other kinds of value of its own. */
export function setTypes(view: NodeView, property: string, types: TypedInputSettings['types']): void {
	view.input(property).typedInput('types', [...types, ...MESSAGE_TYPES]);
}

/** Gives a typed input its placeholder and, for screen readers, names for its parts. */
export function nameTypedInput(
	view: NodeView,
	property: string,
	{ label, placeholder }: Omit<TypedInputSettings, 'types'>,
): void {
	const box = typedBox(view.input(property));
	const name = (part: string, text: string) => box.find(`.red-ui-typedInput-${part}`).attr('aria-label', text);
	name('input', label).attr('placeholder', placeholder);
	name('type-select', shared('form.type-of', 'Kind of value for __label__', { label }));
	name('option-expand', shared('form.expand', 'Edit __label__ in a larger window', { label }));
	name('option-trigger', label);
}

/** The box that the editor draws for a typed input; empty for any other input. */
export function typedBox(input: JQuery): JQuery {
	return input.nextAll('.red-ui-typedInput-container').first();
}

/** Makes the typed input of an own property. */
export function makeOwnTypedInput(view: NodeView, property: string, typed: TypedProperty): void {
	for (const name of [property, `${property}Type`]) view.input(name).val(view.saved(name));
	const types = typeof typed.types === 'function' ? typed.types(view) : [...typed.types];
	makeTypedInput(view, property, {
		label: view.word(`label.${property}`),
		placeholder: typed.placeholder ?? '',
		types,
	});
}

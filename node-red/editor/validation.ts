/** Validates the properties of a node: fields of the core by the core's rules, own properties by the form's. */
import { checkField, mostItems, type FieldDescription } from '../../exotel/index';
import type { Range } from '../host';
import { parsingRules } from './accounts';
import type { FieldSource, Form, Validity } from './form';
import { plain, type NodeView } from './node-view';
import { fieldText, missing, ruleText, shared } from './texts';

/** Kinds of value that come with a message: only their form can be checked. */
export const MESSAGE_TYPES = ['msg', 'flow', 'global', 'jsonata', 'env'];

/** One value of a form. */
interface Entry {
	property: string;
	value: unknown;
	/** What the editor hands to every validator. */
	options: Record<string, unknown>;
}

/** The source whose fields the form shows now. */
export function shownSource(form: Form, view: NodeView): FieldSource | undefined {
	const [first] = Object.values(form.sources);
	return form.mode === undefined ? first : (form.sources[view.text(form.mode)] ?? first);
}

/** Validates one property, as the editor's own validator and the form while typing do. */
export function validate(form: Form, view: NodeView, entry: Entry): Validity {
	const { property, value, options } = entry;
	const own = form.own[property];
	if (own !== undefined) return own.check?.(view, value, options) ?? true;
	if (form.credentials?.includes(property) === true) return form.checkSecret?.(view, property) ?? true;
	const special = form.checkField?.(view, property, value);
	if (special !== undefined) return special;
	const source = shownSource(form, view);
	return source === undefined ? true : checkSourceField(source, view, entry);
}

/**
 * Checks a value by the rule that the core has for a field. The reason has the form's label, and the editor's language
 * where the catalogue has the rule.
 */
export function checkByRule(field: FieldDescription, label: string, view: NodeView, value: unknown): Validity {
	const named = { named: { ...field, label } };
	const broken = checkField(named, 'named', plain(value), parsingRules(view.value('account')));
	if (broken === true) return true;
	return ruleText(broken.rule, broken.message, { max: mostItems(field), ...field, label });
}

/** Validates a field by the core's rule. */
export function checkSourceField(source: FieldSource, view: NodeView, { property, value, options }: Entry): Validity {
	const field = source.fields[property];
	if (field === undefined) return true;
	const type = view.text(`${property}Type`);
	const label = fieldText(source.name, property, 'label', field.label);
	const blank = plain(value) === '';
	if (MESSAGE_TYPES.includes(type)) {
		if (blank) return field.required ? missing(label) : true;
		return checkMessageValue(value, type, { ...options, label });
	}
	if (blank && !field.required) return true;
	return checkByRule(field, label, view, value);
}

function checkMessageValue(value: unknown, type: string, options: { label: string }): Validity {
	const result = RED.utils.validateTypedProperty(value, type, options);
	if (result === true || result === undefined) return true;
	return result === false ? shared('form.unreadable', '__label__ cannot be read', { label: options.label }) : result;
}

/** How an own typed input is validated. */
interface TypedRules {
	label: string;
	required?: boolean;
	/** Checks a value that the field itself holds. */
	check?: (text: string) => Validity;
}

/** Validates a typed input that no operation of the core describes. */
export function checkTyped(view: NodeView, entry: Entry, { label, required, check }: TypedRules): Validity {
	const { property, value, options } = entry;
	if (plain(value) === '') return required === true ? missing(label) : true;
	const type = view.text(`${property}Type`);
	if (MESSAGE_TYPES.includes(type)) return checkMessageValue(value, type, { ...options, label });
	return check?.(plain(value)) ?? true;
}

/** Validates a number that may be left blank. */
export function checkNumber(value: unknown, { min, max }: Pick<Range, 'min' | 'max'>, message: string): Validity {
	const text = plain(value);
	return text === '' || (Number(text) >= min && Number(text) <= max) ? true : message;
}

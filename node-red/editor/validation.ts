/** Validates the properties of a node: fields of the core by the core's rules, own properties by the form's. */
import { checkField, comesLater, mostItems, type FieldDescription, type Violation } from '../../exotel/index';
import { isEnvironmentVariable } from '../account-form';
import type { Range } from '../host';
import { rulesOf } from './accounts';
import { namesIn, type FieldSource, type Form, type Validity } from './form';
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
	return source === undefined ? true : checkSourceField(form, source, view, entry);
}

/**
 * Checks a value by the rule that the core has for a field. The reason has the form's label, and the editor's language
 * where the catalogue has the rule.
 */
export function checkByRule(field: FieldDescription, label: string, view: NodeView, value: unknown): Validity {
	const named = { named: { ...field, label } };
	const broken = checkField(named, 'named', plain(value), rulesOf(view.value('account')));
	if (broken === true) return true;
	return ruleText(broken.rule, broken.message, { max: mostItems(field), ...field, label });
}

/** Validates a field by all rules of the core, those about several fields included. */
function checkSourceField(form: Form, source: FieldSource, view: NodeView, entry: Entry): Validity {
	const { property, value, options } = entry;
	const field = source.fields[property];
	if (field === undefined) return true;
	const label = fieldText(source.name, property, 'label', field.label);
	const type = view.text(`${property}Type`);
	if (MESSAGE_TYPES.includes(type) && plain(value) !== '') {
		return checkMessageValue(value, type, { ...options, label });
	}
	const broken = violationsOf(form, source, view, entry).find((one) => one.field.split('[')[0] === property);
	if (broken === undefined) return true;
	const { message, other = '' } = broken;
	const { label: english = '', example = field.example } = source.fields[other] ?? {};
	const values = { max: mostItems(field), ...field, label, example };
	const labelOfOther = fieldText(source.name, other, 'label', english);
	return ruleText(textOfRule(broken, field), message, { ...values, other: labelOfOther });
}

/** The text of a broken rule where it differs from that of the rule's name. */
function textOfRule({ rule, other }: Violation, { kind }: FieldDescription): string {
	if (rule === 'required' && other !== undefined) return 'one-missing';
	// The address of a sound in a text.
	return rule === 'url' && kind === 'text' ? 'audio' : rule;
}

/** What was found last: the editor validates the properties of a node one by one. */
let last: { key: string; found: Violation[] } | undefined;

/** What is wrong with the fields of a source, as far as it is known while nothing runs. */
function violationsOf(form: Form, source: FieldSource, view: NodeView, { property, value }: Entry): Violation[] {
	const rules = rulesOf(view.value('account'));
	const values = namesIn(form, source).map((name): [string, unknown] => [
		name,
		inputOf(form, view, name, name === property ? value : view.value(name)),
	]);
	const key = JSON.stringify([source.name, rules, values.map(([, one]) => [typeof one, String(one)])]);
	if (last?.key !== key) last = { key, found: source.violations(Object.fromEntries(values), rules) };
	return last.found;
}

/** What the node has for a field at run time: undefined for nothing. */
function inputOf(form: Form, view: NodeView, name: string, value: unknown): unknown {
	const text = plain(value);
	const instead = form.instead?.(view, name, text);
	if (text === '' || instead === 'nothing') return undefined;
	const type = view.text(`${name}Type`);
	if (instead === 'own' || MESSAGE_TYPES.includes(type) || isEnvironmentVariable(text)) return comesLater;
	return type === 'num' ? Number(text) : text;
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

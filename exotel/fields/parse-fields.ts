/**
 * Parses what a user filled in, by the field descriptions: every value is brought into its one form or becomes a
 * violation that names the field. This is the only place where the inputs of a request are checked one by one; rules
 * that need two fields are in the file of the operation. No message quotes a phone number or an address.
 */
import { defaultRules } from '../account';
import type { Violation } from '../errors';
import type { FieldDescription, FieldSet, RawInput, Values } from './field';
import { BrokenRule, exampleOf, filledValues, isBlank, parseValue, type ParsingRules } from './parse-value';
import { MOST_LISTED, splitList } from './split-list';

/** Stands for a value that comes with a message: a form knows that there will be one, and cannot judge it. */
export const comesLater = Symbol('comes later');

/** What was parsed: values in their one form (blank fields absent) and every broken rule. */
export interface ParsedFields<Fields extends FieldSet> {
	values: Partial<Values<Fields>>;
	violations: Violation[];
}

/** What is being parsed: its values and violations so far. */
interface Parsing {
	rules: ParsingRules;
	values: Record<string, unknown>;
	violations: Violation[];
}

/** Parses all fields of an input. */
export function parseFields<Fields extends FieldSet>(
	fields: Fields,
	input: RawInput<Fields>,
	rules: ParsingRules,
): ParsedFields<Fields> {
	const parsing: Parsing = { rules, values: {}, violations: [] };
	const described = entriesOf(fields);
	for (const { name, field } of described) {
		const raw = input[name];
		if (raw !== comesLater && (raw !== undefined || field.required)) parseField(name, field, raw, parsing);
	}
	for (const { name, field } of described) {
		const { dependsOn } = field;
		if (dependsOn !== undefined && input[dependsOn] !== comesLater) checkDependency(name, field, fields, parsing);
	}
	return { values: parsing.values as Partial<Values<Fields>>, violations: parsing.violations };
}

interface NamedField {
	name: string;
	field: FieldDescription;
}

const knownEntries = new WeakMap<FieldSet, NamedField[]>();

/** The fields with their names; listed once for each set of fields. */
function entriesOf(fields: FieldSet): NamedField[] {
	let entries = knownEntries.get(fields);
	if (entries === undefined) {
		entries = Object.entries(fields).map(([name, field]) => ({ name, field }));
		knownEntries.set(fields, entries);
	}
	return entries;
}

/**
 * Checks one value the way a request will: `true`, or the rule that it breaks. What needs another field is not looked
 * at.
 */
export function checkField<Fields extends FieldSet>(
	fields: Fields,
	name: keyof Fields & string,
	value: unknown,
	rules: ParsingRules = defaultRules,
): true | Violation {
	const field = fields[name];
	if (field === undefined) return true;
	const parsing: Parsing = { rules, values: {}, violations: [] };
	parseField(name, field, value, parsing);
	return parsing.violations[0] ?? true;
}

function parseField(name: string, field: FieldDescription, raw: unknown, parsing: Parsing): void {
	const isList = field.maxItems !== undefined;
	// A text of separators is a list of nothing; an empty list may be a value of its own.
	const items = isList ? splitList(raw) : raw;
	const emptyList = field.allowEmptyList === true && Array.isArray(raw) && raw.length === 0;
	if (isBlank(items) && !emptyList) {
		if (!field.required) return;
		const message = `${field.label} is missing. ${exampleOf(field)}`;
		parsing.violations.push({ field: name, rule: 'required', message });
	} else if (isList) parseList(name, field, splitList(items), parsing);
	else {
		try {
			parsing.values[name] = parseValue(field, raw, parsing.rules);
		} catch (thrown) {
			parsing.violations.push(violationOf(name, thrown));
		}
	}
}

function violationOf(field: string, thrown: unknown): Violation {
	if (!(thrown instanceof BrokenRule)) throw thrown;
	return { field, rule: thrown.rule, message: thrown.message };
}

/** Values of a list where Exotel names no limit: to check a hundred thousand would hold up everything. */
const MOST_ITEMS = 1_000;

/** How many values a list may have. */
export const mostItems = ({ maxItems = MOST_ITEMS }: FieldDescription): number => Math.min(maxItems, MOST_ITEMS);

/** Every value of a list is parsed, so that a violation names the one that is wrong, e.g. `destinations[2]`. */
function parseList(name: string, field: FieldDescription, listed: readonly unknown[], parsing: Parsing): void {
	// Where an empty list has a meaning, a blank value in a list is a mistake and not just nothing.
	const keepsBlank = field.allowEmptyList === true || listed.length > MOST_LISTED;
	const items = keepsBlank ? listed : filledValues(listed);
	const max = mostItems(field);
	if (items.length > max) {
		const count = items.length > MOST_LISTED ? 'more' : items.length;
		const message = `${field.label} takes at most ${max} values; there are ${count}.`;
		parsing.violations.push({ field: name, rule: 'max-items', message });
		return;
	}
	const before = parsing.violations.length;
	// Not `map`: a hole in a list is a value that is missing.
	const values = Array.from(items, (item, index) => {
		const one = items.length === 1 ? field : { ...field, label: `${field.label} (value ${index + 1})` };
		try {
			if (isBlank(item)) throw new BrokenRule('required', `${one.label} is blank.`);
			return parseValue(one, item, parsing.rules);
		} catch (thrown) {
			parsing.violations.push(violationOf(`${name}[${index}]`, thrown));
			return undefined;
		}
	});
	if (parsing.violations.length > before) return;
	parsing.values[name] = field.keepDuplicates === true ? values : [...new Set(values)];
}

/**
 * A field that needs another one. Left at its default it is simply not sent (forms always hand over their defaults);
 * anything else would be silently lost, so it is an error.
 */
function checkDependency(name: string, field: FieldDescription, fields: FieldSet, parsing: Parsing): void {
	const { values, violations } = parsing;
	const value = values[name];
	if (field.dependsOn === undefined || value === undefined) return;
	const dependency = values[field.dependsOn];
	if (dependency !== undefined && dependency !== false) return;
	delete values[name];
	if (JSON.stringify(value) === JSON.stringify(field.default)) return;
	const label = fields[field.dependsOn]?.label ?? field.dependsOn;
	const together = `${field.label} only works together with "${label}"`;
	const message = `${together}. Fill that in as well, or leave this one empty.`;
	violations.push({ field: name, rule: 'depends-on', message, other: field.dependsOn });
}

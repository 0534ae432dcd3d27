/**
 * The rows of a form for the fields of the core: `main` and `common` ones at first sight, `rare` ones under "More
 * settings". Each source shows its fields in the core's order.
 */
import type { Field } from '../../exotel/index';
import { exoPhoneButton, exoPhoneType, suggestOnClick } from './exophones';
import { fieldNames, namesIn, type FieldSource, type Form } from './form';
import type { NodeView } from './node-view';
import { fieldText, shared } from './texts';
import { makeTypedInput, nameTypedInput, setTypes, typedBox } from './typed-input';
import { shownSource } from './validation';

/** What stands before a label, by what the field holds. */
const KIND_ICONS: Record<Field['kind'], string> = {
	phone: 'phone',
	text: 'font',
	integer: 'sort-numeric-asc',
	number: 'sort-numeric-asc',
	boolean: 'check-square-o',
	choice: 'list-ul',
	'multi-choice': 'list-ul',
	url: 'link',
	time: 'clock-o',
};

/** Fields of one kind that stand side by side. */
const OWN_ICONS: Readonly<Record<string, string>> = {
	from: 'volume-control-phone',
	agentContact: 'headphones',
	agentId: 'id-badge',
	destinations: 'users',
	flowId: 'sitemap',
};

function iconOf(name: string, kind: Field['kind']): string {
	return isExoPhone(name) ? 'building-o' : (OWN_ICONS[name] ?? KIND_ICONS[kind]);
}

function isExoPhone(name: string): boolean {
	return /exoPhone$/i.test(name);
}

/** The kinds of value that the field itself holds. */
function typesOf(source: FieldSource, name: string, field: Field): (string | TypedInputType)[] {
	if (field.kind === 'choice' || field.kind === 'multi-choice') return [choiceType(source, name, field)];
	if (field.kind === 'integer' || field.kind === 'number') return ['num'];
	if (field.kind === 'boolean') return ['bool'];
	return [isExoPhone(name) ? exoPhoneType() : 'str'];
}

function choiceType(source: FieldSource, name: string, field: Field): TypedInputType {
	const multiple = field.kind === 'multi-choice';
	const options = (field.options ?? []).map(({ value, label }) => ({
		value,
		label: fieldText(source.name, name, `option.${value}`, label),
	}));
	const unset =
		source.name === 'listCalls'
			? shared('form.any', '(any)')
			: shared('form.exotels-choice', '(as Exotel does by default)');
	return {
		value: 'choice',
		label: shared('form.choose', 'choose'),
		icon: 'fa fa-list-ul',
		multiple,
		options: multiple ? options : [{ value: '', label: unset }, ...options],
	};
}

function makeRow(view: NodeView, name: string): JQuery {
	const id = `${view.prefix}-${name}`;
	const icon = $('<i class="fa" aria-hidden="true"></i>');
	const label = $('<label style="vertical-align: middle;"></label>').attr('for', id).append(icon, ' <span></span>');
	// Rows that no mode shows keep their saved values, too.
	const input = $('<input type="text" style="width: 70%;">').attr('id', id).val(view.saved(name));
	const type = $('<input type="hidden">')
		.attr('id', `${id}Type`)
		.val(view.saved(`${name}Type`));
	return $('<div class="form-row"></div>').append(label, ' ', type, input);
}

/** Where a form shows a field: `#<type>-fields`, or `-main` for main and `-more-fields` for rare ones if they exist. */
function containerOf(form: Form, field: Field): JQuery {
	const wanted = { main: '-main', common: '-fields', rare: '-more-fields' }[field.tier];
	const container = $(`#${form.type}${wanted}`);
	return container.length > 0 ? container : $(`#${form.type}-fields`);
}

/** Makes the rows of all fields and keeps them right for the mode. */
export function makeFieldRows(form: Form, view: NodeView): void {
	const rows = new Map(fieldNames(form).map((name) => [name, makeRow(view, name)]));
	for (const row of rows.values()) $(`#${form.type}-fields`).append(row.hide());
	const ready = new Set<string>();
	const show = (): void => {
		const source = shownSource(form, view);
		if (source === undefined) return;
		for (const row of rows.values()) row.hide();
		for (const name of namesIn(form, source)) {
			const [row, field] = [rows.get(name), source.fields[name]];
			if (row === undefined || field === undefined) continue;
			containerOf(form, field).append(row.show());
			fillRow(row, { view, source, name, field, isNew: !ready.has(name) });
			ready.add(name);
		}
	};
	if (form.mode !== undefined) view.input(form.mode).on('change', show);
	show();
}

interface RowContent {
	view: NodeView;
	source: FieldSource;
	name: string;
	field: Field;
	isNew: boolean;
}

/** Writes the words of a source into a row; the first time, makes its typed input. */
function fillRow(row: JQuery, { view, source, name, field, isNew }: RowContent): void {
	const label = fieldText(source.name, name, 'label', field.label);
	const placeholder = Array.isArray(field.example) ? field.example.join(', ') : String(field.example);
	row.find('label span').text(label);
	row.find('label i').attr('class', `fa fa-${iconOf(name, field.kind)}`);
	const types = typesOf(source, name, field);
	if (isNew) {
		makeTypedInput(view, name, { label, placeholder, types });
		if (isExoPhone(name)) row.append(' ', exoPhoneButton(view.input(name)));
	} else {
		// The choices of another source may be others.
		if (field.options !== undefined) setTypes(view, name, types);
		nameTypedInput(view, name, { label, placeholder });
	}
	const box = typedBox(view.input(name));
	box.attr('title', fieldText(source.name, name, 'description', field.description));
	if (isExoPhone(name)) suggestOnClick(box.find('input.red-ui-typedInput-input'));
}

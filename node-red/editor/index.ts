/**
 * The global `exotelEditor` of `resources/exotel-editor.js`: what the generated node definitions call. The build adds
 * the forms of all node types.
 */
import { onlyAccount } from './accounts';
import { makeFieldRows } from './field-rows';
import type { Form, Validity } from './form';
import { NodeView, plain } from './node-view';
import { showReasons } from './reasons';
import { makeOwnTypedInput } from './typed-input';
import { validate as validateProperty } from './validation';

const forms = new Map<string, Form>();

/** Adds the form of a node type. */
export function register(form: Form): void {
	forms.set(form.type, form);
}

function formOf(node: EditorNode): Form {
	const form = forms.get(node.type);
	if (form === undefined) throw new Error(`There is no form for ${node.type}.`);
	return form;
}

/** Validates a property of a node; the first one also stands for the credentials, which the editor validates not. */
export function validate(
	node: EditorNode,
	property: string,
	value: unknown,
	options: Record<string, unknown>,
): Validity {
	const form = formOf(node);
	const view = new NodeView(node);
	const isFirst = property === Object.keys(form.own).find((name) => form.own[name]?.check !== undefined);
	const secrets = isFirst ? (form.credentials ?? []) : [];
	const results = [
		validateProperty(form, view, { property, value, options }),
		...secrets.map((name) =>
			validateProperty(form, view, { property: name, value: view.value(name), options: {} }),
		),
	];
	const reasons = results.filter((result) => result !== true).flat();
	return reasons.length === 0 || reasons;
}

/** A node was dragged from the palette: it gets the account if there is only one. */
export function added(node: EditorNode): void {
	const only = onlyAccount();
	if (plain(node['account']) === '' && only !== null) node['account'] = only;
}

/** The name of a node on the canvas. */
export function label(node: EditorNode): string {
	return plain(node.name) || formOf(node).label(new NodeView(node));
}

/** The style of that name. */
export function labelStyle(node: EditorNode): string {
	return plain(node.name) === '' ? '' : 'node_label_italic';
}

/** The tooltip of a node's input. */
export function inputLabel(node: EditorNode): string {
	return formOf(node).inputLabel?.(new NodeView(node)) ?? '';
}

/** The tooltip of one of a node's outputs. */
export function outputLabel(node: EditorNode, index: number): string {
	return formOf(node).outputLabel?.(new NodeView(node), index) ?? '';
}

/** Fills the form of a node that was opened. */
export function open(node: EditorNode): void {
	const form = formOf(node);
	const view = new NodeView(node);
	view.open();
	fillBlanks(form, view);
	makeFieldRows(form, view);
	for (const [property, { typed }] of Object.entries(form.own)) {
		if (typed !== undefined) makeOwnTypedInput(view, property, typed);
	}
	form.prepare?.(view);
	showReasons(form, view);
}

/** A flow written by hand may leave properties out; selects and tick boxes then show their defaults. */
function fillBlanks(form: Form, view: NodeView): void {
	for (const [property, { value }] of Object.entries(form.own)) {
		const input = view.input(property);
		if (input.is('select') && plain(view.node[property]) === '') input.val(plain(value));
		if (input.is(':checkbox') && view.node[property] === undefined) input.prop('checked', value === true);
	}
}

/** Saves the form of a node. */
export function save(node: EditorNode): void {
	const view = new NodeView(node);
	view.close();
	formOf(node).save?.(view);
}

/** Closes the form of a node without saving it. */
export function cancel(node: EditorNode): void {
	new NodeView(node).close();
}

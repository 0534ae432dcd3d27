/**
 * Validation while typing: a red frame as the editor draws it, and the reason as a line of text below the field. The
 * editor attaches its own handlers before the rows of a form exist, so the form watches its inputs itself.
 */
import { isEnvironmentVariable } from '../account-form';
import { fieldNames, type Form } from './form';
import type { NodeView } from './node-view';
import { typedBox } from './typed-input';
import { validate } from './validation';

const REASON =
	'<div role="alert" style="margin: 3px 0 0 105px; width: calc(70% - 2px); font-size: 12px; line-height: 1.35; ' +
	'color: var(--red-ui-text-color-error);"></div>';

/** Marks wrong values and says why, now and after every change of the form. */
export function showReasons(form: Form, view: NodeView): void {
	const isShown = (name: string): boolean => view.input(name).length > 0;
	const saved = [...fieldNames(form), ...Object.keys(form.own)].filter(isShown);
	const properties = [...saved, ...(form.credentials ?? []).filter(isShown)];
	const touched = new Set<string>();
	// The blank fields of a new node get their red frames at once, but a reason only when they were touched.
	const isNew = saved.every((name) => view.text(name) === savedDefault(view, name));
	const showAll = (): void => {
		for (const property of properties) {
			const value = view.value(property);
			const result = isEnvironmentVariable(value) ? true : validate(form, view, { property, value, options: {} });
			const reason = result === true ? '' : [result].flat().join(' ');
			mark(view, property, reason, !isNew || touched.has(property) || value !== '');
		}
	};
	const touch = (event: { target: Element }): void => {
		const name = properties.find((one) => view.input(one).closest('.form-row').has(event.target).length > 0);
		if (name !== undefined) touched.add(name);
		showAll();
	};
	const element = view.input(properties[0] ?? '').closest('form');
	// The editor itself triggers `change` on every input when the form has opened.
	element.on('change.exotel keyup.exotel paste.exotel', showAll).on('input.exotel focusout.exotel', touch);
	showAll();
}

function savedDefault(view: NodeView, property: string): string {
	const value = view.node._def.defaults[property]?.value;
	return value === undefined ? '' : String(value);
}

/** Shows or removes the mark and the reason of one property. */
function mark(view: NodeView, property: string, reason: string, inWords: boolean): void {
	const input = view.input(property);
	const box = typedBox(input);
	const id = `${view.prefix}-${property}-reason`;
	const visible = box.length > 0 ? box.find('.red-ui-typedInput-input') : input;
	for (const element of [input, box]) element.toggleClass('input-error', reason !== '');
	visible.attr('aria-invalid', reason === '' ? null : 'true');
	const text = inWords ? reason : '';
	let line = $(`#${id}`);
	if (text === '') {
		line.remove();
		visible.removeAttr('aria-describedby');
		return;
	}
	if (line.length === 0) line = $(REASON).attr('id', id).appendTo(input.closest('.form-row'));
	if (line.text() !== text) line.text(text);
	visible.attr('aria-describedby', id);
}

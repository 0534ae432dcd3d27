/** The choice of a context store in which a node keeps its calls. */
import { shared } from './texts';
import type { NodeView } from './node-view';

/** Fills the select of a property with memory and the context stores of the settings. */
export function fillStores(view: NodeView, property: string): void {
	const saved = view.saved(property);
	const select = view.input(property).empty();
	const named = (name: string) => shared('form.store-named', 'context store: __name__', { name });
	const stores = RED.settings.context?.stores ?? [];
	const add = (value: string, text: string) => $('<option></option>').val(value).text(text).appendTo(select);
	add('', shared('form.store-memory', 'memory (until Node-RED restarts)'));
	for (const name of stores) add(name, named(name));
	if (saved !== '' && !stores.includes(saved)) add(saved, saved);
	select.val(saved);
}

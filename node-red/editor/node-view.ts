/** A node as its validators see it: what stands in the form while that is open, else what was saved. */

/** The nodes whose forms are open, by the prefix of their inputs; an account can be opened from another form. */
const openNodes = new Map<string, EditorNode>();

/** A node, read through its form while that is open. */
export class NodeView {
	/** What the ids of the form's inputs begin with. */
	readonly prefix: 'node-input' | 'node-config-input';

	constructor(readonly node: EditorNode) {
		this.prefix = node.type === 'exotel-account' ? 'node-config-input' : 'node-input';
	}

	/** Opens the form: from now on its inputs are read. */
	open(): void {
		openNodes.set(this.prefix, this.node);
	}

	/** Closes the form. */
	close(): void {
		openNodes.delete(this.prefix);
	}

	/** True while the form of this node is open. */
	get isOpen(): boolean {
		return openNodes.get(this.prefix)?.id === this.node.id;
	}

	/** The input of a property. */
	input(property: string): JQuery {
		return $(`#${this.prefix}-${property}`);
	}

	/** The value of a property now. */
	value(property: string): unknown {
		if (this.isOpen) {
			const input = this.input(property);
			if (input.length > 0) return input.is(':checkbox') ? input.prop('checked') === true : input.val();
		}
		return this.node[property];
	}

	/** The value of a property as text; blank when there is none. */
	text(property: string): string {
		return plain(this.value(property));
	}

	/** The saved value of a property as text; its default when a flow written by hand has none. */
	saved(property: string): string {
		const value = this.node[property];
		return plain(value === undefined ? this.node._def.defaults[property]?.value : value);
	}

	/** A text of the node's own catalogue. */
	word(key: string, values: Record<string, unknown> = {}): string {
		return this.node._(`${this.node.type}.${key}`, values);
	}
}

/** A value as text; blank for anything that is no text, number or truth value. */
export function plain(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

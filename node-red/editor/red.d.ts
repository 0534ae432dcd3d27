/** The parts of the Node-RED editor's browser globals that the forms use (Node-RED 4 and 5). */

/** A node as the editor holds it: its saved properties and what the editor adds. */
interface EditorNode {
	id: string;
	type: string;
	/** Disabled. */
	d?: boolean;
	credentials?: Record<string, unknown>;
	/** The nodes that use a configuration node. */
	users?: EditorNode[];
	_def: { defaults: Record<string, { value?: unknown } | undefined> };
	/** Translates a key of the node's own catalogue. */
	_(key: string, values?: Record<string, unknown>): string;
	[property: string]: unknown;
}

/** A kind of value that a typed input offers. */
interface TypedInputType {
	value: string;
	label: string;
	icon?: string;
	multiple?: boolean;
	options?: { value: string; label: string }[];
	autoComplete?: (typed: string, done: (found: { value: string; label: string }[]) => void) => void;
}

interface TypedInputOptions {
	default: string;
	types: (string | TypedInputType)[];
	typeField: string;
}

interface JQuery {
	typedInput(options: TypedInputOptions): this;
	typedInput(method: 'types', types: (string | TypedInputType)[]): this;
	typedInput(method: 'width', width: string): this;
	typedInput(method: 'type'): string;
}

declare const RED: {
	_(key: string, values?: Record<string, unknown>): string;
	nodes: {
		node(id: unknown): EditorNode | null | undefined;
		/** A tab of the editor. */
		workspace(id: string): { label?: string } | null | undefined;
		eachNode(visit: (node: EditorNode) => void): void;
		/** Visits the configuration nodes. */
		eachConfig(visit: (node: EditorNode) => void): void;
		import(nodes: object[], options: { markChanged: boolean }): unknown;
		updateConfigNodeUsers(node: EditorNode, options: { action: 'add' }): void;
	};
	editor: { validateNode(node: EditorNode): boolean };
	view: { redraw(updateActive: boolean): void };
	events: {
		on(name: 'deploy' | 'flows:loaded', listener: () => void): void;
		on(name: 'nodes:add', listener: (node: EditorNode) => void): void;
	};
	settings: { context?: { stores?: string[] }; httpNodeRoot?: string };
	utils: {
		validateTypedProperty(
			value: unknown,
			type: string,
			options: Record<string, unknown>,
		): boolean | string | undefined;
	};
	notify(message: string, type: string): void;
	/** A question: it stays until a button closes it. */
	notify(
		message: string,
		options: {
			type: string;
			modal: boolean;
			fixed: boolean;
			buttons: { text: string; class?: string; click: () => void }[];
		},
	): { close(): void };
	clipboard: { copyText(text: string, element: JQuery, message: string): void };
};

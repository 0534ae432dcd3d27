/**
 * The description of a node's form. The build reads it to write the `defaults` of the packed `<type>.html`; the editor
 * uses it to show, validate and save the form. Fields, their tiers and their rules come from the core.
 */
import type { FieldName, FieldSet } from '../../exotel/index';
import type { NodeType, OwnProperties } from '../host';
import type { NodeView } from './node-view';

/** True, or what is wrong with a value. */
export type Validity = true | string | string[];

/** A set of fields of the core under the name of its texts: an operation, or the answer to an applet. */
export interface FieldSource {
	readonly name: string;
	readonly fields: FieldSet;
}

/** The sources of a form, by the mode in which it shows them. */
type FieldSources = Readonly<Record<string, FieldSource>>;

/** The names of all fields of all sources. */
type NameIn<Sources extends FieldSources> = {
	[Mode in keyof Sources]: FieldName<Sources[Mode]['fields']>;
}[keyof Sources];

/** A typed input of a property that no operation of the core describes. */
export interface TypedProperty {
	/** The kind of value of a new node. */
	type: string;
	/** The kinds of value the field itself can hold, besides those that come with a message. */
	types: readonly string[] | ((view: NodeView) => TypedInputType[]);
	placeholder?: string;
}

/** A property that no operation of the core describes. */
interface OwnProperty {
	/** The value of a new node. */
	value: string | number | boolean | readonly string[];
	typed?: TypedProperty;
	required?: boolean;
	/** Validates the property; `options` are the editor's own. */
	check?: (view: NodeView, value: unknown, options: Record<string, unknown>) => Validity;
}

/** What a new node has in a field of the core, where that is not the usual blank: the value, or value and type. */
type FieldDefault = string | readonly [value: string, type: string];

/** What the forms of all node types have. */
interface FormParts {
	type: NodeType;
	/** A configuration node. */
	config?: boolean;
	inputs?: number;
	outputs?: number;
	align?: 'right';
	paletteLabel?: string;
	/** The node has an account. */
	account?: boolean;
	/** Names of the password credentials. */
	credentials?: readonly string[];
	/** Validates a credential by what is known of it; the editor itself validates none. */
	checkSecret?(view: NodeView, name: string): Validity;
	/** The own property whose value is the key of the source that is shown; without it the only source is. */
	mode?: string;
	own: Readonly<Record<string, OwnProperty>>;
	/** The node's name on the canvas when the user gave none. */
	label(view: NodeView): string;
	inputLabel?(view: NodeView): string;
	outputLabel?(view: NodeView, index: number): string;
	/** Runs when the form opens, after all rows have been made. */
	prepare?(view: NodeView): void;
	/** Runs when the form is saved. */
	save?(view: NodeView): void;
}

/** The form of one node type, typed against its sources and the properties its node reads. */
interface FormDefinition<Type extends NodeType, Sources extends FieldSources> extends FormParts {
	type: Type;
	mode?: OwnProperties[Type];
	own: Readonly<Record<OwnProperties[Type], OwnProperty>>;
	sources: Sources;
	/** Fields of the sources that this node fills in by itself. */
	except?: readonly NameIn<Sources>[];
	/** What new nodes have in fields of the sources. */
	defaults?: { readonly [Name in NameIn<Sources>]?: FieldDefault };
	/** Validates a field of a source in place of the core's own rule; undefined leaves it to that rule. */
	checkField?(view: NodeView, name: NameIn<Sources>, value: unknown): Validity | undefined;
}

/** The form of any node type. */
export interface Form extends FormParts {
	sources: FieldSources;
	except?: readonly string[];
	defaults?: Readonly<Record<string, FieldDefault | undefined>>;
	checkField?(view: NodeView, name: string, value: unknown): Validity | undefined;
}

/** Types a form against its operations: a name that no source has does not compile. */
export function defineForm<Type extends NodeType, const Sources extends FieldSources>(
	definition: FormDefinition<Type, Sources>,
): Form {
	return definition;
}

/** The fields that a form shows for a source. */
export function namesIn(form: Form, source: FieldSource): string[] {
	return Object.keys(source.fields).filter((name) => form.except?.includes(name) !== true);
}

/** The fields of all sources of a form, each once. */
export function fieldNames(form: Form): string[] {
	return [...new Set(Object.values(form.sources).flatMap((source) => namesIn(form, source)))];
}

/**
 * How one input of an operation is described: the sentence and example a form shows and the rule a request is checked
 * by are the same object, so that a form and the core cannot drift apart.
 */

/** What sort of value a field holds. */
export type FieldKind =
	'phone' | 'text' | 'integer' | 'number' | 'boolean' | 'choice' | 'multi-choice' | 'url' | 'time';

/** One value a choice offers. */
export interface FieldOption {
	value: string;
	label: string;
	description: string;
}

/** One input of an operation. */
export interface FieldDescription {
	/** Our own name of the field, never Exotel's. */
	name: string;
	/** What a form calls it. */
	label: string;
	/** One or two sentences for somebody who is no programmer. */
	description: string;
	kind: FieldKind;
	/** Unit of a number, e.g. `seconds`. */
	unit?: string;
	/** The values of a choice. */
	options?: FieldOption[];
	/** Smallest number, both ends allowed. */
	min?: number;
	/** Largest number, both ends allowed. */
	max?: number;
	/** What Exotel, or we, assume when the field is blank. */
	default?: unknown;
	/** A value that would be accepted as it stands. */
	example: string | number | boolean | string[];
	required: boolean;
	/** The field may hold a list; so many values at most. */
	maxItems?: number;
	/** A phone field that also takes a SIP address such as `sip:agent1`. */
	sip?: boolean;
	/** A phone field that is sent the way it was written (separators removed) instead of in E.164. */
	asWritten?: boolean;
	/** A choice that also passes on words it does not know. */
	open?: boolean;
	/** The form a text must have, and the sentence that says so (it follows the label). */
	pattern?: { form: RegExp; rule: string };
	/** The field only means something when that other field is filled in (or switched on). */
	onlyWith?: string | undefined;
	/** An audio file that Exotel plays: a wav file by http or https. */
	audio?: boolean;
	/** A text that is passed on exactly as written, blanks at its ends included. */
	verbatim?: boolean;
}

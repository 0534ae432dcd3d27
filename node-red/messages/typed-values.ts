/**
 * The values of a node's fields for one message: from the message's `msg.exotel.<field>` when it is there, else from
 * the field's typedInput. JSONata is compiled once; everything is evaluated in the callback form, because a context
 * store may be asynchronous.
 */
import { inputError, redactQuote } from '../../exotel/index';
import { properties, type Message, type Red } from '../host';
import type { NodeScope } from '../node-scope';

/** Fields of a form by the names of their properties; a core operation's `fields` are such a set. */
export type FormFields = Readonly<Record<string, { readonly label: string }>>;

/** What a message or the form gave for each field; blank fields are left out. */
export type FieldInputs<Fields extends FormFields> = { readonly [Name in keyof Fields]?: unknown };

/**
 * Reads all fields of a node for one message.
 * @throws ExotelError of kind `input` that names the field.
 */
export type FieldReader<Fields extends FormFields> = (msg: Message) => Promise<FieldInputs<Fields>>;

/** A property of a node: what a form calls it, its value, and the type of its typedInput. */
interface TypedProperty {
	name: string;
	label: string;
	value: unknown;
	type: string;
}

/** The value for one message, or what it always is. */
type Evaluate = ((msg: Message) => Promise<unknown>) | { always: unknown };

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/**
 * Prepares one typed value. A value that can never be read (broken JSONata) fails with every message, not at deploy.
 */
function prepareTypedValue({ RED, node }: NodeScope, property: TypedProperty): Evaluate {
	const { value, type } = property;
	if (!isGiven(value) && type !== 'date') return { always: undefined };
	switch (type) {
		case 'str':
		case 'choice':
		case '':
			return { always: value };
		case 'num':
		case 'bool':
			return { always: RED.util.evaluateNodeProperty(String(value), type, node, {}) as unknown };
		case 'jsonata':
			return prepareExpression({ RED, node }, property);
		case 'msg':
			return (msg) => readMessage(RED, property, msg);
	}
	return (msg) =>
		new Promise((resolve, reject) => {
			try {
				RED.util.evaluateNodeProperty(String(value), type, node, msg, (error, result: unknown) =>
					error ? reject(unreadable(property, error)) : resolve(result),
				);
			} catch (reason) {
				reject(unreadable(property, reason));
			}
		});
}

function prepareExpression({ RED, node }: Pick<NodeScope, 'RED' | 'node'>, property: TypedProperty): Evaluate {
	let expression: ReturnType<Red['util']['prepareJSONataExpression']>;
	try {
		expression = RED.util.prepareJSONataExpression(String(property.value), node);
	} catch (reason) {
		return () => Promise.reject(unreadable(property, reason));
	}
	return (msg) =>
		new Promise((resolve, reject) => {
			RED.util.evaluateJSONataExpression(expression, msg, (error, result: unknown) =>
				error ? reject(unreadable(property, error)) : resolve(result),
			);
		});
}

/** A path that leads nowhere is a blank; only a path that is none is a mistake. */
function readMessage(RED: Red, property: TypedProperty, msg: Message): Promise<unknown> {
	try {
		return Promise.resolve(RED.util.getMessageProperty(msg, String(property.value)) as unknown);
	} catch (reason) {
		return reason instanceof TypeError ? Promise.resolve(undefined) : Promise.reject(unreadable(property, reason));
	}
}

/** A value as JSONata quotes it; blank for one that it cannot quote either (`msg.req` leads back to itself). */
function quoted(value: unknown): string {
	try {
		return value === undefined ? '' : String(JSON.stringify(value));
	} catch {
		return '';
	}
}

function unreadable({ name, label }: TypedProperty, reason: unknown): Error {
	const { message, code, position, value, value2 } = reason as Record<string, unknown>;
	const told = typeof message === 'string' ? message : String(reason);
	// JSONata quotes the values it fails on.
	const values = [value, value2].map(quoted).filter(({ length }) => length > 3);
	const words = redactQuote(values.reduce((text, each) => text.replaceAll(each, '…'), told));
	const why = typeof position === 'number' ? `${words} (${String(code)}, position ${position})` : words;
	return inputError([{ field: name, rule: 'expression', message: `${label} cannot be read: ${why}.` }]);
}

/**
 * Prepares fields of a node: property `x` holds the value, `xType` its type (`str` when missing). While no message has
 * a say, every message gets the same object.
 */
export function prepareFields<Fields extends FormFields>(
	scope: NodeScope,
	config: Readonly<Record<string, unknown>>,
	fields: Fields,
): FieldReader<Fields> {
	const evaluators = Object.entries(fields).map(([name, { label }]) => {
		const type = config[`${name}Type`];
		const property = { name, label, value: config[name], type: typeof type === 'string' ? type : 'str' };
		return [name, prepareTypedValue(scope, property)] as const;
	});
	const usual: Record<string, unknown> = {};
	const evaluated = evaluators.flatMap(([name, evaluate]) => {
		if (typeof evaluate === 'function') return [[name, evaluate] as const];
		if (isGiven(evaluate.always)) usual[name] = evaluate.always;
		return [];
	});
	Object.freeze(usual);
	const names = evaluators.map(([name]) => name);
	return async (msg) => {
		const overrides = properties(msg['exotel']);
		const overridden = names.filter((name) => isGiven(overrides[name]));
		if (overridden.length === 0 && evaluated.length === 0) return usual;
		const values = { ...usual };
		for (const name of overridden) values[name] = overrides[name];
		for (const [name, evaluate] of evaluated) {
			const value = isGiven(overrides[name]) ? undefined : await evaluate(msg);
			if (isGiven(value)) values[name] = value;
		}
		return values;
	};
}

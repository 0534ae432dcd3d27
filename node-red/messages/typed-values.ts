/**
 * The values of a node's fields for one message: from the message's `msg.exotel.<field>` when it is there, else from
 * the field's typedInput. JSONata is compiled once; everything is evaluated in the callback form, because a context
 * store may be asynchronous.
 */
import { inputError } from '../../exotel/index';
import type { Config, Message, Red, RedNode } from '../host';

/**
 * Reads all fields of a node for one message. Blank fields are left out. Rejects with an `input` error that names the
 * field.
 */
export type FieldReader = (msg: Message) => Promise<Record<string, unknown>>;

type Evaluate = (msg: Message) => Promise<unknown>;

const given = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/**
 * Prepares one typed value. A value that can never be read (broken JSONata) fails with every message, not at deploy.
 */
export function prepareTypedValue(RED: Red, node: RedNode, field: string, value: unknown, type: string): Evaluate {
	const refuse = (reason: unknown): Error =>
		inputError([
			{
				field,
				rule: 'expression',
				message:
					`${field} cannot be read: ` +
					`${reason instanceof Error ? reason.message : String((reason as { message?: string })?.message ?? reason)}.`,
			},
		]);
	if (!given(value) && type !== 'date') return () => Promise.resolve(undefined);
	if (type === 'jsonata') {
		let expression: ReturnType<Red['util']['prepareJSONataExpression']>;
		try {
			expression = RED.util.prepareJSONataExpression(String(value), node);
		} catch (reason) {
			return () => Promise.reject(refuse(reason));
		}
		return (msg) =>
			new Promise((resolve, reject) => {
				RED.util.evaluateJSONataExpression(expression, msg, (error, result: unknown) =>
					error ? reject(refuse(error)) : resolve(result),
				);
			});
	}
	if (type === 'str' || type === 'choice' || type === '') return () => Promise.resolve(value);
	if (type === 'msg') {
		return (msg) => {
			try {
				return Promise.resolve(RED.util.getMessageProperty(msg, String(value)) as unknown);
			} catch (reason) {
				// A path that leads nowhere is a blank; only a path that is none is a mistake.
				return reason instanceof TypeError ? Promise.resolve(undefined) : Promise.reject(refuse(reason));
			}
		};
	}
	return (msg) =>
		new Promise((resolve, reject) => {
			try {
				RED.util.evaluateNodeProperty(String(value), type, node, msg, (error, result: unknown) =>
					error ? reject(refuse(error)) : resolve(result),
				);
			} catch (reason) {
				reject(refuse(reason));
			}
		});
}

/** Prepares the fields `names` of a node: property `x` holds the value, `xType` its type (`str` when missing). */
export function prepareFields(RED: Red, node: RedNode, config: Config, names: readonly string[]): FieldReader {
	const evaluators = names.map((name) => {
		const type = config[`${name}Type`];
		return [
			name,
			prepareTypedValue(RED, node, name, config[name], typeof type === 'string' && type !== '' ? type : 'str'),
		] as const;
	});
	return async (msg) => {
		const overrides = (typeof msg['exotel'] === 'object' && msg['exotel'] !== null ? msg['exotel'] : {}) as Record<
			string,
			unknown
		>;
		const values: Record<string, unknown> = {};
		for (const [name, evaluate] of evaluators) {
			const value = given(overrides[name]) ? overrides[name] : await evaluate(msg);
			if (given(value)) values[name] = value;
		}
		return values;
	};
}

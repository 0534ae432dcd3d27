/**
 * Reads parameters of a node. An expression may give anything, so nothing is trusted to have the type of its field;
 * values of the core's fields are handed on unchecked, because the core checks them.
 */

import type { IDataObject, IExecuteFunctions, NodeParameterValueType } from 'n8n-workflow';

import { readLimit, readSwitch } from '../../exotel';

/** A parameter as it is; blank when the form does not show it. */
export function parameter(
	functions: IExecuteFunctions,
	name: string,
	itemIndex: number,
): NodeParameterValueType | object {
	return functions.getNodeParameter(name, itemIndex, '');
}

/** A parameter as text. */
export function textParameter(functions: IExecuteFunctions, name: string, itemIndex: number, fallback = ''): string {
	return String(functions.getNodeParameter(name, itemIndex, fallback));
}

/** The entries of a collection ("Options", "Filters"). */
export function collection(functions: IExecuteFunctions, name: string, itemIndex: number): IDataObject {
	return withoutLocators(functions.getNodeParameter(name, itemIndex, {}));
}

/** The entries of a collection; of one that was picked from a list only its value. */
export function withoutLocators(value: unknown): IDataObject {
	const plain = Object.entries(asObject(value)).map(([name, entry]) => {
		const locator = asObject(entry);
		return [name, locator.__rl === true ? locator.value : entry];
	});
	return Object.fromEntries(plain);
}

/** Some parameters by name, as the input of an operation. */
export function parameters<Name extends string>(
	functions: IExecuteFunctions,
	names: readonly Name[],
	itemIndex: number,
): Partial<Record<Name, unknown>> {
	const values: Partial<Record<Name, unknown>> = {};
	for (const name of names) values[name] = parameter(functions, name, itemIndex);
	return values;
}

/**
 * How many results to return: `Infinity` with "Return All".
 * @throws ExotelError of kind `input` when an expression gives neither true nor false, or no whole number of at least 1
 */
export function limitOf(functions: IExecuteFunctions, itemIndex: number): number {
	if (switchOf(functions, { field: 'returnAll', label: 'Return All' }, itemIndex)) return Infinity;
	return readLimit(functions.getNodeParameter('limit', itemIndex, 50), 'Limit');
}

/**
 * A switch that is off by default.
 * @throws ExotelError of kind `input` when an expression gives neither true nor false
 */
export function switchOf(
	functions: IExecuteFunctions,
	setting: { field: string; label: string },
	itemIndex: number,
): boolean {
	return readSwitch(functions.getNodeParameter(setting.field, itemIndex, false), setting);
}

/** An object as n8n's JSON; anything else as an empty one. */
export function asObject(value: unknown): IDataObject {
	if (typeof value !== 'object' || value === null) return {};
	return Object.fromEntries(Object.entries(value));
}

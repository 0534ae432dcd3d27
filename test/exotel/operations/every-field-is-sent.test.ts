/** A field that the form shows and the request leaves out would be a setting without effect. */
import assert from 'node:assert/strict';
import { readAccount } from '../../../exotel/index';
import type { FieldSet } from '../../../exotel/fields/field';
import { allOperations } from './all-operations';

const account = readAccount({ sid: 'acme1' });
/** Pairs of which an input holds one: the usual one, and the other. */
const EITHER = [
	['agentContact', 'agentId'],
	['flowId', 'flowUrl'],
] as const;

/** A value that is not what the request says without the field. */
function valueOf({ kind, default: usual, options, example }: FieldSet[string]): unknown {
	if (kind === 'boolean') return usual !== true;
	return options?.map(({ value }) => value).find((value) => value !== usual) ?? example;
}

/** The input that holds what is required, and this field with those that it needs. */
function inputWith(fields: FieldSet, name: string): Record<string, unknown> {
	const input: Record<string, unknown> = {};
	for (const [other, field] of Object.entries(fields)) if (field.required) input[other] = field.example;
	for (const [usual, other] of EITHER) if (usual in fields && name !== other) input[usual] = fields[usual]?.example;
	for (let at: string | undefined = name; at !== undefined; at = fields[at]?.dependsOn) {
		const field: FieldSet[string] | undefined = fields[at];
		if (field !== undefined) input[at] = at === name ? valueOf(field) : field.kind === 'boolean' || field.example;
	}
	return input;
}

describe('every field of an operation', () => {
	for (const operation of allOperations)
		for (const [name, field] of Object.entries(operation.fields))
			it(`${operation.name}: ${name} is in the request`, () => {
				const input = inputWith(operation.fields, name);
				const { [name]: _, ...without } = input;
				for (const pair of EITHER)
					for (const other of pair)
						if (pair.some((one) => one === name) && other !== name)
							// Another flow than the one of the examples, which ID and URL both name.
							without[other] = String(operation.fields[other]?.example).replace('926', '555');
				const sent = (given: object): string => {
					const { method, url, body } = operation.request(account, given);
					return JSON.stringify([method, url, body]);
				};
				const written = sent(input);
				if (field.required) {
					const { example } = field;
					assert.ok(typeof example === 'string');
					assert.throws(() => sent(without), { kind: 'input' });
					assert.match(written, new RegExp(example.replace(/\D*(\d+)\D*/, '$1').slice(-8)));
				} else assert.notEqual(written, sent(without));
			});
});

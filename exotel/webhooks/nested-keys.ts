/**
 * Form fields with nested names: `Legs[0][Status]=busy` becomes `{ Legs: [{ Status: 'busy' }] }`, as the JSON form of
 * the same callback has it (facts 6.2). Bounded in number, depth and length, and deaf to names that reach into
 * prototypes. Decoding itself is the platform's `URLSearchParams`, which takes damaged escapes literally.
 */
import { asPayload, type Payload } from '../call/values';
import { ExotelError } from '../errors';

/** Most fields of one request; Exotel's longest known has about sixty. */
const MOST_FIELDS = 500;
/** Deepest nesting: `Legs[1][Insights][Status]` has three. */
const DEEPEST = 6;
/** A parsed body may not nest deeper than this. */
const DEEPEST_VALUE = 20;
const LONGEST_NAME = 200;
const FORBIDDEN: readonly string[] = ['__proto__', 'constructor', 'prototype'];
const NESTED_NAME = /^([^[\]]+)((?:\[[^[\]]*\])+)$/;

function tooMany(): ExotelError {
	return new ExotelError('input', 'This is no request of Exotel that can be read: it has too many fields.', {
		httpStatus: 400,
	});
}

/** Splits urlencoded text into pairs in the order sent. Throws `input` for more than 500 fields. */
export function formEntries(encoded: string): [string, string][] {
	const entries: [string, string][] = [];
	for (const entry of new URLSearchParams(encoded)) {
		if (entries.push(entry) > MOST_FIELDS) throw tooMany();
	}
	return entries;
}

/** The fields of a parsed object as pairs. Throws `input` for more than 500 fields. */
export function objectEntries(fields: Payload): [string, unknown][] {
	const entries = Object.entries(fields);
	if (entries.length > MOST_FIELDS) throw tooMany();
	return entries;
}

/** True when a parsed object still carries flat names such as `Legs[0][Status]` (flat body parsers leave them so). */
export function hasNestedKeys(fields: Payload): boolean {
	for (const key in fields) if (key.includes('[')) return true;
	return false;
}

/**
 * True when a value nests deeper than any payload of Exotel; such a value could overflow whoever walks or writes it.
 */
export function tooDeep(value: unknown, left = DEEPEST_VALUE): boolean {
	if (typeof value !== 'object' || value === null) return false;
	if (left === 0) return true;
	for (const inner of Object.values(value)) if (tooDeep(inner, left - 1)) return true;
	return false;
}

function nameParts(name: string): string[] {
	const match = name.length > LONGEST_NAME ? null : NESTED_NAME.exec(name);
	if (match === null) return [name];
	const brackets = match[2] as string;
	const parts = [match[1] as string, ...brackets.slice(1, -1).split('][')];
	return parts.length > DEEPEST ? [name] : parts;
}

function store(target: Payload, key: string, value: unknown): void {
	if (!Object.hasOwn(target, key)) target[key] = value;
	else if (Array.isArray(target[key])) (target[key] as unknown[]).push(value);
	else target[key] = [target[key], value];
}

/** Objects keyed 0, 1, 2, … without a gap are lists; any other keys stay as they came. */
function asLists(value: unknown, left: number): unknown {
	const fields = left === 0 ? null : asPayload(value);
	if (fields === null) return value;
	const keys = Object.keys(fields);
	for (const key of keys) fields[key] = asLists(fields[key], left - 1);
	const list = keys.length > 0 && keys.every((key, index) => key === String(index));
	return list ? keys.map((key) => fields[key]) : fields;
}

/**
 * Builds the nested object. A name sent twice becomes a list; a plain value under a name that also has parts gives
 * way to the parts; names that would reach a prototype are left out.
 */
export function nestKeys(entries: readonly (readonly [string, unknown])[]): Payload {
	const root: Payload = {};
	/** The objects made here; a value that came as an object is never written into. */
	const made = new Set<unknown>([root]);
	for (const [name, value] of entries) {
		const parts = nameParts(name);
		if (parts.some((part) => FORBIDDEN.includes(part))) continue;
		let target = root;
		const last = parts.length - 1;
		for (let index = 0; index < last; index++) {
			const part = index === 0 ? (parts[0] as string) : keyFor(target, parts[index] as string);
			if (!Object.hasOwn(target, part) || !made.has(target[part])) {
				target[part] = {};
				made.add(target[part]);
			}
			target = target[part] as Payload;
		}
		const key = last === 0 ? (parts[0] as string) : keyFor(target, parts[last] as string);
		if (!made.has(target[key])) store(target, key, value);
	}
	for (const key of Object.keys(root)) if (made.has(root[key])) root[key] = asLists(root[key], DEEPEST);
	return root;
}

/** An empty bracket appends: `a[]=x`. */
function keyFor(target: Payload, part: string): string {
	return part === '' ? String(Object.keys(target).length) : part;
}

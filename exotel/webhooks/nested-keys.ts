/**
 * Form fields with nested names: `Legs[0][Status]=busy` becomes `{ Legs: [{ Status: 'busy' }] }`, as the JSON form of
 * the same callback has it (facts 6.2). Bounded in number, depth and length; ignores
 * prototype-polluting keys. Decoding itself is the platform's `URLSearchParams`, which takes damaged escapes literally.
 */
import { asPayload, type Payload } from '../payload';
import { ExotelError } from '../errors';
import { exceededIn, type JsonBounds } from '../json';

/** Most fields of one request; Exotel's longest known has about sixty. */
const MAX_FIELDS = 500;
/** Deepest nesting: `Legs[1][Insights][Status]` has three. */
const MAX_DEPTH = 6;
/** Deepest nesting of a JSON body, and most values at all levels together. */
export const MOST_OF_BODY: JsonBounds = { levels: 20, values: 5_000 };
const MAX_NAME_LENGTH = 200;
/** The platform decodes any text this short at once; a callback has about one kilobyte. */
const MAX_QUICK_LENGTH = 8_192;
const [PLUS, BLANK] = [0x2b, 0x20];
const forbiddenNames: readonly string[] = ['__proto__', 'constructor', 'prototype'];
const NESTED_NAME = /^([^[\]]+)((?:\[[^[\]]*\])+)$/;

/** The error for a request with more fields or values than any of Exotel's. */
export function tooMany(): ExotelError {
	return new ExotelError('input', 'Unrecognised Exotel request: it has too many fields.', {
		help: 'webhook',
		httpStatus: 400,
	});
}

/**
 * Splits urlencoded text into pairs in the order sent.
 * @throws ExotelError of kind `input` for more than 500 fields.
 */
export function formEntries(encoded: string): [string, string][] {
	const entries: [string, string][] = [];
	const decoded = new URLSearchParams(encoded.length > MAX_QUICK_LENGTH ? quickened(encoded) : encoded);
	decoded.forEach((value, name) => entries.push([name, value]));
	if (entries.length > MAX_FIELDS) throw tooMany();
	return entries;
}

/** A long text in a form that the platform decodes quickly: a megabyte of `a&a&` takes it seconds. */
function quickened(encoded: string): string {
	const fields: string[] = [];
	for (const [field] of encoded.matchAll(/[^&]+/g)) if (fields.push(field) > MAX_FIELDS) throw tooMany();
	// A plus is a blank; of a megabyte of them the platform makes one after the other.
	// The platform drops a question mark at the beginning, and none behind an empty field.
	const text = `${encoded.startsWith('&') ? '&' : ''}${fields.join('&')}`;
	const bytes = new TextEncoder().encode(text).map((byte) => (byte === PLUS ? BLANK : byte));
	return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/**
 * The fields of a parsed object as pairs.
 * @throws ExotelError of kind `input` for more than 500 fields.
 */
export function objectEntries(fields: Payload): [string, unknown][] {
	const entries = Object.entries(fields);
	if (entries.length > MAX_FIELDS) throw tooMany();
	return entries;
}

/** True when a parsed object still carries flat names such as `Legs[0][Status]` (flat body parsers leave them so). */
export function hasNestedKeys(fields: Payload): boolean {
	for (const key in fields) if (key.includes('[')) return true;
	return false;
}

/**
 * Deletes every own `__proto__` of a parsed value: it could become a prototype when a host copies the fields. False
 * when the value nests deeper than any payload of Exotel; such a value could overflow whoever walks or writes it.
 * @throws ExotelError of kind `input` for more than 5,000 values.
 */
export function cleanParsed(value: unknown): boolean {
	const most = exceededIn(value, MOST_OF_BODY, (part) => {
		if (Object.hasOwn(part, '__proto__')) Reflect.deleteProperty(part, '__proto__');
	});
	if (most === 'values') throw tooMany();
	return most === null;
}

function nameParts(name: string): [string, ...string[]] {
	const match = name.length > MAX_NAME_LENGTH ? null : NESTED_NAME.exec(name);
	const [, first, brackets] = match ?? [];
	if (first === undefined || brackets === undefined) return [name];
	const rest = brackets.slice(1, -1).split('][');
	return rest.length >= MAX_DEPTH ? [name] : [first, ...rest];
}

function store(target: Payload, key: string, value: unknown): void {
	if (!Object.hasOwn(target, key)) {
		target[key] = value;
		return;
	}
	const present = target[key];
	if (Array.isArray(present)) present.push(value);
	else target[key] = [present, value];
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
	const made = new Set<unknown>();
	for (const [name, value] of entries) {
		if (name.includes('[')) storeNested(root, name, value, made);
		else if (!forbiddenNames.includes(name) && !(made.size > 0 && made.has(root[name]))) store(root, name, value);
	}
	if (made.size === 0) return root;
	for (const key of Object.keys(root)) if (made.has(root[key])) root[key] = asLists(root[key], MAX_DEPTH);
	return root;
}

function storeNested(root: Payload, name: string, value: unknown, made: Set<unknown>): void {
	const parts = nameParts(name);
	if (parts.some((part) => forbiddenNames.includes(part))) return;
	let target = root;
	let key = parts[0];
	for (let index = 1; index < parts.length; index++) {
		target = childOf(target, key, made);
		const part = parts[index] as string;
		// An empty bracket appends: `a[]=x`.
		key = part === '' ? String(Object.keys(target).length) : part;
	}
	if (!made.has(target[key])) store(target, key, value);
}

/** The object under a key, made when there is none of ours. */
function childOf(target: Payload, key: string, made: Set<unknown>): Payload {
	const present = Object.hasOwn(target, key) && made.has(target[key]) ? asPayload(target[key]) : null;
	if (present !== null) return present;
	const child: Payload = {};
	made.add(child);
	target[key] = child;
	return child;
}

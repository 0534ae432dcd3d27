/**
 * The part of an incoming message that later messages about the same call carry on. It may have to wait for hours, in
 * memory or in a context store, so it is plain JSON of limited size; the request and response objects of a webhook
 * never are.
 */
import type { Message } from '../host';

/** All kept properties together, bytes of JSON; a flow that needs more keeps it itself, under the call's id. */
const MAX_BYTES = 16_384;
/** Objects and arrays in each other; a cycle has no end. */
const MAX_DEPTH = 100;
/** Set anew on every message. */
const REPLACED = new Set(['payload', 'exotel', 'req', 'res', 'error', '_error', '_event']);

/** The kept properties, and the names of those that were too large, or are no plain data. */
export interface KeptMessage {
	properties: Record<string, unknown>;
	dropped: string[];
}

/** Copies what can be kept; small properties go before large ones. What changes its type is kept and named. */
export function keepMessage(msg: Message): KeptMessage {
	const candidates: [string, string][] = [];
	const dropped: string[] = [];
	for (const name of Object.keys(msg)) {
		if (REPLACED.has(name)) continue;
		// Written into an object, this name would replace its prototype.
		const { written, changed } = name === '__proto__' ? nothing : asJson(msg, name);
		if (changed) dropped.push(name);
		if (written !== null) candidates.push([name, written]);
	}
	candidates.sort(([, a], [, b]) => Buffer.byteLength(a) - Buffer.byteLength(b));
	const properties: Record<string, unknown> = {};
	let size = 0;
	for (const [name, written] of candidates) {
		size += Buffer.byteLength(name) + Buffer.byteLength(written);
		if (size > MAX_BYTES) {
			if (!dropped.includes(name)) dropped.push(name);
		} else properties[name] = JSON.parse(written);
	}
	return { properties, dropped };
}

/** A value as JSON; `changed`: something in it is missing there, or has another type (a Date becomes text). */
interface Written {
	written: string | null;
	changed: boolean;
}

const nothing: Written = { written: null, changed: true };

/** Never throws: a property that throws when it is read, or is too large, is not kept. */
function asJson(msg: Message, name: string): Written {
	const copy = new PlainCopy();
	try {
		// `undefined` for a function, whatever the type says.
		const text = JSON.stringify(copy.of(msg[name])) as string | undefined;
		return { written: text ?? null, changed: copy.changed };
	} catch {
		return nothing;
	}
}

/**
 * A copy of a value as JSON keeps it. It ends once `MAX_BYTES` are counted, so that a large value costs no more than a
 * small one: a message may hold a recording or a whole file.
 */
class PlainCopy {
	/** True when the copy is not all that the value was. */
	changed = false;
	#left = MAX_BYTES;

	/** @throws when the value is too large or nested too deeply, cannot be read, or is a BigInt. */
	of(value: unknown, depth = 0): unknown {
		if (typeof value === 'object' && value !== null) return this.#ofObject(value, depth);
		// Some hosts give it a way into JSON, and none a way out.
		if (typeof value === 'bigint') throw new TypeError('A BigInt has no place in JSON.');
		this.#count(typeof value === 'string' ? value.length : 1);
		// What JSON has no word for: a function, a symbol, a number that is not finite.
		this.changed ||= typeof value === 'function' || typeof value === 'symbol';
		this.changed ||= typeof value === 'number' && !Number.isFinite(value);
		return value;
	}

	#ofObject(value: object, depth: number): unknown {
		if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
		const type = Object.prototype.toString.call(value).slice(8, -1);
		if (ArrayBuffer.isView(value) || BINARY.includes(type) || isStream(value)) {
			this.changed = true;
			return undefined;
		}
		// An array is not looked into before its length is counted: it may have millions of elements.
		if (Array.isArray(value)) {
			this.#count(value.length);
			return Array.from(value, (part: unknown) => this.of(part, depth + 1));
		}
		// Objects made in a function node have a prototype of their own.
		this.changed ||= !PLAIN.includes(type);
		if (PRIMITIVE.includes(type)) return this.of(value.valueOf(), depth + 1);
		if ('toJSON' in value && typeof value.toJSON === 'function') {
			this.changed = true;
			const written: unknown = value.toJSON();
			return this.of(written, depth + 1);
		}
		const names = Object.keys(value);
		this.#count(names.length);
		return Object.fromEntries(
			names.map((name) => {
				this.#count(name.length);
				const part: unknown = Reflect.get(value, name);
				return [name, this.of(part, depth + 1)];
			}),
		);
	}

	#count(bytes: number): void {
		this.#left -= bytes;
		if (this.#left < 0) throw new RangeError('too large');
	}
}

/** A file or a connection; its inside is no data. */
function isStream(value: object): boolean {
	return 'pipe' in value && typeof value.pipe === 'function';
}

const BINARY = ['ArrayBuffer', 'SharedArrayBuffer', 'Blob', 'File', 'ReadableStream'];
/** What JSON keeps as it is. */
const PLAIN = ['Object', 'String', 'Number', 'Boolean'];
const PRIMITIVE = ['String', 'Number', 'Boolean'];

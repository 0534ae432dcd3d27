/**
 * The part of an incoming message that later messages about the same call carry on. It may have to wait for hours, in
 * memory or in a context store, so it is plain JSON of limited size; the request and response objects of a webhook
 * never are.
 */
import type { Message } from '../host';

/** All kept properties together, bytes of JSON; a flow that needs more keeps it itself, under the call's id. */
const MAX_BYTES = 16_384;
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
	for (const [name, value] of Object.entries(msg)) {
		if (REPLACED.has(name) || value === undefined) continue;
		// Written into an object, this name would replace its prototype.
		const { written, changed } = name === '__proto__' ? nothing : asJson(value);
		if (written === null || changed) dropped.push(name);
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

/** A value as JSON; `changed`: something in it has another type there (a Date becomes text). */
interface Written {
	written: string | null;
	changed: boolean;
}

const nothing: Written = { written: null, changed: false };
/** What JSON keeps as it is; objects made in a function node have a prototype of their own. */
const PLAIN = ['Object', 'Array', 'String', 'Boolean', 'Null', 'Undefined'];

function isPlain(value: unknown): boolean {
	const type = Object.prototype.toString.call(value).slice(8, -1);
	return PLAIN.includes(type) || Number.isFinite(value);
}

function asJson(value: unknown): Written {
	let changed = false;
	try {
		// `undefined` for a function, whatever the type says.
		const text = JSON.stringify(value, function (this: Record<string, unknown>, name: string, part: unknown) {
			// A Date is text already where it is handed over; its holder still has it.
			changed ||= !isPlain(this[name]);
			return part;
		}) as string | undefined;
		return { written: text ?? null, changed };
	} catch {
		return nothing;
	}
}

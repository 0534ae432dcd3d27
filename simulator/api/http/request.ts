/** An incoming request with its body read (bounded) and its form fields decoded, whatever the encoding. */
import busboy from 'busboy';
import { parseJson, TooDeepError } from '../../model/json';
import type http from 'node:http';
import { Readable } from 'node:stream';

/** A request with its body. */
export interface Incoming {
	method: string;
	/** percent-encoded path. */
	path: string;
	query: [string, string][];
	headers: http.IncomingHttpHeaders;
	body: Buffer;
	raw: http.IncomingMessage;
	response: http.ServerResponse;
}

/** An unreadable request; each API words the error its own way. */
export class BadRequest extends Error {
	constructor(
		readonly status: 400 | 413 | 415,
		message: string,
	) {
		super(message);
	}
}

const MAX_BODY_BYTES = 1024 * 1024;
/** A body that is still not over then is an endless one. */
const MAX_READ_BYTES = 8 * 1024 * 1024;
const MAX_FIELDS = 200;
const MAX_FILES = 5;
const PIECE_BYTES = 16 * 1024;
const [PLUS, BLANK] = [0x2b, 0x20];

/**
 * Reads the body to its end, but keeps at most 1 MB of it.
 * @throws if it does not end; the connection is closed then
 */
export async function readIncoming(raw: http.IncomingMessage, response: http.ServerResponse): Promise<Incoming> {
	const target = raw.url ?? '/';
	const cut = target.indexOf('?');
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of raw as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > MAX_READ_BYTES) {
			raw.destroy();
			throw new Error('an endless request body');
		}
		// the rest is read and thrown away, so that the answer arrives
		if (size <= MAX_BODY_BYTES) chunks.push(chunk);
	}
	return {
		method: raw.method ?? 'GET',
		path: cut < 0 ? target : target.slice(0, cut),
		query: cut < 0 ? [] : [...new URLSearchParams(target.slice(cut + 1))].slice(0, MAX_FIELDS),
		headers: raw.headers,
		body: size > MAX_BODY_BYTES ? oversized : Buffer.concat(chunks),
		raw,
		response,
	};
}

const oversized = Buffer.from('');

/**
 * Form fields of query and body together, body last. Understands urlencoded, multipart/form-data and JSON objects.
 * @throws BadRequest if the body does not fit its content type or is too large
 */
export async function formFields(incoming: Incoming): Promise<[string, string][]> {
	if (incoming.body === oversized) throw new BadRequest(413, 'The request body is larger than 1 MB');
	if (incoming.body.length === 0) return incoming.query;
	const type = (incoming.headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
	if (type === 'multipart/form-data') return [...incoming.query, ...(await multipartFields(incoming))];
	if (type === 'application/json') return [...incoming.query, ...flattened(jsonBody(incoming, MAX_API_VALUES))];
	if (type === '' || type === 'application/x-www-form-urlencoded') {
		// A plus is a blank; of a megabyte of them the platform makes one after the other.
		const bytes = Buffer.from(incoming.body.map((byte) => (byte === PLUS ? BLANK : byte)));
		return [...incoming.query, ...[...new URLSearchParams(bytes.toString('utf8'))].slice(0, MAX_FIELDS)];
	}
	throw new BadRequest(
		415,
		`Content-Type ${type} is not understood; send application/x-www-form-urlencoded or multipart/form-data`,
	);
}

/** Values of a JSON body of the simulated APIs; the longest request has about fifty. */
export const MAX_API_VALUES = 5_000;

/** @throws BadRequest if the body is not JSON, nested too deep, or has more than `maxValues` */
export function jsonBody(incoming: Incoming, maxValues?: number): unknown {
	if (incoming.body === oversized) throw new BadRequest(413, 'The request body is larger than 1 MB');
	try {
		return parseJson(incoming.body.toString('utf8'), maxValues);
	} catch (error) {
		if (error instanceof TooDeepError)
			throw new BadRequest(400, error.message.replace('the JSON', 'The JSON body'));
		throw new BadRequest(400, 'The request body is not valid JSON');
	}
}

/** A JSON value as a form field carries it; objects as JSON, because they may bring a `toString` of their own. */
export function fieldText(value: unknown): string {
	return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function multipartFields(incoming: Incoming): Promise<[string, string][]> {
	return new Promise((resolve, reject) => {
		const fields: [string, string][] = [];
		const refuse = () => reject(new BadRequest(400, 'The multipart/form-data body cannot be read'));
		try {
			const parser = busboy({
				headers: incoming.headers,
				limits: { fields: MAX_FIELDS, files: MAX_FILES, parts: MAX_FIELDS + MAX_FILES, fieldSize: 64 * 1024 },
			});
			const source = Readable.from(piecesOf(incoming.body));
			const enough = () => {
				source.unpipe(parser);
				resolve(fields);
			};
			parser.on('field', (name, value) => fields.push([name, value]));
			parser.on('file', (_name, stream) => stream.resume());
			parser.on('error', refuse);
			parser.on('close', () => resolve(fields));
			parser.on('fieldsLimit', enough).on('partsLimit', enough);
			source.pipe(parser);
		} catch {
			refuse();
		}
	});
}

/** A body in pieces: what comes behind the last field that is kept is not parsed. */
function* piecesOf(body: Buffer): Generator<Buffer> {
	for (let at = 0; at < body.length; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}

function flattened(value: unknown): [string, string][] {
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw new BadRequest(400, 'The JSON body must be an object');
	return Object.entries(value)
		.slice(0, MAX_FIELDS)
		.flatMap(([name, entry]): [string, string][] => {
			if (Array.isArray(entry))
				return entry.slice(0, MAX_FIELDS).map((item, index) => [`${name}[${index}]`, fieldText(item)]);
			return [[name, fieldText(entry)]];
		});
}

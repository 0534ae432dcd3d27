/**
 * The text fields of a `multipart/form-data` body, Exotel's default for status callbacks (facts 6.1). A form that lost
 * its boundary header on the way is read by the boundary it begins with. The plain form that HTTP clients send is split
 * here, in a fraction of the time; anything else is left to the library (decision 060).
 */
import { parseMultipart } from '@remix-run/multipart-parser';
import { ExotelError } from '../errors';

const limits = { maxHeaderSize: 4_096, maxFileSize: 262_144, maxParts: 500, maxTotalSize: 1_048_576 };
/** The headers of a part that holds a text, as HTTP clients write them. */
const PLAIN_HEADERS =
	/^content-disposition: form-data; name="([!#$&-[\]-~]+)"(?:\r\ncontent-(?:type|length): [\w/=; -]+)*$/i;
const DASHES = '--';
const CRLF = '\r\n';
/** First byte of a byte order mark, which a decoder takes away. */
const MARK = '\u00ef';
const BEYOND_ASCII = /[\u0080-\u00ff]/;
const BOUNDARY_PARAMETER = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;,]{1,200}))/i;
/** Boundaries are at most 70 characters (RFC 2046); twice that is generous. */
const MAX_BOUNDARY_LINE = 160;

function leadingBoundary(body: Uint8Array): string | null {
	const line = new TextDecoder('latin1').decode(body.subarray(0, MAX_BOUNDARY_LINE));
	return /^--([^\r\n]+)\r?\n/.exec(line)?.[1] ?? null;
}

/** Skips a preamble: blank lines before the first boundary, which some senders write. */
function withoutBlankStart(body: Uint8Array): Uint8Array {
	let start = 0;
	while (body[start] === 13 || body[start] === 10) start++;
	return start === 0 ? body : body.subarray(start);
}

/**
 * Field names and texts in the order sent; uploaded files are skipped.
 * @throws ExotelError of kind `input` when the body is damaged or too large.
 */
export function multipartEntries(body: Uint8Array, contentType: string): [string, string][] {
	const content = withoutBlankStart(body);
	const stated = BOUNDARY_PARAMETER.exec(contentType);
	const boundary = stated?.[1] ?? stated?.[2] ?? leadingBoundary(content);
	const plain = boundary === null ? null : plainEntries(content, boundary);
	if (plain !== null) return plain;
	const entries: [string, string][] = [];
	const decoder = new TextDecoder();
	try {
		if (boundary === null) throw new Error('no boundary');
		for (const part of parseMultipart(content, { boundary, ...limits })) {
			const { name } = part;
			// Bytes that are not UTF-8 are replaced, not refused: an odd custom field must not lose the end of a call.
			if (name !== undefined && part.filename === undefined) entries.push([name, decoder.decode(part.bytes)]);
		}
	} catch (cause) {
		throw damaged(cause);
	}
	return entries;
}

/** The parts of a body in plain form, its names in ASCII; null for any other, for a damaged and for a too large one. */
function plainEntries(body: Uint8Array, boundary: string): [string, string][] | null {
	if (body.length > limits.maxTotalSize) return null;
	// One character for each byte; the first boundary, too, has a line break before it then.
	const text = CRLF + Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
	const [preamble, ...parts] = text.split(CRLF + DASHES + boundary, limits.maxParts + 2);
	if (preamble !== '') return null;
	const entries: [string, string][] = [];
	for (const part of parts) {
		if (part.startsWith(DASHES)) return entries;
		const headersEnd = part.indexOf(CRLF + CRLF, CRLF.length);
		if (headersEnd === -1 || headersEnd > limits.maxHeaderSize || !part.startsWith(CRLF)) return null;
		const name = PLAIN_HEADERS.exec(part.slice(CRLF.length, headersEnd))?.[1];
		const value = part.slice(headersEnd + 2 * CRLF.length);
		if (name === undefined || value.startsWith(MARK) || value.length > limits.maxFileSize) return null;
		entries.push([name, BEYOND_ASCII.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value]);
	}
	return null;
}

function damaged(cause: unknown): ExotelError {
	return new ExotelError('input', 'Unrecognised Exotel request: its multipart body is damaged.', {
		help: 'webhook',
		httpStatus: 400,
		cause,
	});
}

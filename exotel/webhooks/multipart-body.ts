/**
 * The text fields of a `multipart/form-data` body, Exotel's default for status callbacks (facts 6.1). A form that lost
 * its boundary header on the way is read by the boundary it begins with. The plain form that HTTP clients send is split
 * here, in a sixth of the time; anything else is left to the library (decision 060).
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
const MARK = 0xef;
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
	const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
	const ascii = (start: number, end: number): string => bytes.toString('latin1', start, end);
	const line = DASHES + boundary;
	const separator = CRLF + line;
	if (ascii(0, line.length) !== line) return null;
	const entries: [string, string][] = [];
	let at = line.length;
	while (ascii(at, at + 2) === CRLF && entries.length < limits.maxParts) {
		const headersEnd = bytes.indexOf(CRLF + CRLF, at + 2, 'latin1');
		if (headersEnd === -1 || headersEnd - at > limits.maxHeaderSize) return null;
		const name = PLAIN_HEADERS.exec(ascii(at + 2, headersEnd))?.[1];
		const start = headersEnd + 4;
		const end = bytes.indexOf(separator, start, 'latin1');
		if (name === undefined || bytes[start] === MARK || end === -1 || end - start > limits.maxFileSize) return null;
		entries.push([name, bytes.toString('utf8', start, end)]);
		at = end + separator.length;
	}
	return ascii(at, at + 2) === DASHES ? entries : null;
}

function damaged(cause: unknown): ExotelError {
	return new ExotelError('input', 'Unrecognised Exotel request: its multipart body is damaged.', {
		help: 'webhook',
		httpStatus: 400,
		cause,
	});
}

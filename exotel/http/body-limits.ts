/** How much of an answer is read. A server that answers without end must not fill the memory of a host. */
import { ExotelError } from '../errors';
import { RecordingLease, recordingMemory } from './recording-memory';
import type { HttpRequest } from './transport';

/** An answer larger than this is not an answer of Exotel's (a page of 100 calls is about 150 kB). */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;
/** Four hours of dual-channel mp3-hq are about 115 MB. */
const MAX_RECORDING_BYTES = 256 * 1024 * 1024;
/** What explains an error in more than this says nothing more. */
export const MAX_ERROR_BYTES = 64 * 1024;

/** The most bytes that the successful answer to a request may have. */
export function mostBytesOf({ responseType }: Pick<HttpRequest, 'responseType'>): number {
	return responseType === 'bytes' ? MAX_RECORDING_BYTES : MAX_TEXT_BYTES;
}

/** The error for an answer with more bytes than `mostBytes`; asking again would not make it shorter. */
export function tooLargeError(mostBytes: number): ExotelError {
	const megabytes = mostBytes / 1024 / 1024;
	return new ExotelError('exotel', `The answer is larger than ${megabytes} MB. The rest was not read.`, {
		hint: 'Exotel sends nothing that large. Check where the address came from, and the base URL of the account.',
		code: 'TOO_LARGE',
	});
}

/** A body that is still arriving. */
export interface ArrivingBody extends AsyncIterable<Uint8Array> {
	/** Gives it up: the connection is closed. */
	destroy?(reason?: Error): unknown;
}

/** What else is known of an answer that is read. */
export interface Reading {
	status: number;
	/** Its `content-length`. */
	length?: unknown;
	/** Stops the wait for memory. */
	signal?: AbortSignal;
}

/**
 * Gives up a body that says it has more than is read, before any of it has come.
 * @throws ExotelError
 */
export function refuseTooLarge(body: ArrivingBody, request: Pick<HttpRequest, 'responseType'>, reading: Reading): void {
	const mostBytes = mostBytesOf(request);
	if (isError(reading) || !(Number(reading.length) > mostBytes)) return;
	body.destroy?.();
	throw tooLargeError(mostBytes);
}

const isError = ({ status }: Reading): boolean => status < 200 || status > 299;

/**
 * Reads the body of an answer piece by piece. The body of an error (any status but 2xx) is cut
 * after 64 kB: it is parsed and searched for secrets, which takes longer than reading it.
 * @throws ExotelError when there is more of it than `mostBytesOf` the request, or no memory for a recording.
 */
export async function readBody(
	body: ArrivingBody,
	request: Pick<HttpRequest, 'responseType'>,
	reading: Reading,
	budget = recordingMemory,
): Promise<string | Uint8Array> {
	refuseTooLarge(body, request, reading);
	const isText = request.responseType === 'text';
	const mostBytes = mostBytesOf(request);
	const isCut = isError(reading);
	const lease = isText || isCut ? null : new RecordingLease(budget, lengthOf(reading.length));
	let isKept = false;
	try {
		const read: Uint8Array[] = [];
		let size = 0;
		for await (const piece of body) {
			read.push(piece);
			size += piece.length;
			if (isCut && size > MAX_ERROR_BYTES) break;
			if (size > mostBytes) throw tooLargeError(mostBytes);
			if (lease !== null) await lease.cover(size, reading.signal);
		}
		const bytes = Buffer.concat(read, isCut ? Math.min(size, MAX_ERROR_BYTES) : size);
		lease?.keep(bytes);
		isKept = true;
		return isText ? new TextDecoder().decode(bytes) : bytes;
	} finally {
		if (!isKept) lease?.release();
	}
}

/** The length that an answer names; null when it names none. */
function lengthOf(stated: unknown): number | null {
	const length = Number(stated ?? NaN);
	return length > 0 ? length : null;
}

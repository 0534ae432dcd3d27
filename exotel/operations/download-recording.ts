/**
 * Fetch a recording. Recordings are private since October 2024: they are fetched with the account's key, or by a
 * pre-signed address that needs none (facts 3.1). The key goes to Exotel's own hosts, the account's base URL and
 * Exotel's three known buckets, by https, and nowhere else. No other server inside this network is asked, and none by
 * plain http: the address may come from a callback that anybody could have sent.
 */
import { ExotelError, type Violation } from '../errors';
import { url } from '../fields/field';
import { handedOn } from '../http/recording-memory';
import { kindByBeginning, unreadableResponse } from '../http/response-body';
import { foreignUrlFault, isOwnServer, mayCarryKey, type UrlFault } from '../net/internal-url';
import { defineOperation } from './operation';

/** A recording. */
export interface Recording {
	bytes: Uint8Array;
	/** E.g. `audio/mpeg`; from the content type, else from what the file begins with. */
	contentType: string;
}

/** As much of a file as tells what it is. The whole may have 256 MB, and to decode it would hold up everything. */
const BEGINNING_BYTES = 4096;

/** Fetch a recording into memory. */
export const downloadRecording = defineOperation({
	name: 'downloadRecording',
	fields: {
		url: url({
			label: 'Recording URL',
			description: 'The address of the recording, as the call or its last event names it.',
			source: 'facts 3.1',
			example: 'https://recordings.exotel.com/exotelrecordings/acme1/b6cfaf5f5cef3ca0fc937749ef960e25.mp3',
			required: true,
			removeWhitespace: true,
		}),
	},
	checks: [
		({ values, fields, account }) => {
			if (account === null || typeof values.url !== 'string') return [];
			const fault = foreignUrlFault(new URL(values.url), account);
			return fault === null ? [] : [refusedAddress(fields.url.label, fault)];
		},
	],
	request(account, values) {
		const address = new URL(values.url);
		return {
			method: 'GET',
			// As it was judged: clients read blanks, backslashes and dots in their own ways.
			url: address.href,
			headers: {},
			placesCall: false,
			authenticate: mayCarryKey(address, account),
			publicOnly: !isOwnServer(address, account),
			responseType: 'bytes',
			resource: 'recording',
		};
	},
	read(response): Recording {
		const bytes = typeof response.body === 'string' ? new TextEncoder().encode(response.body) : response.body;
		if (!(bytes instanceof Uint8Array) || bytes.length === 0) throw emptyRecording(response.status);
		const stated = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
		if (/^text\/|json|xml/.test(stated) || looksLikeText(bytes)) {
			handedOn({ bytes });
			const beginning = new TextDecoder().decode(bytes.subarray(0, BEGINNING_BYTES)).trim();
			throw unreadableResponse(response, 'a recording', kindByBeginning(beginning));
		}
		return { bytes, contentType: /^(?:audio|video)\//.test(stated) ? stated : contentTypeOf(bytes) };
	},
});

function refusedAddress(label: string, rule: UrlFault): Violation {
	const message =
		rule === 'internal'
			? `${label} leads into this network. A recording is on the internet, or on the account's own server.`
			: `${label} must start with https://. Only the account's own server is asked without encryption.`;
	return { field: 'url', rule, message };
}

function emptyRecording(httpStatus: number): ExotelError {
	return new ExotelError('not-found', 'The recording is empty.', {
		help: 'recording',
		hint: 'A recording is complete some minutes after the call has ended. Try again later.',
		httpStatus,
		retryable: true,
	});
}

/** A page, or an error in JSON, that calls itself a file. */
function looksLikeText(bytes: Uint8Array): boolean {
	return /^\s*(?:<|\{\s*["}])/.test(new TextDecoder().decode(bytes.subarray(0, 200)));
}

/** Recordings are mp3; wav is recognised by its first letters. */
function contentTypeOf(bytes: Uint8Array): string {
	return new TextDecoder('latin1').decode(bytes.subarray(0, 4)) === 'RIFF' ? 'audio/wav' : 'audio/mpeg';
}

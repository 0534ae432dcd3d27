/**
 * The part of `@remix-run/multipart-parser` used here. Its own types are only reachable through package `exports`,
 * which this repository's module resolution does not read.
 */
declare module '@remix-run/multipart-parser' {
	/** One part of a multipart message. */
	export interface MultipartPart {
		readonly name: string | undefined;
		readonly filename: string | undefined;
		readonly bytes: Uint8Array;
	}
	/** Splits a multipart message; throws when it is damaged or exceeds a limit (sizes in bytes). */
	export function parseMultipart(
		message: Uint8Array,
		options: {
			boundary: string;
			maxHeaderSize?: number;
			maxFileSize?: number;
			maxParts?: number;
			maxTotalSize?: number;
		},
	): Generator<MultipartPart, void, unknown>;
}

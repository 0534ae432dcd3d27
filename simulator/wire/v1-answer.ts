/**
 * v1 answers: JSON when the path ends in `.json`, else XML under `TwilioResponse` (seed 004). Errors are a
 * `RestException` in both.
 */
import XMLBuilder from 'fast-xml-builder';
import { json, text, type Answer } from './answer';

/** By the suffix of the path. */
export type Format = 'json' | 'xml';

/** Empty elements are `<EndTime/>` in make-call answers and `<CallerName></CallerName>` in details (seed 004). */
const closing = new XMLBuilder({ suppressEmptyNode: true });
const pairs = new XMLBuilder({ suppressEmptyNode: false });

/** Details of an answer that differ between endpoints. */
export interface V1Options {
	headers?: Record<string, string>;
	emptyElements?: 'closing' | 'pair';
	/** What the XML shows when it differs from the JSON (no `Calls` wrapper, other leg shape). */
	xml?: Record<string, unknown>;
}

/** An answer in the requested format. */
export function v1Answer(
	format: Format,
	status: number,
	root: Record<string, unknown>,
	options: V1Options = {},
): Answer {
	if (format === 'json')
		return {
			...json(status, root, options.headers),
			headers: { 'Content-Type': 'application/json', ...options.headers },
		};
	const builder = options.emptyElements === 'pair' ? pairs : closing;
	const body = builder.build({ TwilioResponse: withoutNulls(options.xml ?? root) });
	return text(status, 'application/xml', `<?xml version="1.0" encoding="UTF-8"?>\n${body}`, options.headers);
}

/** An error in the requested format. */
export function restException(
	format: Format,
	status: number,
	message: string,
	extra: { code?: number; headers?: Record<string, string> } = {},
): Answer {
	const exception: Record<string, unknown> = { Status: status, Message: message };
	if (extra.code !== undefined) exception.Code = extra.code;
	return v1Answer(format, status, { RestException: exception }, { headers: extra.headers });
}

function withoutNulls(value: unknown): unknown {
	if (value === null || value === undefined) return '';
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (typeof value === 'object')
		return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutNulls(entry)]));
	return typeof value === 'string' ? printable(value) : value;
}

/** XML 1.0 has no control characters and no lone surrogates; they would make the answer unreadable. */
function printable(value: string): string {
	return Array.from(value)
		.filter((character) => isXmlCharacter(character.codePointAt(0) ?? 0))
		.join('');
}

function isXmlCharacter(code: number): boolean {
	if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
	return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

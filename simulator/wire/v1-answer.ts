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
	/** what the XML shows when it differs from the JSON (no `Calls` wrapper, other leg shape) */
	xml?: Record<string, unknown>;
}

/** An answer in the wanted format. */
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

/** An error in the wanted format. */
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

/** XML 1.0 knows no control characters; they would make the answer unreadable. */
function printable(value: string): string {
	// eslint-disable-next-line no-control-regex
	return value.replace(
		/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
		'',
	);
}

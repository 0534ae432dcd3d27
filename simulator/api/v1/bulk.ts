/** `GET /v1/Accounts/<sid>/Calls[.json]`: ended calls only, filtered, sorted, paged by cursors (seed 004). */
import { BulkFilterError, readBulkQuery, type BulkQuery } from './bulk-filters';
import { detailsRecord, legDetails, legDetailsXml } from '../../wire/v1-record';
import { e164 } from '../../model/phone-numbers';
import { presignedRecording } from './presigned-recording';
import { restException, v1Answer } from '../../wire/v1-answer';
import type { Answer } from '../../wire/answer';
import type { ApiRequest } from '../http/api-request';
import type { Call } from '../../model/call';

/** One page of the calls that were found. */
interface Page {
	calls: Call[];
	/** Index of its first call among all that were found. */
	start: number;
}

/** Answers one page. */
export function bulkDetails(request: ApiRequest): Answer {
	const { simulation, account, incoming, format } = request;
	const { wire, settings, calls } = simulation;
	let query: BulkQuery;
	try {
		query = readBulkQuery(incoming.query, wire.now, settings.strictness);
	} catch (error) {
		if (error instanceof BulkFilterError) return restException(format, 400, error.message);
		throw error;
	}
	const found = calls
		.list(account.sid)
		.filter((call) => call.endedAt !== null && query.matches(call))
		.sort((one, other) => (query.ascending ? 1 : -1) * (one.createdAt - other.createdAt));
	const page = pageOf(found, query);
	if (!page) return restException(format, 400, 'Before and After must be cursors out of PrevPageUri and NextPageUri');
	const metadata = metadataOf(request, query, page, found.length);
	const record = (call: Call, details: Record<string, unknown>) => {
		const minutes = query.recordingUrlValidity;
		return {
			...detailsRecord(wire, call),
			...(minutes === null ? {} : presignedRecording(wire, call, minutes)),
			PhoneNumber: e164(call.exoPhone),
			...(query.details ? { Details: details } : {}),
		};
	};
	return v1Answer(
		format,
		200,
		{ Metadata: metadata, Calls: page.calls.map((call) => record(call, legDetails(wire, call, 'bulk'))) },
		// no wrapper around the calls in XML (seed 004)
		{
			emptyElements: 'pair',
			xml: { Metadata: metadata, Call: page.calls.map((call) => record(call, legDetailsXml(call))) },
		},
	);
}

function metadataOf(request: ApiRequest, query: BulkQuery, page: Page, total: number): Record<string, unknown> {
	const { account, format, incoming } = request;
	const base = `/v1/Accounts/${account.sid}/Calls${format === 'json' ? '.json' : ''}`;
	const uri = (cursor: string) => `${base}?${queryText(incoming.query, query)}${cursor}`;
	const first = page.calls[0];
	const last = page.calls.at(-1);
	return {
		Total: total,
		PageSize: page.calls.length,
		FirstPageUri: uri(''),
		PrevPageUri: page.start > 0 && first ? uri(`&Before=${cursorOf(first)}`) : '',
		NextPageUri: page.start + page.calls.length < total && last ? uri(`&After=${cursorOf(last)}`) : '',
	};
}

/** @returns null if a cursor cannot be read */
function pageOf(found: Call[], query: BulkQuery): Page | null {
	if (query.after !== null) {
		const place = placeOf(query.after, found, query.ascending);
		if (place === null) return null;
		const start = place.at + (place.exact ? 1 : 0);
		return { calls: found.slice(start, start + query.pageSize), start };
	}
	if (query.before !== null) {
		const place = placeOf(query.before, found, query.ascending);
		if (place === null) return null;
		const start = Math.max(0, place.at - query.pageSize);
		return { calls: found.slice(start, place.at), start };
	}
	return { calls: found.slice(0, query.pageSize), start: 0 };
}

/** A cursor is base64 of `<epoch seconds>,<CallSid>` (deduced from seed 004). */
function cursorOf(call: Call): string {
	return Buffer.from(`${Math.floor(call.createdAt / 1000)},${call.sid}`).toString('base64');
}

function placeOf(cursor: string, found: Call[], ascending: boolean): { at: number; exact: boolean } | null {
	const match = /^(\d{1,12}),([0-9a-z]{32})$/.exec(Buffer.from(cursor, 'base64').toString('latin1'));
	if (!match) return null;
	const exact = found.findIndex((call) => call.sid === match[2]);
	if (exact >= 0) return { at: exact, exact: true };
	// the call has been dropped meanwhile: go on where it was
	const time = Number(match[1]) * 1000;
	const next = found.findIndex((call) => (ascending ? call.createdAt > time : call.createdAt < time));
	return { at: next < 0 ? found.length : next, exact: false };
}

/** Repeats the filters the way seed 004's URIs do: form-encoded, but `SortBy` with its colon. */
function queryText(pairs: readonly [string, string][], query: BulkQuery): string {
	const kept = pairs.filter(([name]) => !['PageSize', 'SortBy', 'Before', 'After'].includes(name));
	const encoded = kept.map(
		([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value).replace(/%20/g, '+')}`,
	);
	return [`PageSize=${query.pageSize}`, ...encoded, `SortBy=DateCreated:${query.ascending ? 'asc' : 'desc'}`].join(
		'&',
	);
}

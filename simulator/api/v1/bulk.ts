/** `GET /v1/Accounts/<sid>/Calls[.json]`: ended calls only, filtered, sorted, paged by cursors (seed 004). */
import { FilterRefusal, readBulkQuery, type BulkQuery } from './bulk-filters';
import { detailsRecord, legDetails, legDetailsXml } from '../../wire/v1-record';
import { presigned, recordingReadyAt } from '../recordings';
import { restException, v1Answer, type Format } from '../../wire/v1-answer';
import { e164 } from '../../model/phone-numbers';
import type { Account } from '../../model/accounts';
import type { Answer } from '../../wire/answer';
import type { Call } from '../../model/call';
import type { Exchange } from '../../engine/simulation';
import type { Incoming } from '../request';

/** Answers one page. */
export function bulkDetails(exchange: Exchange, account: Account, incoming: Incoming, format: Format): Answer {
	let query: BulkQuery;
	try {
		query = readBulkQuery(incoming.query, exchange.clock.now(), exchange.settings.strictness);
	} catch (error) {
		if (error instanceof FilterRefusal) return restException(format, 400, error.message);
		throw error;
	}
	const found = exchange.calls
		.list(account.sid)
		.filter(
			(call) =>
				call.endedAt !== null &&
				call.createdAt >= query.createdFrom &&
				call.createdAt <= query.createdTo &&
				query.matches(call),
		)
		.sort((one, other) => (query.ascending ? 1 : -1) * (one.createdAt - other.createdAt));
	const page = pageOf(found, query);
	if (!page) return restException(format, 400, 'Before and After must be cursors out of PrevPageUri and NextPageUri');
	const uri = (cursor: string) =>
		`/v1/Accounts/${account.sid}/Calls${format === 'json' ? '.json' : ''}?${queryText(incoming.query, query)}${cursor}`;
	const metadata = {
		Total: found.length,
		PageSize: page.calls.length,
		FirstPageUri: uri(''),
		PrevPageUri: page.start > 0 && page.calls.length > 0 ? uri(`&Before=${cursorOf(page.calls[0])}`) : '',
		NextPageUri:
			page.start + page.calls.length < found.length && page.calls.length > 0
				? uri(`&After=${cursorOf(page.calls[page.calls.length - 1])}`)
				: '',
	};
	const record = (call: Call, details: Record<string, unknown>) => {
		const known = detailsRecord(exchange, call);
		if (query.recordingUrlValidity !== null && recordingReadyAt(exchange, call) !== null) {
			known.PreSignedRecordingUrl = presigned(exchange, String(known.RecordingUrl), query.recordingUrlValidity);
		}
		return { ...known, PhoneNumber: e164(call.exoPhone), ...(query.details ? { Details: details } : {}) };
	};
	return v1Answer(
		format,
		200,
		{ Metadata: metadata, Calls: page.calls.map((call) => record(call, legDetails(exchange, call, 'bulk'))) },
		// no wrapper around the calls in XML (seed 004)
		{
			emptyElements: 'pair',
			xml: { Metadata: metadata, Call: page.calls.map((call) => record(call, legDetailsXml(call))) },
		},
	);
}

/** @returns null if a cursor cannot be read */
function pageOf(found: Call[], query: BulkQuery): { calls: Call[]; start: number } | null {
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
	const given = pairs.filter(([name]) => !['PageSize', 'SortBy', 'Before', 'After'].includes(name));
	const encoded = given.map(
		([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value).replace(/%20/g, '+')}`,
	);
	return [`PageSize=${query.pageSize}`, ...encoded, `SortBy=DateCreated:${query.ascending ? 'asc' : 'desc'}`].join(
		'&',
	);
}

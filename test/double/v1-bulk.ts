/** `GET /v1/Accounts/<sid>/Calls[.json]`: seed 004, "To get details of calls in bulk". */
import type { Account } from './account';
import { readFilters, type Filters } from './bulk-filters';
import { finalStatus, timeline, type DoubleCall } from './calls';
import type { Reply } from './http';
import { jsonReply, refuse, xmlReply } from './v1-errors';
import { v1Details, v1DetailsXml, v1Record } from './v1-record';
import { sameNumber } from './numbers';
import { writeXml, type XmlElements } from './xml';

/** Serves the list; a filter that breaks a documented limit is refused with 400 (facts, not documented). */
export function readCalls(account: Account, query: URLSearchParams, json: boolean): Reply {
	const read = readFilters(query, Date.now());
	if (typeof read === 'string') return refuse(400, read, json);
	const matching = sorted(
		account.calls.filter((call) => matches(call, read)),
		read,
	);
	const page = cut(matching, read);
	const metadata = { Total: matching.length, PageSize: page.length, ...links(account, read, matching, page, json) };
	if (json) {
		const calls = page.map((call) => {
			const record = v1Record(account, call, phase(call), json);
			return read.details ? { ...record, Details: v1Details(call, true, true) } : record;
		});
		return jsonReply({ Metadata: metadata, Calls: calls });
	}
	const calls = page.map((call): readonly [string, XmlElements] => {
		const fields: XmlElements = Object.entries(v1Record(account, call, phase(call), json));
		return ['Call', read.details ? [...fields, ['Details', v1DetailsXml(call, true)]] : fields];
	});
	return xmlReply(writeXml([['Metadata', Object.entries(metadata)], ...calls]));
}

function phase(call: DoubleCall): 'late' | 'complete' {
	return call.lateReads > 0 ? 'late' : 'complete';
}

/** "Bulk Call Details will not provide ongoing calls' details." A call that never reached Exotel is none. */
function matches(call: DoubleCall, filters: Filters): boolean {
	if (!call.ended || !call.dialled) return false;
	const line = timeline(call);
	const inRange = (value: number, range: readonly [number, number] | null): boolean =>
		range === null || (value >= range[0] && value <= range[1]);
	const among = (value: string, values: readonly string[] | null): boolean =>
		values === null || values.includes(value);
	const phone = (value: string, numbers: readonly string[] | null): boolean =>
		numbers === null || numbers.some((number) => sameNumber(number, value));
	return (
		among(call.sid, filters.sids) &&
		inRange(line.created, filters.created) &&
		among(finalStatus(call), filters.statuses) &&
		among(call.direction, filters.directions) &&
		phone(call.from, filters.from) &&
		phone(call.to ?? call.exoPhone, filters.to) &&
		phone(call.exoPhone, filters.phoneNumbers) &&
		inRange(line.duration, filters.duration) &&
		inRange(Number(call.terminal.price ?? (line.conversation > 0 ? '1.500' : '0.000')), filters.price)
	);
}

function sorted(calls: DoubleCall[], { ascending }: Filters): DoubleCall[] {
	const order = (a: DoubleCall, b: DoubleCall): number => a.createdMs - b.createdMs || (a.sid < b.sid ? -1 : 1);
	return calls.sort((a, b) => (ascending ? order(a, b) : order(b, a)));
}

/** The records of the page: those next to the cursor, on its side, or the first ones. */
function cut(calls: DoubleCall[], filters: Filters): DoubleCall[] {
	const { cursor, pageSize } = filters;
	if (cursor === null) return calls.slice(0, pageSize);
	const place = (call: DoubleCall): number => {
		const order =
			call.createdMs / 1000 - cursor.seconds || (call.sid === cursor.sid ? 0 : call.sid < cursor.sid ? -1 : 1);
		return filters.ascending ? order : -order;
	};
	return cursor.side === 'After'
		? calls.filter((call) => place(call) > 0).slice(0, pageSize)
		: calls.filter((call) => place(call) < 0).slice(-pageSize);
}

/** Base64 of `<epoch seconds>,<sid>`, as the cursors of the sample decode. */
function cursorOf(call: DoubleCall): string {
	return Buffer.from(`${call.createdMs / 1000},${call.sid}`).toString('base64');
}

/** First, previous and next page, with the filters repeated in the order and the encoding of the samples. */
function links(
	account: Account,
	filters: Filters,
	all: readonly DoubleCall[],
	page: readonly DoubleCall[],
	json: boolean,
): Record<string, string | null> {
	const path = `/v1/Accounts/${account.sid}/Calls${json ? '.json' : ''}`;
	const created = filters.createdText === null ? '' : `&DateCreated=${encoded(filters.createdText)}`;
	const rest = filters.others.map(([name, value]) => `&${name}=${encoded(value)}`).join('');
	const sort = `&SortBy=DateCreated:${filters.ascending ? 'asc' : 'desc'}`;
	const first = `${path}?PageSize=${filters.pageSize}${created}${sort}${rest}`;
	const none = account.lastPage === 'null' ? null : '';
	const [head, tail] = [page[0], page[page.length - 1]];
	const previous = head !== undefined && (account.lastPage === 'uri' || head !== all[0]);
	const next = tail !== undefined && (account.lastPage === 'uri' || tail !== all[all.length - 1]);
	return {
		FirstPageUri: first,
		PrevPageUri: previous && head !== undefined ? `${first}&Before=${cursorOf(head)}` : none,
		NextPageUri: next && tail !== undefined ? `${first}&After=${cursorOf(tail)}` : none,
	};
}

function encoded(text: string): string {
	return encodeURIComponent(text).replace(/%20/g, '+');
}

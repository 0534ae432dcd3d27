/** Exotel's list of calls as the tests of streams see it. */
import assert from 'node:assert/strict';
import { type CallsBetweenPage, type SendOptions, type Transport } from '../../../exotel/index';
import { HandClock } from '../hand-clock';
import { answer, singapore } from '../samples';

export const now = Date.parse('2026-11-21T10:00:00Z');

export const day = 86_400;

export const seconds = (text: string) => Date.parse(`${text.replace(' ', 'T')}+05:30`) / 1000;

export interface Record1 {
	at: number;
	sid: string;
}

/** Writes a second as Exotel does. */
export function stamp(at: number): string {
	return new Date((at + 19_800) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Exotel's list of calls: filters, order, page size and cursors as seed 004 has them; a longer range than a month is
 * refused.
 */
export function exotel(records: Record1[], asked: URL[] = []): Transport {
	return async (request) => {
		const url = new URL(request.url);
		asked.push(url);
		const parameters = url.searchParams;
		const range = /^gte:(.{19});lte:(.{19})$/.exec(parameters.get('DateCreated') ?? '');
		assert.ok(range, 'every request names its range');
		const [from, to] = [seconds(range[1] as string), seconds(range[2] as string)];
		if (to - from > 31 * day) return answer('{"RestException":{"Status":400,"Message":"range too long"}}', 400);
		const size = Number(parameters.get('PageSize') ?? 50);
		const ascending = parameters.get('SortBy') === 'DateCreated:asc';
		const compare = (a: Record1, b: Record1) => (a.at - b.at || a.sid.localeCompare(b.sid)) * (ascending ? 1 : -1);
		const matching = records.filter(({ at }) => at >= from && at <= to).sort(compare);
		const after = parameters.get('After');
		const [afterAt = '', afterSid = ''] = after === null ? [] : Buffer.from(after, 'base64').toString().split(',');
		const rest =
			after === null
				? matching
				: matching.filter((record) => compare(record, { at: Number(afterAt), sid: afterSid }) > 0);
		const page = rest.slice(0, size);
		const last = page.at(-1);
		const next =
			rest.length > size && last !== undefined
				? `${url.pathname}?SortBy=x&After=${Buffer.from(`${last.at},${last.sid}`).toString('base64')}`
				: '';
		return answer(
			JSON.stringify({
				Metadata: { Total: matching.length, PageSize: page.length, NextPageUri: next },
				Calls: page.map(({ at, sid }) => ({ Sid: sid, DateCreated: stamp(at), Status: 'completed' })),
			}),
		);
	};
}

export function made(ats: number[]): Record1[] {
	return ats.map((at, n) => ({ at, sid: `${n}`.padStart(32, 'c') }));
}

export function options(transport: Transport, more: Partial<SendOptions> = {}): SendOptions {
	return { transport, clock: new HandClock(now), account: singapore, random: () => 0, ...more };
}

export async function collect(stream: AsyncIterable<CallsBetweenPage>): Promise<CallsBetweenPage[]> {
	const pages: CallsBetweenPage[] = [];
	for await (const page of stream) pages.push(page);
	return pages;
}

export const sids = (pages: CallsBetweenPage[]) => pages.flatMap((page) => page.calls.map((call) => call.sid));

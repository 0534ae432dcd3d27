/**
 * Cuts the stream of pages that comes from Exotel into what one message carries: a call, a page, or everything. Each
 * delivery knows whether it is the last, so that a Join node can put the parts together again; for that one page is
 * held back.
 */
import { ExotelError, type Call, type CallsBetweenPage } from '../../../exotel/index';

/** What one message carries: a call, a page of calls, or all calls. */
export const deliveryKinds = ['call', 'page', 'all'] as const;

/** One of them. */
export type DeliveryKind = (typeof deliveryKinds)[number];

/** What one message carries. */
export interface Delivery {
	payload: Call | Call[];
	/** Exotel's own record of each call in the payload. */
	raw: unknown;
	index: number;
	last: boolean;
	/** Where a later list can go on without losing a call; null in the middle of a page, or for the beginning. */
	position: string | null;
	/** Calls delivered so far, this delivery included. */
	calls: number;
}

/** One array of this many calls is about 20 MB with the raw records. */
export const MAX_IN_ONE_ARRAY = 10_000;

/** A page of which a part may be left out; null: a list that goes on begins anew. */
type PartOfPage = Omit<CallsBetweenPage, 'position'> & { position: string | null };

/** Pages with the knowledge whether another one follows, cut off after `limit` calls. */
async function* withLast(
	pages: AsyncIterable<CallsBetweenPage>,
	limit: number,
	begun: string | null,
): AsyncGenerator<PartOfPage & { last: boolean }> {
	let taken = 0;
	let held: PartOfPage | null = null;
	for await (const page of pages) {
		if (held !== null) yield { ...held, last: false };
		const room = limit - taken;
		// Behind a page that was cut, its other calls would be lost: the position is the one before it.
		held =
			page.calls.length > room
				? {
						calls: page.calls.slice(0, room),
						raw: page.raw.slice(0, room),
						position: held === null ? begun : held.position,
					}
				: page;
		taken += held.calls.length;
		if (taken >= limit) break;
	}
	if (held !== null) yield { ...held, last: true };
}

/**
 * The deliveries of a list that goes on from the position `begun`. Nothing at all comes for an empty list cut into
 * calls; else one empty array does.
 * @throws ExotelError what the stream throws, and `input` when one array would hold more than `MAX_IN_ONE_ARRAY`
 *   calls.
 */
export async function* deliveries(
	pages: AsyncIterable<CallsBetweenPage>,
	kind: DeliveryKind,
	limit = Infinity,
	begun: string | null = null,
): AsyncGenerator<Delivery> {
	let index = 0;
	let calls = 0;
	const all: Pick<CallsBetweenPage, 'calls' | 'raw'> = { calls: [], raw: [] };
	for await (const page of withLast(pages, limit, begun)) {
		if (kind === 'call') {
			for (const [at, call] of page.calls.entries()) {
				calls += 1;
				const closes = at === page.calls.length - 1;
				yield {
					payload: call,
					raw: page.raw[at],
					index: index++,
					last: page.last && closes,
					position: closes ? page.position : null,
					calls,
				};
			}
			continue;
		}
		calls += page.calls.length;
		if (kind === 'page') {
			yield {
				payload: page.calls,
				raw: page.raw,
				index: index++,
				last: page.last,
				position: page.position,
				calls,
			};
			continue;
		}
		if (calls > MAX_IN_ONE_ARRAY) throw tooMany();
		all.calls.push(...page.calls);
		all.raw.push(...page.raw);
		if (page.last) yield { payload: all.calls, raw: all.raw, index: 0, last: true, position: page.position, calls };
	}
	if (calls === 0 && kind !== 'call') yield { payload: [], raw: [], index: 0, last: true, position: null, calls: 0 };
}

function tooMany(): ExotelError {
	const message = `More than ${MAX_IN_ONE_ARRAY} calls match: too many for one array.`;
	return new ExotelError('input', message, {
		hint: 'Choose one message per page or per call, a shorter range, or a number of calls to stop after.',
		violations: [{ field: 'output', rule: 'max-items', message }],
	});
}

/** The bulk read of v1: seed 004, "To get details of calls in bulk". */
import assert from 'node:assert/strict';
import { startDouble, type Double, type DoubleOptions } from './index';
import { api, connected, people } from './client';
import { v1Stamp } from './clock';
import { sampleJson, sampleText, shape, xmlShape } from './samples';

interface List {
	Metadata: {
		Total: number;
		PageSize: number;
		FirstPageUri: string;
		PrevPageUri: string | null;
		NextPageUri: string | null;
	};
	Calls: Array<Record<string, string>>;
}

const hour = 3600 * 1000;
const base = '/v1/Accounts/Exotel/Calls.json';

describe('double: bulk read', () => {
	let double: Double;
	const begin = async (options: DoubleOptions = {}): Promise<void> => {
		double = await startDouble(options);
	};
	beforeEach(() => begin());
	afterEach(() => double.close());

	const history = (count: number): void => {
		for (let hours = 1; hours <= count; hours += 1) {
			const createdMs = Date.now() - hours * hour;
			double.addCall({
				from: people.agent,
				to: people.customer,
				exoPhone: '+918045680001',
				createdMs,
				record: true,
			});
		}
	};
	const list = async (query: string): Promise<List> => {
		const answer = await api(double, 'GET', query.startsWith('/') ? query : `${base}?${query}`);
		assert.equal(answer.status, 200, answer.body);
		return JSON.parse(answer.body) as List;
	};
	const status = async (query: string): Promise<number> => (await api(double, 'GET', `${base}?${query}`)).status;

	const nextPage = (xml: string): string => /<NextPageUri>([^<]*)</.exec(xml)?.[1]?.replace(/&amp;/g, '&') ?? '';

	it('prints a page in the middle as the samples, in JSON and XML', async () => {
		history(3);
		// Each sample has other filters; the page addresses are compared letter by letter below.
		const range = `DateCreated=${encodeURIComponent(`gte:${v1Stamp(Date.now() - 9 * hour)};lte:${v1Stamp(Date.now())}`)}`;
		const { Metadata } = await list(`PageSize=1&${range}`);
		assert.deepEqual(shape(await list(Metadata.NextPageUri ?? '')), shape(sampleJson('004-bulk.json')));
		const detailed = await list(`PageSize=1&details=true&${range}`);
		const second = (await list(detailed.Metadata.NextPageUri ?? '')) as unknown as {
			Calls: Array<{ Details: Record<string, unknown> }>;
		};
		// The sample's second leg is no-answer after 33 s of talk; the double's is completed.
		if (second.Calls[0] !== undefined) second.Calls[0].Details.Leg2Status = 'no-answer';
		assert.deepEqual(shape(second), shape(sampleJson('004-bulk-details.json')));
		const xml = (await api(double, 'GET', `/v1/Accounts/Exotel/Calls?PageSize=1&details=true&${range}`)).body;
		assert.deepEqual(
			xmlShape((await api(double, 'GET', nextPage(xml))).body),
			xmlShape(sampleText('004-bulk-details.xml')),
		);
		// The call of the plain XML sample is an inbound one.
		for (const call of double.calls) call.direction = 'inbound';
		const plain = (await api(double, 'GET', `/v1/Accounts/Exotel/Calls?PageSize=1&${range}`)).body;
		assert.deepEqual(
			xmlShape((await api(double, 'GET', nextPage(plain))).body),
			xmlShape(sampleText('004-bulk.xml')),
		);
	});

	it('writes page addresses as the samples: PageSize, DateCreated, SortBy, the rest, the cursor', async () => {
		history(3);
		const [from, to] = [v1Stamp(Date.now() - 9 * hour), v1Stamp(Date.now())];
		const { Metadata } = await list(
			`details=true&DateCreated=${encodeURIComponent(`gte:${from};lte:${to}`)}&PageSize=2`,
		);
		const written = (stamp: string): string => encodeURIComponent(stamp).replace('%20', '+');
		const range = `gte%3A${written(from)}%3Blte%3A${written(to)}`;
		const first = `${base}?PageSize=2&DateCreated=${range}&SortBy=DateCreated:desc&details=true`;
		assert.equal(Metadata.FirstPageUri, first);
		assert.equal(Metadata.PrevPageUri, '');
		const [address, cursor = ''] = (Metadata.NextPageUri ?? '').split('&After=');
		assert.equal(address, first);
		assert.match(Buffer.from(cursor, 'base64').toString(), /^\d{10},[0-9a-z]{32}$/);
		// The cursors of the samples decode to the same form.
		assert.equal(
			Buffer.from('MTU3Nzk4NDQwNywwNmQ4ZmI0MDdlZWY5N2YxZmI0OTllNjZjOTI5MTQxMg==', 'base64').toString(),
			'1577984407,06d8fb407eef97f1fb499e66c9291412',
		);
	});

	for (const direction of ['desc', 'asc']) {
		it(`pages forth and back (${direction}), losing and repeating no call, not even of the same second`, async () => {
			history(4);
			double.addCall({
				from: people.agent,
				to: people.customer,
				exoPhone: '+918045680001',
				createdMs: double.calls[1]?.createdMs,
			});
			const pages: List[] = [await list(`PageSize=2&SortBy=DateCreated:${direction}`)];
			for (let next = pages[0]?.Metadata.NextPageUri; next; next = pages[pages.length - 1]?.Metadata.NextPageUri)
				pages.push(await list(next));
			assert.deepEqual(
				pages.map((page) => page.Metadata.PageSize),
				[2, 2, 1],
			);
			assert.equal(new Set(pages.flatMap((page) => page.Calls.map((call) => call.Sid))).size, 5);
			const stamps = pages.flatMap((page) => page.Calls.map((call) => call.DateCreated ?? ''));
			assert.deepEqual(direction === 'asc' ? stamps : [...stamps].reverse(), [...stamps].sort());
			assert.deepEqual((await list(pages[2]?.Metadata.PrevPageUri ?? '')).Calls, pages[1]?.Calls);
			assert.deepEqual((await list(pages[1]?.Metadata.PrevPageUri ?? '')).Calls, pages[0]?.Calls);
		});
	}

	it('ends the pages with an empty text, null or an empty page', async () => {
		history(1);
		assert.equal((await list('')).Metadata.NextPageUri, '');
		await double.close();
		await begin({ lastPage: 'null' });
		history(1);
		assert.equal((await list('')).Metadata.NextPageUri, null);
		await double.close();
		await begin({ lastPage: 'uri' });
		history(1);
		assert.deepEqual((await list((await list('')).Metadata.NextPageUri ?? '')).Calls, []);
	});

	it('filters by everything the table names', async () => {
		const ago = (days: number): number => Date.now() - days * 24 * hour;
		const call = { from: people.agent, to: people.customer, exoPhone: '+918045680001' };
		double.addCall({ ...call, createdMs: ago(1) });
		double.addCall({ ...call, createdMs: ago(2) }, { legs: [{ status: 'busy' }], terminal: { price: '0.300030' } });
		double.addCall({
			...call,
			createdMs: ago(3),
			kind: 'inbound',
			exoPhone: '+911130830002',
			from: people.customer,
			to: null,
		});
		double.addCall({ ...call, createdMs: ago(40) });
		const [answered, busy, inbound, old] = double.calls.map((one) => one.sid);
		const found = async (query: string): Promise<unknown[]> => (await list(query)).Calls.map((one) => one.Sid);
		assert.deepEqual(await found(''), [answered, busy, inbound]);
		assert.deepEqual(await found(`Sid=${busy},${inbound}`), [busy, inbound]);
		assert.deepEqual(await found('Status=busy,failed'), [busy]);
		assert.deepEqual(await found('Direction=inbound'), [inbound]);
		assert.deepEqual(await found(`From=${encodeURIComponent(people.customer)}`), [inbound]);
		assert.deepEqual(await found(`To=${encodeURIComponent(people.customer)}`), [answered, busy]);
		assert.deepEqual(await found('PhoneNumber=%2B911130830002'), [inbound]);
		assert.deepEqual(await found('Duration=gte:10s%3Blte:45s'), [answered, inbound]);
		assert.deepEqual(await found('Duration=4s'), [busy]);
		assert.deepEqual(await found('Price=eq:0.300030'), [busy]);
		assert.deepEqual(await found('SortBy=DateCreated:asc&PageSize=1'), [inbound]);
		const range = encodeURIComponent(`gte:${v1Stamp(ago(45))};lte:${v1Stamp(ago(30))}`);
		assert.deepEqual(await found(`DateCreated=${range}`), [old]);
	});

	it('lists no running call', async () => {
		double.nextCall({ liveReads: 'until-told' });
		const sid = await connected(double);
		assert.equal((await list('')).Metadata.Total, 0);
		double.end(sid);
		assert.equal((await list('')).Metadata.Total, 1);
	});

	it('refuses what breaks a limit', async () => {
		const six = Array.from({ length: 6 }, (_, index) => `%2B91981230000${index}`).join(',');
		const stamp = (days: number): string => encodeURIComponent(v1Stamp(Date.now() - days * 24 * hour));
		for (const query of [
			'PageSize=101',
			'PageSize=0',
			'SortBy=Price:asc',
			`From=${six}`,
			`To=${six}`,
			`PhoneNumber=${six}`,
			'To=09812300003',
			'Status=done',
			'Direction=outgoing',
			'Duration=10',
			'Price=gte:cheap',
			'After=xyz',
			'Page=2',
			'DateCreated=gte:2024-01-01T00:00:00Z',
			`DateCreated=gte:${stamp(40)}%3Blte:${stamp(1)}`,
			`DateCreated=gte:${stamp(200)}%3Blte:${stamp(190)}`,
			`DateCreated=gte:${stamp(1)}%3Blte:${stamp(2)}`,
		])
			assert.equal(await status(query), 400, query);
	});
});

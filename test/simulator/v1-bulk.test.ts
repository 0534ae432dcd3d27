/** Bulk call details: filters, operators, sorting, cursors, page metadata, limits (seed 004). */
import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import { ACCOUNT, FROM, Line, TO } from './telephone-line';
import { assertLikeSample } from './samples';

describe('simulator: v1 bulk call details', () => {
	let line: Line;
	/** SIDs in the order of creation: 10:00, 10:10, … */
	let sids: string[];

	before(async () => {
		line = await Line.open();
		sids = [];
		const calls: Record<string, string>[] = [
			{ Record: 'true' },
			{ To: '+919812345602' },
			{ To: '+919812345601', CallerId: '08047112345' },
			{ To: '+919812345605', From: '+919812345677' },
			{ To: '+919812345603' },
			{ From: '+919812345604' },
			{ Record: 'true' },
		];
		for (const fields of calls) {
			sids.push(await line.placed(fields));
			await line.simulator.advance(600);
		}
		sids.push(await line.placed());
		await line.simulator.advance(5);
	});
	after(() => line.close());

	const list = async (query: string) => (await line.v1('GET', `/Calls.json?${query}`)).json;
	const found = async (query: string) =>
		(await list(query)).Calls.map((call: any) => sids.indexOf(call.Sid)) as number[];

	it('looks like the samples of seed 004, page in the middle', async () => {
		const first = await list(
			`PageSize=1&DateCreated=${encodeURIComponent('gte:2026-11-21 00:00:00;lte:2026-11-22 00:00:00')}&Status=completed`,
		);
		assert.equal(first.Metadata.PrevPageUri, '');
		const middle = await line.request('GET', first.Metadata.NextPageUri);
		assertLikeSample(
			{
				...middle.json,
				Calls: middle.json.Calls.map((call: any) => ({ ...call, RecordingUrl: `http://x/${call.Sid}.mp3` })),
			},
			'v1-bulk-json',
		);
		assert.match(
			middle.json.Metadata.FirstPageUri,
			/\?PageSize=1&DateCreated=gte%3A2026-11-21\+00%3A00%3A00%3Blte%3A2026-11-22\+00%3A00%3A00&Status=completed&SortBy=DateCreated:desc$/,
		);
		const detailed = await list('PageSize=1&Status=completed&details=true');
		const next = await line.request('GET', detailed.Metadata.NextPageUri);
		assertLikeSample(
			{
				...next.json,
				Calls: next.json.Calls.map((call: any) => ({ ...call, RecordingUrl: `http://x/${call.Sid}.mp3` })),
			},
			'v1-bulk-legs-json',
		);
	});

	it('has no wrapper around the calls in XML and escapes the URIs', async () => {
		const { text } = await line.v1('GET', '/Calls?PageSize=2&details=true&Status=completed');
		const { Metadata, Call } = new XMLParser({ parseTagValue: false }).parse(text).TwilioResponse;
		assert.equal(Metadata.Total, '3');
		assert.equal(Call.length, 2);
		assert.deepEqual(
			Call[0].Details.Legs.Leg.map((leg: any) => leg.Id),
			['1', '2'],
		);
		assert.match(text, /PageSize=2&amp;details=true/);
		assert.match(Metadata.NextPageUri, /^\/v1\/Accounts\/Exotel\/Calls\?/);
	});

	it('leaves running calls out and sorts newest first unless told otherwise', async () => {
		assert.deepEqual(await found(''), [6, 5, 4, 3, 2, 1, 0]);
		assert.deepEqual(await found('SortBy=DateCreated:asc'), [0, 1, 2, 3, 4, 5, 6]);
		assert.equal((await list('')).Metadata.PageSize, 7);
	});

	it('filters', async () => {
		const cases: [string, number[]][] = [
			[`Sid=${sids[0]}`, [0]],
			[`Sid=${sids[0]},${sids[3]}`, [3, 0]],
			[`To=${encodeURIComponent(TO)}`, [6, 5, 0]],
			['To=%2B919812345602', [1]],
			[`To=${encodeURIComponent('+919812345601,+919812345602')}`, [2, 1]],
			[`To=+919812345601`, [2]],
			[`From=${encodeURIComponent('+919812345677')}`, [3]],
			[`From=${encodeURIComponent(FROM)}&Status=busy`, [1]],
			['PhoneNumber=%2B918047112345', [2]],
			['Status=failed', [4]],
			['Status=failed,no-answer,busy,canceled', [5, 4, 2, 1]],
			['Direction=outbound-api', [6, 5, 4, 3, 2, 1, 0]],
			['Direction=inbound', []],
			['Duration=gte:10s', [6, 5, 2, 0]],
			['Duration=10s', [6, 0]],
			['Duration=eq:10s', [6, 0]],
			['Duration=gte:6s%3Blte:10s', [6, 3, 0]],
			['Price=gte:1.0%3Blte:1.5', [6, 3, 0]],
			['Price=eq:0.75', [4, 2, 1]],
			[`DateCreated=${encodeURIComponent('gte:2026-11-21 10:20:00;lte:2026-11-21 10:30:00')}`, [3, 2]],
			['DateCreated=gte:2026-11-21+10:50:00', [6, 5]],
			['DateCreated=lte:2026-11-21+10:09:59', [0]],
		];
		for (const [query, expected] of cases) assert.deepEqual(await found(query), expected, query);
	});

	it('walks all pages forth and back without losing or repeating a call', async () => {
		for (const order of ['asc', 'desc']) {
			let page = await list(`PageSize=3&SortBy=DateCreated:${order}`);
			const seen: number[] = [];
			for (;;) {
				assert.equal(page.Metadata.Total, 7);
				assert.equal(page.Metadata.PageSize, page.Calls.length);
				seen.push(...page.Calls.map((call: any) => sids.indexOf(call.Sid)));
				if (!page.Metadata.NextPageUri) break;
				page = (await line.request('GET', page.Metadata.NextPageUri)).json;
			}
			const all = [0, 1, 2, 3, 4, 5, 6];
			assert.deepEqual(seen, order === 'asc' ? all : all.reverse());
			assert.equal(page.Calls.length, 1);
			const back = (await line.request('GET', page.Metadata.PrevPageUri)).json;
			assert.deepEqual(
				back.Calls.map((call: any) => sids.indexOf(call.Sid)),
				seen.slice(3, 6),
			);
			assert.match(
				Buffer.from(/After=(.*)$/.exec(back.Metadata.NextPageUri)?.[1] ?? '', 'base64').toString(),
				/^\d{10},[0-9a-z]{32}$/,
			);
		}
	});

	it('refuses what the documentation rules out', async () => {
		const six = Array.from({ length: 6 }, (_, index) => `%2B91981234567${index}`).join(',');
		const stamp = (range: string) => `DateCreated=${encodeURIComponent(range)}`;
		const refused: [string, RegExp][] = [
			['PageSize=101', /PageSize must not be more than 100/],
			['PageSize=0', /PageSize/],
			['PageSize=many', /PageSize/],
			[`To=${six}`, /To: at most 5/],
			[`From=${six}`, /From: at most 5/],
			[`PhoneNumber=${six}`, /PhoneNumber: at most 5/],
			[`Sid=${Array(101).fill('a').join(',')}`, /Sid: at most 100/],
			[stamp('gte:2026-10-01 00:00:00;lte:2026-11-20 00:00:00'), /1 month/],
			[stamp('gte:2026-03-01 00:00:00;lte:2026-03-20 00:00:00'), /6 months/],
			[stamp('gte:2026-11-01T00:00:00Z'), /DateCreated must look like/],
			[stamp('gte:2026-02-30 00:00:00'), /DateCreated must look like/],
			[stamp('2026-11-01 00:00:00'), /DateCreated must look like/],
			['Duration=gte:ten', /Duration must look like/],
			['Duration=gt:10s', /operators are/],
			['Price=eq:x', /Price must look like/],
			['SortBy=Duration:asc', /SortBy/],
			['After=nonsense', /cursors/],
			[`After=${btoa('1,x')}`, /cursors/],
			['RecordingUrlValidity=90', /RecordingUrlValidity/],
			['To=hello', /To must be phone numbers/],
		];
		for (const [query, message] of refused) {
			const answer = await line.v1('GET', `/Calls.json?${query}`);
			assert.equal(answer.status, 400, query);
			assert.match(answer.json.RestException.Message, message, query);
		}
	});

	it('is strict, or as seen in the field', async () => {
		const lenient = await Line.open({ strictness: 'as-seen-in-the-field' });
		try {
			for (const query of [
				'PageSize=101',
				`To=${Array(6).fill('%2B919812345670').join(',')}`,
				'DateCreated=gte:2026-01-01+00:00:00',
				'DateCreated=gte:2026-11-01T00:00:00Z',
			]) {
				assert.equal((await lenient.v1('GET', `/Calls.json?${query}`)).status, 200, query);
				assert.equal((await line.v1('GET', `/Calls.json?${query}`)).status, 400, query);
			}
			assert.equal((await line.v1('GET', '/Calls.json?Colour=red')).status, 400);
			assert.equal((await lenient.v1('GET', '/Calls.json?Colour=red')).status, 200);
		} finally {
			await lenient.close();
		}
	});

	it('drops the oldest ended calls at the limit and goes on paging', async () => {
		const small = await Line.open({ maxCalls: 3 });
		try {
			const placed: string[] = [];
			for (let call = 0; call < 5; call++) {
				placed.push(await small.placed());
				await small.simulator.advance(60);
			}
			const page = (await small.v1('GET', `/Calls.json?PageSize=1&After=${btoa(`1795236000,${placed[1]}`)}`))
				.json;
			assert.equal(page.Metadata.Total, 3);
			assert.deepEqual(
				small.simulator.calls().map(({ sid }) => sid),
				placed.slice(2).reverse(),
			);
			assert.equal((await small.request('GET', `/v1/Accounts/${ACCOUNT}/Calls/${placed[0]}.json`)).status, 404);
			assert.equal((await small.control('GET', '/state')).json.calls.dropped, 2);
		} finally {
			await small.close();
		}
	});
});

/** One page of calls: the documented bodies, cursors and what is no page. */
import assert from 'node:assert/strict';
import { listCalls } from '../../../exotel/index';
import { failedWith } from '../scripted-transport';
import { answer, refused, sample, singapore } from '../samples';
import { base, day, sid, url } from './list-calls-input';

describe('reading a page of calls', () => {
	const next = 'After=MTU3Nzk4NDQwNywwNmQ4ZmI0MDdlZWY5N2YxZmI0OTllNjZjOTI5MTQxMg==';

	it('reads the documented pages, JSON and XML (seed 004)', () => {
		const json = listCalls.read(answer(sample('seed-004-bulk-calls.json')), singapore);
		assert.deepEqual([json.next, json.calls.length, json.rawCalls.length], [next, 1, 1]);
		assert.deepEqual([json.calls[0]?.sid, json.calls[0]?.durationSeconds, json.calls[0]?.price], [sid, 17, 1.5]);
		assert.equal((json.rawCalls[0] as { PhoneNumberSid: string }).PhoneNumberSid, '0XXXXXX4890');
		const xml = listCalls.read(answer(sample('seed-004-bulk-calls.xml')), singapore);
		assert.deepEqual(
			[xml.next, xml.calls.length, xml.calls[0]?.sid, xml.calls[0]?.direction],
			[next, 1, sid, 'inbound'],
		);
	});

	it('reads the pages with both legs, JSON and XML (seed 004)', () => {
		const json = listCalls.read(answer(sample('seed-004-bulk-calls-details.json')), singapore);
		assert.deepEqual(
			[json.calls[0]?.talkSeconds, json.calls[0]?.legs.map(({ onCallSeconds }) => onCallSeconds)],
			[33, [43, 33]],
		);
		assert.equal(json.next, next);
		const xml = listCalls.read(answer(sample('seed-004-bulk-calls-details.xml')), singapore);
		assert.deepEqual(
			[xml.calls[0]?.talkSeconds, xml.calls[0]?.legs.map(({ onCallSeconds, status }) => [status, onCallSeconds])],
			[
				8,
				[
					['completed', 21],
					['completed', 8],
				],
			],
		);
		assert.equal(xml.next, 'After=MTU3ODQ4NTE2OSwwNjYwMDJiOWE2MmZiN2IxMmE0YjljODAzNTZmMTQxOA==');
	});

	it('reads several calls of an XML page, which has no <Calls> around them', () => {
		const { calls } = listCalls.read(
			answer(
				'<TwilioResponse><Metadata><Total>2</Total></Metadata><Call><Sid>a</Sid></Call>' +
					'<Call><Sid>b</Sid></Call></TwilioResponse>',
			),
			singapore,
		);
		assert.deepEqual(
			calls.map((call) => call.sid),
			['a', 'b'],
		);
	});

	it('hands its cursor back to the next request', () => {
		const page = listCalls.read(answer(sample('seed-004-bulk-calls.json')), singapore);
		const asked = new URL(url({ ...day, cursor: page.next ?? '' }));
		const documented = new URL(
			(JSON.parse(sample('seed-004-bulk-calls.json')) as { Metadata: { NextPageUri: string } }).Metadata
				.NextPageUri,
			base,
		);
		assert.equal(asked.searchParams.get('After'), documented.searchParams.get('After'));
	});

	it('takes an empty, null or missing next page, or a page without calls, for the last', () => {
		const page = (uri: unknown, calls = [{ Sid: 'x' }]) =>
			listCalls.read(answer(JSON.stringify({ Metadata: { NextPageUri: uri }, Calls: calls })), singapore);
		for (const uri of [
			'',
			null,
			undefined,
			'null',
			'/v1/Calls.json?PageSize=2',
			'/v1/Calls.json?After=',
			'/v1/x?XAfter=abc',
		]) {
			assert.equal(page(uri).next, null, String(uri));
		}
		assert.equal(page('/x?After=a&Before=b').next, 'After=a');
		assert.equal(page('/x?Before=b').next, null);
		assert.equal(page('/x?After=a', []).next, null);
		assert.equal(page('/x?After=a%2Bb%2fc%3D%3D#top').next, 'After=a+b/c==');
		assert.equal(page('/x?PageSize=2&After=a+b==').next, 'After=a+b==');
	});

	it('hands back a cursor of any form, and never takes one it cannot hand back for the last page', () => {
		const page = (cursor: string) =>
			listCalls.read(
				answer(JSON.stringify({ Metadata: { NextPageUri: `/x?After=${cursor}` }, Calls: [{ Sid: 'x' }] })),
				singapore,
			).next;
		for (const cursor of ['eyJhIjoxfQ.c2ln', '1577984407,06d8fb', '1577984407:06d8', '1577984407%2C06d8', 'a~b']) {
			const asked = new URL(url({ ...day, cursor: page(cursor) ?? '' }));
			assert.equal(asked.searchParams.get('After'), decodeURIComponent(cursor));
		}
		for (const cursor of ['A'.repeat(513), 'a|b"%25'])
			assert.equal(page(cursor), `After=${decodeURIComponent(cursor)}`);
		for (const cursor of ['A'.repeat(2_049), 'a%0Ab', '%E2%82%AC', 'a%20b'])
			assert.throws(() => page(cursor), { name: 'ExotelError', kind: 'exotel', hint: /After/ });
	});

	it('takes missing parts and odd items in its stride', () => {
		assert.deepEqual(listCalls.read(answer('{"Metadata":{},"Calls":null}'), singapore), {
			calls: [],
			rawCalls: [],
			next: null,
		});
		assert.deepEqual(listCalls.read(answer('{"Calls":[]}'), singapore).calls, []);
		const odd = listCalls.read(answer('{"Calls":[{"Sid":"a"},null,{"Sid":""},7,{"Call":{"Sid":"b"}}]}'), singapore);
		assert.deepEqual(
			[odd.calls.map((call) => call.sid), odd.rawCalls],
			[
				['a', 'b'],
				[{ Sid: 'a' }, { Call: { Sid: 'b' } }],
			],
		);
		assert.deepEqual(
			listCalls.read(answer('{"Calls":{"Sid":"only"}}'), singapore).calls.map((call) => call.sid),
			['only'],
		);
	});

	it('refuses anything else', async () => {
		for (const body of ['', '{}', '[]', '<html>', '{"Metadata":1}'])
			assert.match(refused(() => listCalls.read(answer(body), singapore)).message, /instead of a list of calls/);
		const badRange = answer('{"RestException":{"Status":400,"Message":"bad range"}}', 400);
		assert.equal((await failedWith(listCalls, {}, badRange)).kind, 'input');
	});

	it('refuses a page that no server of Exotel gives', () => {
		const page = (count: number) => JSON.stringify({ Metadata: {}, Calls: Array(count).fill({ Sid: 'x' }) });
		assert.equal(listCalls.read(answer(page(1_000)), singapore).calls.length, 1_000);
		assert.throws(() => listCalls.read(answer(page(1_001)), singapore), /instead of a page of calls/);
	});
});

/** Reading calls, numbers, ExoPhones and recordings over v1, against the samples of seed 004. */
import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import { ACCOUNT, CREDENTIALS, EXOPHONE, FROM, Line, TO } from './telephone-line';
import { assertLikeSample, fixture, kindOf } from './samples';
import { must } from './must';

describe('simulator: v1 details, numbers, ExoPhones, recordings', () => {
	let line: Line;

	beforeEach(async () => {
		line = await Line.open();
	});
	afterEach(() => line.close());

	it('answers call details as seed 004 does, with and without legs, in JSON and XML', async () => {
		const sid = await line.placed({ Record: 'true' });
		await line.simulator.advance(60);
		assertLikeSample((await line.v1('GET', `/Calls/${sid}.json`)).json, 'v1-details-json');
		assertLikeSample((await line.v1('GET', `/Calls/${sid}.json?details=true`)).json, 'v1-details-legs-json');
		const xml = await line.v1('GET', `/Calls/${sid}?details=true`);
		assert.deepEqual(shape(xml.text), shape(fixture('v1-details-legs-xml').sample as string));
		assert.match(xml.text, /<CallerName><\/CallerName>/, 'empty elements are pairs in details');
	});

	it('shows a running call without end, an unknown one as 404, a foreign one as unknown', async () => {
		const sid = await line.placed();
		await line.simulator.advance(5);
		const { Call: call } = (await line.v1('GET', `/Calls/${sid}.json?details=true`)).json;
		assert.deepEqual([call.Status, call.EndTime, call.Duration, call.Price], ['in-progress', null, null, null]);
		assert.deepEqual([call.Details.Leg1Status, call.Details.Leg2Status], ['in-progress', 'in-progress']);
		const unknown = await line.v1('GET', '/Calls/00000000000000000000000000000000.json');
		assert.deepEqual(
			[unknown.status, unknown.json],
			[404, { RestException: { Status: 404, Message: 'No matching results' } }],
		);
		assert.equal((await line.request('GET', `/v1/Accounts/someone-else/Calls/${sid}.json`)).status, 404);
	});

	it('can be told to show figures as numbers, other blanks, other number forms, late details', async () => {
		const other = await Line.open({
			quirks: {
				numericStrings: false,
				blanks: 'null',
				numberForm: 'e164',
				uriWithJson: false,
				detailsDelaySeconds: 120,
			},
		});
		try {
			const placed = (await other.place()).json.Call;
			assert.deepEqual([placed.From, placed.PhoneNumberSid], [FROM, '+918047115777']);
			assert.equal(placed.Uri, `/v1/Accounts/${ACCOUNT}/Calls/${placed.Sid}`);
			await other.simulator.advance(60);
			const early = (await other.v1('GET', `/Calls/${placed.Sid}.json`)).json.Call;
			assert.deepEqual(
				[early.Status, early.EndTime, early.Duration, early.CallerName],
				['completed', null, null, null],
			);
			await other.simulator.advance(90);
			const late = (await other.v1('GET', `/Calls/${placed.Sid}.json?details=true`)).json.Call;
			assert.deepEqual([late.Duration, late.Price, late.Details.Legs[0].Leg.Id], [10, 1.5, 1]);
			assert.equal(kindOf(late.EndTime), 'naive stamp');
		} finally {
			await other.close();
		}
	});

	it('looks numbers up: the sample exactly as documented, others always the same', async () => {
		assert.deepEqual((await line.v1('GET', '/Numbers/XXXXX30240.json')).json, fixture('v1-number-json').sample);
		const xml = await line.v1('GET', '/Numbers/XXXXX30240');
		assert.match(xml.text, /Daman &amp; Diu/, 'escaped');
		assert.deepEqual(
			new XMLParser({ parseTagValue: false }).parse(xml.text).TwilioResponse.Numbers,
			(fixture('v1-number-json').sample as any).Numbers,
		);
		const forms = await Promise.all(
			['09812345678', '9812345678', '%2B919812345678', '+919812345678'].map((form) =>
				line.v1('GET', `/Numbers/${form}.json`),
			),
		);
		for (const form of forms) assert.deepEqual(form.json, must(forms[0]).json);
		assert.equal(must(forms[0]).json.Numbers.PhoneNumber, '09812345678');
		const about = async (number: string): Promise<string> => {
			const { Type, Circle, Operator } = (await line.v1('GET', `/Numbers/${number}.json`)).json.Numbers;
			return [Type, Circle, Operator].join(' ');
		};
		assert.equal(await about('08047115777'), 'Landline KA B', 'an ExoPhone of Bangalore');
		assert.equal(await about('01130831234'), 'Landline DL MT');
		assert.equal(await about('01202441234'), 'Landline DL MT', 'seed 004: DL includes Noida');
		assert.equal(await about('02512441234'), 'Landline MU MT', 'seed 004: MU includes Kalyan');
		assert.equal(await about('07122441234'), 'Landline MH B');
		assert.equal(await about('05222441234'), 'Landline UE B');
		assert.equal(await about('05952441234'), 'Landline Unavailable B', 'an STD code that is not listed');
		for (const mobile of ['08080111234', '07900012345', '07121441234', '09812345678', '06380123456'])
			assert.match(await about(mobile), /^Mobile [A-Z]{2,3} [A-Z]{1,2}$/, mobile);
		assert.equal((await line.v1('GET', '/Numbers/%2B14155550100.json')).status, 400);
	});

	it('lists ExoPhones over v2_beta and v1 and assigns one to a flow', async () => {
		const list = (await line.request('GET', `/v2_beta/Accounts/${ACCOUNT}/IncomingPhoneNumbers`)).json;
		assert.deepEqual(
			list.incoming_phone_numbers.map((phone: any) => phone.phone_number),
			['+918047112233', '+918047112345', '+918047115777'],
		);
		assert.deepEqual([list.page, list.page_size, list.next_page_uri, list.previous_page_uri], [0, 50, null, null]);
		const path = `/v2_beta/Accounts/${ACCOUNT}/IncomingPhoneNumbers/08047112233`;
		const changed = await line.request(
			'PUT',
			path,
			new URLSearchParams({
				FriendlyName: 'Sales',
				VoiceUrl: 'http://my.exotel.com/Exotel/exoml/start_voice/926',
			}),
		);
		assert.equal(changed.json.friendly_name, 'Sales');
		assert.deepEqual((await line.request('GET', path)).json, changed.json);
		assert.equal((await line.request('GET', `${path}9`)).json.RestException.Status, 404);
		const v1 = (await line.v1('GET', '/IncomingPhoneNumbers.json')).json;
		assert.equal(v1.IncomingPhoneNumbers[2].IncomingPhoneNumber.PhoneNumber, EXOPHONE);
		assert.equal((await line.v1('GET', '.json')).json.Account.Sid, ACCOUNT);
	});

	it('has recordings that download after a delay, with credentials or a pre-signed link only', async () => {
		const sid = await line.placed({ Record: 'true' });
		await line.simulator.advance(14);
		const { RecordingUrl: url } = (await line.v1('GET', `/Calls/${sid}.json`)).json.Call;
		const download = (target: string, authorization?: string) =>
			fetch(target, { headers: authorization ? { Authorization: authorization } : {} });
		assert.equal((await download(url, CREDENTIALS)).status, 404, 'too early');
		await line.simulator.advance(5);
		assert.equal((await download(url)).status, 401);
		const sound = await download(url, CREDENTIALS);
		assert.equal(sound.headers.get('content-type'), 'audio/mpeg');
		const bytes = Buffer.from(await sound.arrayBuffer());
		assert.equal(bytes.length, Math.ceil((6 * 8000) / 576) * 72, '6 s in frames of 576 samples');
		for (let frame = 0; frame < bytes.length; frame += 72)
			assert.equal(bytes.readUInt32BE(frame), 0xffe318c4, 'MPEG-2.5 Layer III, 8 kbit/s, 8 kHz, mono');

		assert.equal((await line.v1('GET', `/Calls/${sid}.json?RecordingUrlValidity=4`)).status, 400);
		assert.equal((await line.v1('GET', `/Calls/${sid}.json?RecordingUrlValidity=61`)).status, 400);
		const { PreSignedRecordingUrl: link } = (await line.v1('GET', `/Calls/${sid}.json?RecordingUrlValidity=5`)).json
			.Call;
		assert.equal((await download(link)).status, 200);
		assert.equal(
			(await download(link.replace(/Expires=\d+/, 'Expires=99999999999'))).status,
			403,
			'a changed link',
		);
		await line.simulator.advance(301);
		assert.equal((await download(link)).status, 403, 'an expired link');
	});

	it('has no recording when nobody talked or nobody asked for one', async () => {
		const silent = await line.placed({ Record: 'true', To: '+919812345601' });
		const unrecorded = await line.placed();
		await line.simulator.advance(60);
		for (const sid of [silent, unrecorded]) {
			assert.equal((await line.v1('GET', `/Calls/${sid}.json`)).json.Call.RecordingUrl, '');
			assert.equal((await line.request('GET', `/exotelrecordings/${ACCOUNT}/${sid}.mp3`)).status, 404);
		}
	});

	it('keeps accounts apart', async () => {
		const other = (path: string) => line.request('GET', `/v1/Accounts/other${path}`);
		const sid = await line.placed({ Record: 'true', To: TO });
		await line.simulator.advance(60);
		assert.equal((await other('/Calls.json')).json.Metadata.Total, 0);
		assert.equal((await line.v1('GET', '/Calls.json')).json.Metadata.Total, 1);
		assert.equal((await line.request('GET', `/exotelrecordings/other/${sid}.mp3`)).status, 404);
		assert.equal((await line.control('GET', `/calls/${sid}?account=other`)).status, 404);
	});
});

function shape(xml: string): unknown {
	const walk = (nodes: any[]): unknown =>
		nodes
			.filter((node) => !('?xml' in node))
			.map((node) => {
				const name = must(Object.keys(node)[0]);
				if (name === 'AccountSid') return [name];
				return name === '#text' ? kindOf(node[name]) : [name, walk(node[name])];
			});
	return walk(new XMLParser({ preserveOrder: true, parseTagValue: false }).parse(xml) as any[]);
}

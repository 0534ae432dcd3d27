/** The double against the samples of the seeds: making a call and reading it, v1 and v2. */
import assert from 'node:assert/strict';
import { startDouble, type Double } from './index';
import { api, connect, connected, makeCall, people } from './client';
import { sampleJson, sampleText, shape, xmlShape } from './samples';

const json = (text: string): Record<string, Record<string, unknown>> =>
	JSON.parse(text) as Record<string, Record<string, unknown>>;

describe('double: v1', () => {
	let double: Double;
	beforeEach(async () => {
		double = await startDouble();
	});
	afterEach(() => double.close());

	it('answers the POST as the samples, in JSON and XML (seed 004)', async () => {
		const answer = await connect(double);
		assert.equal(answer.headers['content-type'], 'application/json');
		assert.deepEqual(shape(JSON.parse(answer.body)), shape(sampleJson('004-connect.json')));
		assert.deepEqual(xmlShape((await connect(double, {}, '')).body), xmlShape(sampleText('004-connect.xml')));
	});

	it('connects to a flow as the samples (seed 004)', async () => {
		const flow = { To: '', Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926' };
		assert.deepEqual(shape(JSON.parse((await connect(double, flow)).body)), shape(sampleJson('004-flow.json')));
		assert.deepEqual(xmlShape((await connect(double, flow, '')).body), xmlShape(sampleText('004-flow.xml')));
		assert.equal(double.rings.get(people.customer), undefined);
	});

	it('answers with national numbers and reports them as they were sent', async () => {
		const { Call } = json((await connect(double)).body);
		assert.deepEqual([Call?.From, Call?.To, Call?.PhoneNumberSid], ['09812300002', '09812300003', '08045680001']);
		assert.deepEqual([double.calls[0]?.from, double.calls[0]?.to], [people.agent, people.customer]);
	});

	it('reads a call as the samples, with and without details (seed 004)', async () => {
		const sid = await connected(double, { Record: 'true' });
		const read = async (suffix: string): Promise<string> =>
			(await api(double, 'GET', `/v1/Accounts/Exotel/Calls/${sid}${suffix}`)).body;
		assert.deepEqual(shape(JSON.parse(await read('.json'))), shape(sampleJson('004-call.json')));
		assert.deepEqual(
			shape(JSON.parse(await read('.json?details=true'))),
			shape(sampleJson('004-call-details.json')),
		);
		assert.deepEqual(xmlShape(await read('?details=true')), xmlShape(sampleText('004-call-details.xml')));
		// The sample of the plain XML is an inbound call.
		const inbound = double.addCall({
			kind: 'inbound',
			from: people.customer,
			exoPhone: '+918045680001',
			record: true,
		});
		const plain = await api(double, 'GET', `/v1/Accounts/Exotel/Calls/${inbound.sid}`);
		assert.deepEqual(xmlShape(plain.body), xmlShape(sampleText('004-call.xml')));
	});

	it('makes the end of a call follow from its legs', async () => {
		double.nextCall({ legs: [{ status: 'completed' }, { status: 'busy', ring: 6 }] });
		const sid = await connected(double);
		const { Call } = json((await api(double, 'GET', `/v1/Accounts/Exotel/Calls/${sid}.json?details=true`)).body);
		assert.deepEqual([Call?.Status, Call?.Duration, Call?.RecordingUrl], ['busy', '10', '']);
		assert.deepEqual(Call?.Details, {
			ConversationDuration: 0,
			Leg1Status: 'completed',
			Leg2Status: 'busy',
			Legs: [{ Leg: { Id: '1', OnCallDuration: 6 } }, { Leg: { Id: '2', OnCallDuration: 0 } }],
		});
	});

	it('lets a call run on for some reads, and fills it in late (seed 004, "updated asynchronously")', async () => {
		double.nextCall({ liveReads: 1, terminal: { lateReads: 1 } });
		const sid = await connected(double);
		const read = async (): Promise<unknown[]> => {
			const { Call } = json((await api(double, 'GET', `/v1/Accounts/Exotel/Calls/${sid}.json`)).body);
			return [Call?.Status, Call?.Duration];
		};
		assert.deepEqual(
			[await read(), await read(), await read()],
			[
				['in-progress', null],
				['completed', null],
				['completed', '17'],
			],
		);
	});

	it('tells of a number as the samples (seed 004)', async () => {
		const answer = await api(double, 'GET', '/v1/Accounts/Exotel/Numbers/%2B919812300003.json');
		assert.deepEqual(shape(JSON.parse(answer.body)), shape(sampleJson('004-numbers.json')));
		assert.equal(json(answer.body).Numbers?.PhoneNumber, '09812300003');
		const xml = await api(double, 'GET', '/v1/Accounts/Exotel/Numbers/09812300003');
		assert.deepEqual(xmlShape(xml.body), xmlShape(sampleText('004-numbers.xml')));
	});

	it('takes form-data, urlencoded and the query, and records the bytes', async () => {
		const fields = { From: people.agent, To: people.customer, CallerId: '08045680001', CustomField: 'näh & gut' };
		const query = new URLSearchParams(fields).toString();
		assert.equal((await api(double, 'POST', `/v1/Accounts/Exotel/Calls/connect.json?${query}`)).status, 200);
		const parts = Object.entries(fields).map(
			([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
		);
		const body = `${parts.join('')}--b--\r\n`;
		const multipart = { body, type: 'multipart/form-data; boundary=b' };
		assert.equal((await api(double, 'POST', '/v1/Accounts/Exotel/Calls/connect.json', multipart)).status, 200);
		assert.deepEqual(
			double.calls.map((call) => call.customField),
			['näh & gut', 'näh & gut'],
		);
		assert.equal(double.requests[0]?.query, query);
		assert.equal(double.requests[1]?.text, body);
		assert.equal(
			(
				await api(double, 'POST', '/v1/Accounts/Exotel/Calls/connect.json', {
					body: '{}',
					type: 'application/json',
				})
			).status,
			400,
		);
	});

	const refused: Array<[string, Record<string, string>]> = [
		['no From', { From: '' }],
		['no To', { To: '' }],
		['no CallerId', { CallerId: '' }],
		['To and Url', { Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926' }],
		["another account's ExoPhone", { CallerId: '08099999999' }],
		["another account's flow", { To: '', Url: 'http://my.exotel.com/other/exoml/start_voice/926' }],
		['letters for a number', { To: 'customer' }],
		['a TimeLimit over 4 hours', { TimeLimit: '14401' }],
		['a TimeOut that is none', { TimeOut: '30s' }],
		['a CallType but trans', { CallType: 'promo' }],
		[
			'an event that does not exist',
			{ StatusCallback: 'http://a.example', 'StatusCallbackEvents[0]': 'completed' },
		],
		['an unknown content type', { StatusCallbackContentType: 'text/xml' }],
		['Record as 1', { Record: '1' }],
	];
	for (const [what, more] of refused) {
		it(`refuses ${what} and rings nobody`, async () => {
			const answer = await connect(double, more);
			assert.equal(answer.status, 400);
			assert.equal(json(answer.body).RestException?.Status, 400);
			assert.equal(double.rings.size, 0);
		});
	}

	it('notes parameters that no document knows, also other spellings of the events', async () => {
		await connected(double, {
			StatusCallback: 'http://a.example',
			StatusCallbackMethod: 'POST',
			'StatusCallbackEvents[]': 'terminal',
		});
		assert.deepEqual(double.calls[0]?.unknownParameters, ['StatusCallbackMethod', 'StatusCallbackEvents[]']);
		assert.deepEqual(double.calls[0]?.subscriptions, []);
	});

	it('asks for credentials and knows one account', async () => {
		const wrong = { headers: { Authorization: 'Basic eDp5' } };
		assert.equal((await api(double, 'GET', '/v1/Accounts/Exotel/Calls.json', wrong)).status, 401);
		assert.equal((await api(double, 'GET', '/v1/Accounts/other/Calls.json')).status, 404);
		assert.equal((await api(double, 'GET', '/v1/accounts/Exotel/Calls.json')).status, 404);
		assert.equal((await api(double, 'GET', `/v1/Accounts/Exotel/Calls/${'0'.repeat(32)}.json`)).status, 404);
	});

	it('keeps a recording behind the credentials', async () => {
		double.addCall({ from: people.agent, to: people.customer, exoPhone: '+918045680001', record: true });
		const path = `/exotelrecordings/Exotel/${double.calls[0]?.sid}.mp3`;
		const answer = await api(double, 'GET', path);
		assert.equal(answer.headers['content-type'], 'audio/mpeg');
		assert.match(answer.body, /^ID3/);
		assert.equal((await api(double, 'GET', path, { headers: { Authorization: '' } })).status, 401);
	});

	it('lists the ExoPhones flat in snake_case', async () => {
		const body = json((await api(double, 'GET', '/v2_beta/Accounts/Exotel/IncomingPhoneNumbers')).body);
		const phones = body.incoming_phone_numbers as unknown as Array<Record<string, unknown>>;
		assert.deepEqual(
			phones.map((phone) => phone.phone_number),
			['+918045680001', '+911130830002'],
		);
	});
});

describe('double: v2 (seed 001)', () => {
	let double: Double;
	beforeEach(async () => {
		double = await startDouble();
	});
	afterEach(() => double.close());

	it('answers POST and GET as the samples', async () => {
		const made = await makeCall(double, { custom_field: '12130y124b2f142', recording: true });
		assert.deepEqual(shape(JSON.parse(made.body)), shape(sampleJson('001-post.json')));
		const agent = double.account.agents[0];
		if (agent !== undefined) agent.name = 'Sarthak XXXX';
		double.account.addressBook.set(people.customer, 'Sarthak XXXXX');
		const read = await api(double, 'GET', `/v2/accounts/Exotel/calls/${double.calls[0]?.sid}`);
		assert.deepEqual(shape(JSON.parse(read.body)), shape(sampleJson('001-get.json')));
		assert.deepEqual([double.rings.get('+919953100001'), double.rings.get(people.customer)], [1, 1]);
	});

	const errors: Array<[string, Record<string, unknown>, number, number]> = [
		['no from', { from: {} }, 400, 1001],
		['no customer', { to: { number: people.customer } }, 400, 1001],
		['three channels', { recording_channels: 'both' }, 400, 1002],
		['an unknown user', { from: { user_id: 'x' } }, 404, 10731],
		['an unknown device', { from: { user_contact_uri: '+919953199999' } }, 404, 10702],
		['an unknown ExoPhone', { virtual_number: '+918099999999' }, 404, 10716],
	];
	for (const [what, more, status, code] of errors) {
		it(`answers ${what} with ${status} and ${code}`, async () => {
			const answer = await makeCall(double, more);
			const { response } = json(answer.body);
			assert.deepEqual([answer.status, response?.status, response?.data], [status, 'failure', null]);
			assert.equal((response?.error_data as Record<string, unknown>).code, code);
		});
	}

	it('marks an agent busy while a call runs', async () => {
		double.nextCall({ liveReads: 'until-told' });
		await makeCall(double);
		assert.equal((await makeCall(double)).status, 409);
		double.end(double.calls[0]?.sid ?? '');
		assert.equal((await makeCall(double)).status, 200);
	});

	it('knows no call of v1, no wrong key and no other account', async () => {
		const sid = await connected(double);
		assert.equal(
			(
				json((await api(double, 'GET', `/v2/accounts/Exotel/calls/${sid}`)).body).response?.error_data as {
					code: number;
				}
			).code,
			3043,
		);
		const denied = await api(double, 'GET', '/v2/accounts/Exotel/calls/x', {
			headers: { Authorization: 'Basic eDp5' },
		});
		assert.equal((json(denied.body).response?.error_data as { code: number }).code, 1010);
		const other = await api(double, 'GET', '/v2/accounts/other/calls/x');
		assert.equal((json(other.body).response?.error_data as { code: number }).code, 1017);
	});
});

/** Looking numbers up, and listing ExoPhones. */
import assert from 'node:assert/strict';
import { lookupNumber } from '../../../exotel/index';
import { circleNames, operatorNames } from '../../../exotel/operations/circles-and-operators';
import { listExoPhones } from '../../../exotel/operations/list-exophones';
import { failedWith } from '../scripted-transport';
import { answer, brokenRules, mumbai, refused, sample, singapore } from '../samples';

describe('looking a number up', () => {
	it('asks for the number in E.164, its plus encoded', () => {
		assert.deepEqual(lookupNumber.request(singapore, { number: '098123 45678' }), {
			method: 'GET',
			url: 'https://api.exotel.com/v1/Accounts/acme1/Numbers/%2B919812345678.json',
			headers: { accept: 'application/json' },
			placesCall: false,
			publicOnly: false,
			authenticate: true,
			responseType: 'text',
			resource: 'number',
		});
		assert.deepEqual(brokenRules(refused(() => lookupNumber.request(singapore, { number: '../Calls' }))), [
			'number: phone',
		]);
		assert.deepEqual(brokenRules(refused(() => lookupNumber.request(singapore, { number: 'sip:a@b' }))), [
			'number: phone',
		]);
		assert.deepEqual(brokenRules(refused(() => lookupNumber.request(singapore, {} as never))), [
			'number: required',
		]);
	});

	it('reads the documented answer, JSON and XML (seed 004)', () => {
		const circle = { code: 'GJ', name: 'Gujarat Telecom Circle (includes Daman & Diu, Dadra & Nagar Haveli)' };
		for (const name of ['seed-004-number-metadata.json', 'seed-004-number-metadata.xml']) {
			const { raw, ...details } = lookupNumber.read(answer(sample(name)), singapore);
			assert.deepEqual(details, {
				number: '0XXXXX30240',
				circle,
				operator: { code: 'R', name: 'Reliance' },
				type: 'mobile',
				dnd: true,
			});
			assert.equal(raw.CircleName, circle.name);
		}
	});

	it('brings the number into E.164, fills names in, and passes unknown codes and words on', () => {
		const read = (Numbers: object) =>
			lookupNumber.read(
				answer(JSON.stringify({ Numbers: { PhoneNumber: '09812345678', ...Numbers } })),
				singapore,
			);
		assert.equal(read({}).number, '+919812345678');
		assert.deepEqual(read({ Circle: 'KA', Operator: 'A' }), {
			number: '+919812345678',
			circle: { code: 'KA', name: 'Karnataka Telecom Circle' },
			operator: { code: 'A', name: 'Airtel' },
			type: null,
			dnd: null,
			raw: { PhoneNumber: '09812345678', Circle: 'KA', Operator: 'A' },
		});
		assert.deepEqual(
			[
				read({ Operator: 'RJIO', OperatorName: 'Jio' }).operator,
				read({ Operator: 'RJIO' }).operator,
				read({ Operator: 'toString' }).operator,
			],
			[
				{ code: 'RJIO', name: 'Jio' },
				{ code: 'RJIO', name: null },
				{ code: 'toString', name: null },
			],
		);
		assert.deepEqual(
			[read({ Circle: '', Operator: 'null' }).circle, read({ Operator: 'null' }).operator],
			[null, null],
		);
		assert.deepEqual(
			['Yes', 'no', 'Unavailable', '', 7].map((DND) => read({ DND }).dnd),
			[true, false, null, null, null],
		);
		assert.deepEqual(
			[read({ Type: 'Landline' }).type, read({ Type: 'Satellite' }).type],
			['landline', 'satellite'],
		);
	});

	it('refuses an answer without a number', async () => {
		for (const body of [
			'',
			'{}',
			'{"Numbers":null}',
			'{"Numbers":{"Circle":"KA"}}',
			'{"Numbers":{"PhoneNumber":""}}',
		]) {
			assert.match(
				refused(() => lookupNumber.read(answer(body), singapore)).message,
				/instead of details of a number/,
			);
		}
		const forbidden = answer('{"RestException":{"Status":403,"Message":"x"}}', 403);
		assert.equal((await failedWith(lookupNumber, { number: '9812345678' }, forbidden)).kind, 'forbidden');
	});

	it('knows the documented circles and operators, older spellings included', () => {
		assert.equal(Object.keys(circleNames).length, 29);
		assert.equal(Object.keys(operatorNames).length, 18);
		assert.equal(circleNames.BY, circleNames.MU);
		assert.equal(circleNames.HA, circleNames.HR);
		assert.equal(circleNames.ND, circleNames.DL);
		assert.equal(circleNames.UPE, circleNames.UE);
		assert.equal(circleNames.UPW, circleNames.UW);
		assert.deepEqual(
			[circleNames.TN, operatorNames.VI, operatorNames.AL, operatorNames.V],
			[
				'Tamil Nadu Telecom Circle (excludes CH Chennai, MEPZ, Mahabalipuram & Minjur and includes ' +
					'Pondicherry except Yanam & Mahe)',
				'Videocon',
				'Allianz',
				'Vodafone',
			],
		);
	});
});

describe('listing ExoPhones', () => {
	const listed = {
		sid: '08047112233',
		phone_number: '08047112233',
		friendly_name: 'Sales',
		country: 'IN',
		region: 'KA',
		capabilities: { voice: true, sms: false },
		voice_url: 'http://my.exotel.com/acme1/exoml/start_voice/926',
		new_field: 1,
	};

	it('asks on the voice host, page by page', () => {
		assert.deepEqual(listExoPhones.request(mumbai, {}), {
			method: 'GET',
			url: 'https://api.in.exotel.com/v2_beta/Accounts/acme1/IncomingPhoneNumbers',
			headers: { accept: 'application/json' },
			placesCall: false,
			publicOnly: false,
			authenticate: true,
			responseType: 'text',
		});
		assert.equal(
			listExoPhones.request(singapore, { page: 2 }).url,
			'https://api.exotel.com/v2_beta/Accounts/acme1/IncomingPhoneNumbers?Page=2',
		);
		assert.deepEqual(brokenRules(refused(() => listExoPhones.request(singapore, { page: -1 }))), ['page: min']);
	});

	it('reads the flat list of v2_beta and the wrapped one of v1', () => {
		assert.deepEqual(
			listExoPhones.read(answer(JSON.stringify({ page: 0, incoming_phone_numbers: [listed] })), singapore),
			[
				{
					number: '+918047112233',
					sid: '08047112233',
					friendlyName: 'Sales',
					country: 'IN',
					region: 'KA',
					voice: true,
					flowUrl: 'http://my.exotel.com/acme1/exoml/start_voice/926',
					raw: listed,
				},
			],
		);
		const v1 = {
			Sid: 'PN1',
			PhoneNumber: '08047112234',
			FriendlyName: '',
			Country: 'IN',
			Region: 'TN',
			VoiceUrl: 'http://f',
			Capabilities: { voice: false },
		};
		assert.deepEqual(
			listExoPhones.read(
				answer(JSON.stringify({ IncomingPhoneNumbers: [{ IncomingPhoneNumber: v1 }] })),
				singapore,
			),
			[
				{
					number: '+918047112234',
					sid: 'PN1',
					friendlyName: null,
					country: 'IN',
					region: 'TN',
					voice: false,
					flowUrl: 'http://f',
					raw: v1,
				},
			],
		);
	});

	it('leaves out items without a number and refuses answers without a list', async () => {
		assert.deepEqual(
			listExoPhones
				.read(
					answer('{"incoming_phone_numbers":[null,{},{"phone_number":""},7,{"phone_number":"08047112233"}]}'),
					singapore,
				)
				.map(({ number, voice, sid }) => [number, voice, sid]),
			[['+918047112233', null, null]],
		);
		assert.deepEqual(listExoPhones.read(answer('{"incoming_phone_numbers":[]}'), singapore), []);
		for (const body of ['', '{}', '[]', '<html>'])
			assert.match(
				refused(() => listExoPhones.read(answer(body), singapore)).message,
				/instead of a list of ExoPhones/,
			);
		const wrongKey = answer('{"RestException":{"Status":401,"Message":"x"}}', 401);
		assert.equal((await failedWith(listExoPhones, {}, wrongKey)).kind, 'auth');
	});
});

/** Call records of v1 and v2: every documented sample, and what is tolerated beyond them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Account, type Call, ExotelError } from '../../../exotel';
import { callFromV1 } from '../../../exotel/call/record-v1';
import { callFromV2 } from '../../../exotel/call/record-v2';
import { propertyRuns as numRuns } from '../samples';

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const folder = join(__dirname, '../../fixtures/exotel/records');

interface RecordFixture {
	source: string;
	note: string;
	reader: 'v1' | 'v2';
	record: unknown;
	expected: Call;
}

describe('documented call records', () => {
	for (const file of readdirSync(folder)) {
		const fixture = JSON.parse(readFileSync(join(folder, file), 'utf8')) as RecordFixture;
		it(`${file.replace('.json', '')} (${fixture.source})`, () => {
			assert.deepEqual(
				(fixture.reader === 'v1' ? callFromV1 : callFromV2)(fixture.record, account),
				fixture.expected,
			);
		});
	}
});

describe('callFromV1', () => {
	const v1 = (fields: object): Call => callFromV1({ Sid: 's1', ...fields }, account);

	it('keeps a call active on a running word even when an end is set, and ends an unknown word by its end', () => {
		assert.equal(v1({ Status: 'in-progress', EndTime: '2019-04-08 03:18:36' }).state, 'active');
		assert.equal(v1({ Status: 'evaporated', EndTime: '2019-04-08 03:18:36' }).state, 'ended');
		assert.equal(v1({ Status: 'evaporated', EndTime: '2019-04-08 03:18:36' }).status, 'evaporated');
		assert.equal(v1({ Status: 'evaporated' }).state, 'active');
		assert.equal(v1({ EndTime: '1970-01-01 05:30:00' }).state, 'active');
		assert.equal(v1({ Status: 'to_leg_unanswered' }).unansweredBy, 'to');
	});

	it('reads both directions in every vocabulary', () => {
		for (const word of ['inbound', 'incoming', 'Incoming'])
			assert.equal(v1({ Direction: word }).direction, 'inbound');
		for (const word of ['outbound-api', 'outbound-dial', 'outbound', '', undefined])
			assert.equal(v1({ Direction: word }).direction, 'outbound');
	});

	it('never takes the ExoPhone’s ID for its number', () => {
		const exoPhone = (fields: object) => {
			const call = v1(fields);
			return [call.exoPhone, call.exoPhoneSid];
		};
		const id = 'f3a9c2d04b1e4e0f9d1c5a7b8e6f0123';
		assert.deepEqual(exoPhone({ PhoneNumber: '08047115777', PhoneNumberSid: id }), ['+918047115777', id]);
		assert.deepEqual(exoPhone({ PhoneNumber: '', PhoneNumberSid: '08047115777' }), ['+918047115777', null]);
		assert.deepEqual(exoPhone({ PhoneNumberSid: '+918047115777' }), ['+918047115777', null]);
		assert.deepEqual(exoPhone({ PhoneNumberSid: '0XXXXXX4890' }), ['0XXXXXX4890', null]);
		for (const sid of [id, '8b9f1f6e-3c55-4be1-8d5a-9a4f50d43a10', '01234567890123456789012345678901'])
			assert.deepEqual(exoPhone({ PhoneNumberSid: sid }), [null, sid]);
		assert.deepEqual(exoPhone({ PhoneNumberSid: '' }), [null, null]);
	});

	it('gives every documented field a place', () => {
		const call = v1({
			AnsweredBy: 'Human',
			ForwardedFrom: '09812345678',
			CallerName: 'Asha',
			ParentCallSid: 'p1',
			Direction: 'outbound-dial',
			RecordingUrl: 'https://recordings.example.com/1.mp3',
		});
		assert.deepEqual(
			[call.answeredBy, call.forwardedFrom, call.callerName, call.parentSid, call.directionWord],
			['human', '+919812345678', 'Asha', 'p1', 'outbound-dial'],
		);
		assert.deepEqual(call.recordingUrls, ['https://recordings.example.com/1.mp3']);
	});

	it('takes "N/A" for no custom field', () => {
		assert.equal(v1({ CustomField: 'N/A' }).customField, null);
		assert.equal(v1({ CustomField: 'order 7' }).customField, 'order 7');
	});

	it('computes a missing duration from start and end', () => {
		assert.equal(v1({ StartTime: '2019-04-08 03:17:59', EndTime: '2019-04-08 03:18:36' }).durationSeconds, 37);
		assert.equal(
			v1({ StartTime: '2019-04-08 03:17:59', EndTime: '2019-04-08 03:18:36', Duration: '30' }).durationSeconds,
			30,
		);
	});

	it('reads legs in every wrapping and by their numbers', () => {
		const to = { party: 'to', status: 'busy', onCallSeconds: 0, ringingSeconds: 7, answeredBy: 'machine' };
		const entry = { Id: '2', OnCallDuration: '0', RingingDuration: '7', AnsweredBy: 'Machine', Status: 'busy' };
		const from = {
			party: 'from',
			status: 'completed',
			onCallSeconds: null,
			ringingSeconds: null,
			answeredBy: null,
		};
		for (const Legs of [[{ Leg: entry }], [entry], { Leg: entry }, { Leg: [entry] }]) {
			assert.deepEqual(v1({ Details: { Leg1Status: 'completed', Legs } }).legs, [from, to]);
		}
		assert.deepEqual(
			v1({ Legs: [{ OnCallDuration: 5 }, { Id: 3, OnCallDuration: 9 }, 'x'] }).legs.map(
				(leg) => leg.onCallSeconds,
			),
			[5, null],
		);
		assert.deepEqual(
			v1({ Details: { Leg2Status: 'busy', Legs: [{ Id: 2, Status: 'completed' }] } }).legs[1]?.status,
			'busy',
		);
		assert.deepEqual(v1({ Details: { Legs: '' } }).legs, []);
	});

	for (const record of [
		null,
		undefined,
		'text',
		7,
		[],
		{},
		{ Call: {} },
		{ Call: { Sid: '' } },
		{ RestException: { Status: 404 } },
	]) {
		it(`refuses ${JSON.stringify(record)}`, () => {
			for (const read of [callFromV1, callFromV2]) {
				assert.throws(
					() => read(record, account),
					(error: ExotelError) =>
						error instanceof ExotelError &&
						error.kind === 'exotel' &&
						error.hint !== '' &&
						/not a call record/.test(error.message),
				);
			}
		});
	}
});

describe('callFromV2', () => {
	const v2 = (fields: object): Call => callFromV2({ call_sid: 's2', ...fields }, account);
	const parties = {
		assigned_agent_details: {
			user_id: 'u1',
			name: 'Asha',
			contact_uri: 'sip:asha',
			group_id: 'g1',
			group_name: 'Sales',
			call_status: 'completed',
		},
		customer_details: { contact_uri: '09876543210', status: 'completed' },
	};

	it('gives every documented field a place, all recordings included', () => {
		const call = v2({
			...parties,
			customer_details: { ...parties.customer_details, contact_name: 'Ravi' },
			app_id: '926',
			app_name: 'Support',
			digits: '1-42',
			recordings: [{ url: 'https://r.example.com/1.mp3' }, { url: '' }, { url: 'https://r.example.com/2.mp3' }],
		});
		assert.deepEqual(
			[call.customerName, call.flowId, call.flowName, call.digits],
			['Ravi', '926', 'Support', '1-42'],
		);
		assert.equal(call.recordingUrl, 'https://r.example.com/1.mp3');
		assert.deepEqual(call.recordingUrls, ['https://r.example.com/1.mp3', 'https://r.example.com/2.mp3']);
		const many = Array.from({ length: 200 }, (_, index) => ({ url: `https://r.example.com/${index}.mp3` }));
		assert.equal(v2({ recordings: many }).recordingUrls.length, 50);
	});

	it('puts the agent first when the agent calls a customer', () => {
		const call = v2({ direction: 'outbound', ...parties });
		assert.deepEqual([call.from, call.to], ['sip:asha', '+919876543210']);
		assert.deepEqual(call.agent, {
			id: 'u1',
			name: 'Asha',
			contact: 'sip:asha',
			groupId: 'g1',
			groupName: 'Sales',
		});
		assert.deepEqual(
			call.legs.map((leg) => [leg.party, leg.status]),
			[
				['from', 'completed'],
				['to', 'completed'],
			],
		);
	});

	it('puts the customer first on inbound and flow calls', () => {
		for (const fields of [
			{ direction: 'inbound' },
			{ direction: 'outbound', app_id: '926' },
			{ direction: 'outbound', app_id: 926 },
		]) {
			const call = v2({ ...fields, ...parties });
			assert.deepEqual([call.from, call.to], ['+919876543210', 'sip:asha']);
		}
		const missed = v2({
			direction: 'inbound',
			call_state: 'terminal',
			call_status: 'agent_unanswered',
			...parties,
		});
		assert.deepEqual([missed.outcome, missed.unansweredBy], ['no-answer', 'to']);
	});

	it('reads an outbound call whose customer was not dialled', () => {
		const call = v2({
			direction: 'outbound',
			call_state: 'TERMINAL',
			call_status: 'agent_unanswered',
			assigned_agent_details: { contact_uri: '09812345678', status: 'busy' },
			customer_details: null,
		});
		assert.deepEqual(
			[call.state, call.outcome, call.unansweredBy, call.from, call.to],
			['ended', 'busy', 'from', '+919812345678', null],
		);
		assert.deepEqual(
			call.legs.map((leg) => leg.status),
			['busy', null],
		);
	});

	it('reads what a record without agent and customer says, and one with a customer only', () => {
		const plain = v2({ from: '09876543210', to: 'sip:asha', state: 'terminal', status: 'busy' });
		assert.deepEqual(
			[plain.from, plain.to, plain.legs, plain.status, plain.outcome],
			['+919876543210', 'sip:asha', [], 'busy', 'busy'],
		);
		const customer = v2({
			direction: 'outbound',
			customer_details: { contact_uri: '09876543210', status: 'busy' },
		});
		assert.deepEqual(
			[customer.from, customer.to, customer.agent, customer.legs.map((leg) => leg.status)],
			[null, '+919876543210', null, [null, 'busy']],
		);
	});

	it('ends a call by its state and not by its word', () => {
		assert.equal(v2({ call_state: 'active', call_status: 'completed' }).state, 'active');
		assert.equal(v2({ call_state: 'active', call_status: 'completed' }).outcome, null);
		assert.equal(v2({ call_state: 'terminal' }).outcome, 'unknown');
		assert.equal(v2({ call_state: null, state: 'Terminal' }).state, 'ended');
		assert.deepEqual(
			['customer_unanswered', 'completed', 'queued', null].map(
				(call_status) => v2({ call_state: null, call_status }).state,
			),
			['ended', 'ended', 'active', 'active'],
			'without a state its word tells',
		);
	});

	it('takes the first recording that has an address', () => {
		assert.equal(
			v2({ recordings: [{ url: '' }, null, { url: 'https://a/1.mp3' }, { url: 'https://a/2.mp3' }] })
				.recordingUrl,
			'https://a/1.mp3',
		);
		assert.equal(v2({ recordings: [] }).recordingUrl, null);
	});

	it('takes the total duration when it is there', () => {
		assert.equal(
			v2({ total_duration: 84, start_time: '2021-06-30T02:43:19+05:30', end_time: '2021-06-30T02:43:32+05:30' })
				.durationSeconds,
			84,
		);
	});
});

it('reads any record into a call or an ExotelError', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.anything(),
				fc.record({ Sid: fc.string(), Details: fc.anything(), Legs: fc.anything() }),
				fc.record({ call_sid: fc.anything(), recordings: fc.anything(), customer_details: fc.anything() }),
			),
			(record) => {
				for (const read of [callFromV1, callFromV2]) {
					try {
						assert.equal(typeof read(record, account).sid, 'string');
					} catch (error) {
						assert.ok(error instanceof ExotelError);
					}
				}
			},
		),
		{ numRuns },
	);
});

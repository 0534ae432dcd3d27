/**
 * Every answer that seeds 001 and 004 print, as JSON and as XML, becomes the call it describes; anything else an error.
 */
import assert from 'node:assert/strict';
import { getAgentCall } from '../../../exotel/operations/get-agent-call';
import { connectAgent, connectFlow, connectNumbers, getCall, type Call } from '../../../exotel/index';
import { emptyCall } from '../../../exotel/call/call';
import { answer, brokenRules, custom, mumbai, refused, sample, singapore } from '../samples';

const sid = 'b6cfaf5f5cef3ca0fc937749ef960e25';

/** The sample with the comma its page forgot after Leg2Status (seed 004, call details with details=true). */
const detailsSample = sample('seed-004-get-call-details.json').replace(
	'"Leg2Status": "completed" "Legs"',
	'"Leg2Status": "completed", "Legs"',
);

function pick(call: Call, ...names: (keyof Call)[]): unknown[] {
	return names.map((name) => call[name]);
}

describe('asking for one call', () => {
	it('writes the documented addresses', () => {
		assert.deepEqual(getCall.request(singapore, { sid }), {
			method: 'GET',
			url: `https://api.exotel.com/v1/Accounts/acme1/Calls/${sid}.json?details=true`,
			headers: { accept: 'application/json' },
			placesCall: false,
			publicOnly: false,
			authenticate: true,
			responseType: 'text',
			resource: 'call',
		});
		assert.equal(
			getCall.request(mumbai, { sid: ` ${sid} `, details: false }).url,
			`https://api.in.exotel.com/v1/Accounts/acme1/Calls/${sid}.json`,
		);
		assert.equal(
			getCall.request(singapore, { sid, recordingUrlValidityMinutes: 60 }).url,
			`https://api.exotel.com/v1/Accounts/acme1/Calls/${sid}.json?details=true&RecordingUrlValidity=60`,
		);
		assert.deepEqual(getAgentCall.request(singapore, { sid: '9133c5d2ad930f4c7ca43645e535157d' }), {
			method: 'GET',
			url: 'https://ccm-api.exotel.com/v2/accounts/acme1/calls/9133c5d2ad930f4c7ca43645e535157d',
			headers: { accept: 'application/json' },
			placesCall: false,
			publicOnly: false,
			authenticate: true,
			responseType: 'text',
			resource: 'call',
		});
		assert.equal(
			getAgentCall.request(mumbai, { sid }).url,
			`https://ccm-api.in.exotel.com/v2/accounts/acme1/calls/${sid}`,
		);
		assert.equal(getAgentCall.request(custom, { sid }).url, `http://127.0.0.1:4010/v2/accounts/acme1/calls/${sid}`);
	});

	it('refuses what can be no SID, and minutes out of range', () => {
		for (const odd of ['x', sid.toUpperCase(), sid.slice(1), `${sid}0`, 'a-b_c', 'z'.repeat(64)]) {
			assert.ok(getCall.request(singapore, { sid: odd }).url.includes(`/Calls/${odd}.json`));
			assert.ok(getAgentCall.request(singapore, { sid: odd }).url.endsWith(`/calls/${odd}`));
		}
		for (const bad of [
			'',
			'z'.repeat(65),
			`${sid} ${sid}`,
			`${sid}/`,
			`${sid}.json?details=false`,
			'../../../v1/Accounts/other/Calls/xx',
		]) {
			assert.deepEqual(
				brokenRules(refused(() => getCall.request(singapore, { sid: bad }))),
				[bad === '' ? 'sid: required' : 'sid: pattern'],
				bad,
			);
			assert.equal(refused(() => getAgentCall.request(singapore, { sid: bad })).kind, 'input');
		}
		assert.deepEqual(
			brokenRules(refused(() => getCall.request(singapore, { sid, recordingUrlValidityMinutes: 4 }))),
			['recordingUrlValidityMinutes: min'],
		);
		assert.deepEqual(
			brokenRules(refused(() => getCall.request(singapore, { sid, recordingUrlValidityMinutes: 61 }))),
			['recordingUrlValidityMinutes: max'],
		);
		assert.equal(
			getCall.request(singapore, { sid, recordingUrlValidityMinutes: 5 }).url.endsWith('RecordingUrlValidity=5'),
			true,
		);
	});
});

describe('reading one call', () => {
	it('reads the answer of placing a call between two numbers (seed 004)', () => {
		const fromJson = connectNumbers.read(answer(sample('seed-004-connect-numbers.json')), singapore);
		assert.deepEqual(fromJson, {
			...emptyCall('c5797dcbaaeed7678c4062a4a3ed2f8a', 'v1'),
			directionWord: 'outbound-api',
			status: 'in-progress',
			from: '0XXXXX30240',
			to: '0XXXXX38847',
			exoPhone: '0XXXXXX4890',
			createdAt: '2017-03-03T10:48:33+05:30',
			startedAt: '2017-03-03T10:48:33+05:30',
			updatedAt: '2017-03-03T10:48:33+05:30',
		});
		const fromXml = connectNumbers.read(answer(sample('seed-004-connect-numbers.xml')), singapore);
		assert.deepEqual(pick(fromXml, 'sid', 'state', 'status', 'endedAt', 'price', 'to', 'recordingUrl'), [
			'06caf2045009d50fbb1da5b5926d2e2f',
			'active',
			'in-progress',
			null,
			null,
			'0XXXXX40682',
			null,
		]);
	});

	it('reads the answer of placing a call to a flow (seed 004)', () => {
		const fromJson = connectFlow.read(answer(sample('seed-004-connect-flow.json')), singapore);
		assert.deepEqual(pick(fromJson, 'sid', 'state', 'startedAt', 'createdAt'), [
			'80bfbec2d78bbbf10fb851f4fa165211',
			'active',
			'2017-03-03T12:30:27+05:30',
			'2017-03-03T12:30:24+05:30',
		]);
		assert.equal(
			connectFlow.read(answer(sample('seed-004-connect-flow.xml')), singapore).sid,
			'db05188d0f6cf980cdcef8992c2b8cd4',
		);
	});

	it('reads a call with and without its legs (seed 004)', () => {
		const plain = getCall.read(answer(sample('seed-004-get-call.json')), singapore);
		assert.deepEqual(pick(plain, 'sid', 'state', 'outcome', 'durationSeconds', 'price', 'direction', 'endedAt'), [
			sid,
			'ended',
			'answered',
			17,
			1.5,
			'outbound',
			'2016-11-29T15:59:27+05:30',
		]);
		assert.equal(plain.recordingUrl, `https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme1/${sid}.mp3`);
		const plainXml = getCall.read(answer(sample('seed-004-get-call.xml')), singapore);
		assert.deepEqual(pick(plainXml, 'sid', 'state', 'durationSeconds', 'price', 'direction', 'customField'), [
			sid,
			'ended',
			17,
			0.75,
			'inbound',
			null,
		]);

		const withLegs = getCall.read(answer(detailsSample), singapore);
		assert.deepEqual(pick(withLegs, 'sid', 'talkSeconds', 'durationSeconds'), [
			'b6cfaf5f5cef3ca0fc937749ef96d245',
			8,
			17,
		]);
		assert.deepEqual(
			withLegs.legs.map(({ party, status, onCallSeconds }) => [party, status, onCallSeconds]),
			[
				['from', 'completed', 21],
				['to', 'completed', 8],
			],
		);
		const withLegsXml = getCall.read(answer(sample('seed-004-get-call-details.xml')), singapore);
		assert.deepEqual({ ...withLegsXml }, { ...withLegs });
	});

	it('reads the v2 answers (seed 001), as an object or inside a list', () => {
		const placed = connectAgent.read(answer(sample('seed-001-connect-agent.json')), singapore);
		assert.deepEqual(pick(placed, 'sid', 'api', 'state', 'status', 'outcome', 'customField', 'startedAt'), [
			'9133c5d2ad930f4c7ca43645e535157d',
			'v2',
			'active',
			null,
			null,
			'12130y124b2f142',
			'2021-07-13T17:56:48+05:30',
		]);
		const read = getAgentCall.read(answer(sample('seed-001-get-agent-call.json')), singapore);
		assert.deepEqual(pick(read, 'sid', 'state', 'status', 'outcome', 'talkSeconds', 'endedAt'), [
			'72827ead13a355d334338f53af71157s',
			'ended',
			'completed',
			'answered',
			7,
			'2021-07-28T03:07:32+05:30',
		]);
		assert.equal(read.agent?.name, 'Sarthak XXXX');
		const envelope = JSON.parse(sample('seed-001-get-agent-call.json')) as { response: unknown };
		assert.deepEqual(
			getAgentCall.read(answer(JSON.stringify({ ...envelope, response: [envelope.response] })), singapore),
			read,
		);
	});

	it('says what it got when it got no call', () => {
		const cases: [string | Uint8Array, RegExp][] = [
			['', /returned nothing instead of a call \(HTTP 200\)/],
			['   ', /returned nothing/],
			['<!DOCTYPE html><html>secret</html>', /returned a web page instead of a call/],
			['<html><body>secret</body></html>', /returned a web page/],
			['<a><b></a>', /returned a web page/],
			['ok', /returned plain text/],
			['{"Call":', /returned plain text/],
			['{"Call":null}', /returned data of another shape/],
			['{"Call":{"Sid":""}}', /returned data of another shape/],
			['[]', /returned data of another shape/],
			['<TwilioResponse><Calls/></TwilioResponse>', /returned XML of another shape/],
			[new Uint8Array([1]), /returned a file/],
			[sample('seed-004-get-call-details.json'), /returned plain text/],
		];
		for (const [body, message] of cases) {
			const error = refused(() => getCall.read(answer(body), singapore));
			assert.deepEqual([error.kind, error.httpStatus, error.raw], ['exotel', 200, null]);
			assert.match(error.message, message);
			assert.match(error.hint, /region or base URL/);
			assert.ok(!error.message.includes('secret'));
		}
		for (const body of [
			'',
			'{}',
			'{"response":null}',
			'{"response":[]}',
			'{"response":{"status":"success","data":null}}',
			'{"response":{"status":"success","data":{"call_sid":""}}}',
		]) {
			const error = refused(() => getAgentCall.read(answer(body), singapore));
			assert.equal(error.kind, 'exotel');
			assert.match(error.message, /instead of a call/);
		}
	});
});

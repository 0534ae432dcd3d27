/** Requests that connect a flow, or an agent to a customer: byte for byte as documented. */
import assert from 'node:assert/strict';
import { connectAgent, connectFlow } from '../../../exotel/index';
import { brokenRules, mumbai, refused, sample, singapore, unmasked } from '../samples';
import { parts } from './placing';

describe('connect to a flow', () => {
	const call = { from: '+919413740001', exoPhone: '01130830003', flowId: '926' };

	it('reproduces the documented request (seed 004)', () => {
		const documented = parts(sample('seed-004-connect-flow.curl'));
		const given = Object.fromEntries(documented);
		assert.deepEqual(Object.keys(given), ['From', 'CallerId', 'Url']);
		const request = connectFlow.request(
			{ ...singapore, sid: 'Exotel' },
			{ from: '9777730240', exoPhone: given.CallerId ?? '', flowId: '926' },
		);
		assert.equal(
			request.body,
			`From=%2B919777730240&CallerId=${given.CallerId}&Url=${encodeURIComponent(given.Url ?? '')}`,
		);
		assert.deepEqual(
			[request.method, request.url, request.placesCall, request.authenticate],
			['POST', 'https://api.exotel.com/v1/Accounts/Exotel/Calls/connect.json', true, true],
		);
		assert.deepEqual(request.headers, {
			accept: 'application/json',
			'content-type': 'application/x-www-form-urlencoded',
		});
		assert.equal(
			connectFlow.request(
				{ ...singapore, sid: 'Exotel' },
				{ from: call.from, exoPhone: call.exoPhone, flowUrl: given.Url ?? '' },
			).body,
			`From=%2B919413740001&CallerId=01130830003&Url=${encodeURIComponent(given.Url ?? '')}`,
		);
	});

	it('says nothing of a recording that is off: seed 004 has no such parameter', () => {
		const bodyOf = (more: { record?: boolean }) => connectFlow.request(singapore, { ...call, ...more }).body;
		assert.equal(bodyOf({ record: false }), bodyOf({}));
	});

	it('sends every parameter in order', () => {
		assert.equal(
			connectFlow.request(mumbai, {
				...call,
				record: true,
				timeLimitSeconds: 60,
				ringTimeSeconds: 20,
				callType: 'trans',
				customField: 'a',
				statusCallbackUrl: 'https://e.com',
			}).body,
			[
				'From=%2B919413740001',
				'CallerId=01130830003',
				'Url=http%3A%2F%2Fmy.in.exotel.com%2Facme1%2Fexoml%2Fstart_voice%2F926',
				'CallType=trans',
				'TimeLimit=60',
				'TimeOut=20',
				'Record=true',
				'StatusCallback=https%3A%2F%2Fe.com',
				'CustomField=a',
			].join('&'),
		);
	});

	it('asks for neither events nor a format: flow calls take none (seed 004)', () => {
		const more = { statusCallbackEvents: ['terminal'], statusCallbackContentType: 'application/json' };
		const input = { ...call, statusCallbackUrl: 'https://e.com', ...more };
		assert.match(String(connectFlow.request(singapore, input).body), /&StatusCallback=https%3A%2F%2Fe.com$/);
	});

	it('wants exactly one way to name the flow', () => {
		assert.deepEqual(brokenRules(refused(() => connectFlow.request(singapore, { ...call, flowId: '' }))), [
			'flowId: required',
		]);
		assert.deepEqual(
			brokenRules(
				refused(() =>
					connectFlow.request(singapore, { ...call, flowUrl: 'http://my.exotel.com/a/exoml/start_voice/1' }),
				),
			),
			['flowUrl: one-of'],
		);
		assert.deepEqual(brokenRules(refused(() => connectFlow.request(singapore, { ...call, flowId: '9/2' }))), [
			'flowId: pattern',
		]);
		assert.deepEqual(
			brokenRules(refused(() => connectFlow.request(singapore, { ...call, flowId: '', flowUrl: 'nowhere' }))),
			['flowUrl: url'],
		);
		assert.deepEqual(brokenRules(refused(() => connectFlow.request(singapore, {} as never))), [
			'from: required',
			'exoPhone: required',
			'flowId: required',
		]);
		assert.equal(
			new URLSearchParams(connectFlow.request(singapore, { ...call, flowId: 926 as never }).body).get('Url'),
			'http://my.exotel.com/acme1/exoml/start_voice/926',
		);
	});
});

describe('connect an agent to a customer', () => {
	const call = { agentContact: '+919953120001', to: '+919953120002', exoPhone: '+918045680003' };

	it('reproduces the documented request (seed 001)', () => {
		const documented = JSON.parse(
			unmasked(/-d '(.*)'$/s.exec(sample('seed-001-connect-agent.curl'))?.[1] ?? ''),
		) as { from: { user_contact_uri: string }; to: { customer_contact_uri: string }; virtual_number: string };
		const request = connectAgent.request(singapore, {
			agentContact: documented.from.user_contact_uri,
			to: '+919953120002',
			exoPhone: documented.virtual_number,
			record: true,
			customField: '12130y124b2f142',
			statusCallbackUrl: 'https://your-server.com',
			statusCallbackEvents: ['answered', 'terminal'],
		});
		assert.equal(request.body, JSON.stringify({ ...documented, to: { customer_contact_uri: '+919953120002' } }));
		assert.deepEqual(
			{ ...request, body: undefined },
			{
				method: 'POST',
				url: 'https://ccm-api.exotel.com/v2/accounts/acme1/calls',
				headers: { accept: 'application/json', 'content-type': 'application/json' },
				body: undefined,
				placesCall: true,
				publicOnly: false,
				authenticate: true,
				responseType: 'text',
			},
		);
	});

	it('sends each event to an address of its own (seed 001, status_callback)', () => {
		const callbacks = (more: object): unknown =>
			JSON.parse(
				String(
					connectAgent.request(singapore, { ...call, statusCallbackUrl: 'https://e.com/end', ...more }).body,
				),
			).status_callback;
		const answered = { event: 'answered', url: 'https://e.com/answered' };
		const terminal = { event: 'terminal', url: 'https://e.com/end' };
		const own = { statusCallbackAnsweredUrl: answered.url };
		assert.deepEqual(callbacks(own), [answered, terminal]);
		assert.deepEqual(callbacks({ ...own, statusCallbackEvents: ['answered', 'terminal'] }), [answered, terminal]);
		assert.deepEqual(callbacks({ ...own, statusCallbackEvents: ['answered'] }), [answered]);
		assert.deepEqual(brokenRules(refused(() => connectAgent.request(singapore, { ...call, ...own }))), [
			'statusCallbackAnsweredUrl: depends-on',
		]);
	});

	it('sends every parameter in order', () => {
		const request = connectAgent.request(mumbai, {
			agentId: '12898c52',
			to: call.to,
			exoPhone: '080-4568 0003',
			record: true,
			recordingChannels: 'dual',
			waitAudioUrl: 'http://a/b.wav',
			timeLimitSeconds: 9,
			ringTimeSeconds: 8,
			customField: 'c',
			statusCallbackUrl: 'http://s',
		});
		assert.equal(request.url, 'https://ccm-api.in.exotel.com/v2/accounts/acme1/calls');
		assert.equal(
			request.body,
			'{"from":{"user_id":"12898c52"},"to":{"customer_contact_uri":"+919953120002"},' +
				'"virtual_number":"08045680003","recording":true,"recording_channels":"dual",' +
				'"wait_audio_url":"http://a/b.wav","max_time_limit":9,"attempt_time_out":8,"custom_field":"c",' +
				'"status_callback":[{"event":"terminal","url":"http://s"}]}',
		);
		assert.equal(
			connectAgent.request(singapore, { ...call, agentContact: 'SIP:agent1' }).body,
			'{"from":{"user_contact_uri":"sip:agent1"},"to":{"customer_contact_uri":"+919953120002"},' +
				'"virtual_number":"+918045680003"}',
		);
	});

	it('wants exactly one way to name the agent, and another number for the customer', () => {
		assert.deepEqual(brokenRules(refused(() => connectAgent.request(singapore, { ...call, agentContact: '' }))), [
			'agentContact: required',
		]);
		assert.deepEqual(
			brokenRules(refused(() => connectAgent.request(singapore, { ...call, agentContact: '', to: 'x' }))),
			['to: phone', 'agentContact: required'],
		);
		assert.deepEqual(
			brokenRules(
				refused(() => connectAgent.request(singapore, { agentId: 'a', exoPhone: call.exoPhone } as never)),
			),
			['to: required'],
		);
		assert.deepEqual(brokenRules(refused(() => connectAgent.request(singapore, { ...call, agentId: 'a' }))), [
			'agentId: one-of',
		]);
		assert.deepEqual(
			brokenRules(refused(() => connectAgent.request(singapore, { ...call, agentContact: 'x', agentId: '' }))),
			['agentContact: phone'],
		);
		assert.deepEqual(
			brokenRules(
				refused(() =>
					connectAgent.request(singapore, { to: call.to, exoPhone: call.exoPhone, agentId: 'a b' }),
				),
			),
			['agentId: pattern'],
		);
		assert.deepEqual(brokenRules(refused(() => connectAgent.request(singapore, { ...call, to: '09953120001' }))), [
			'to: different',
		]);
		assert.deepEqual(
			brokenRules(
				refused(() =>
					connectAgent.request(singapore, {
						...call,
						statusCallbackEvents: ['ringing'] as never,
						statusCallbackUrl: 'http://s',
					}),
				),
			),
			['statusCallbackEvents: choice'],
		);
	});
});

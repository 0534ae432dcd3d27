/**
 * The three requests that make phones ring: byte for byte as documented, refused before they exist when anything is
 * wrong.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { connectAgent, connectFlow, connectNumbers, type RawInputOf } from '../../../exotel/index';
import { brokenRules, custom, mumbai, refused, runs, sample, singapore, unmasked } from '../samples';

const two: RawInputOf<typeof connectNumbers> = { from: '+919413740001', to: '+918867990002', exoPhone: '01130830003' };

/** The `-d` parts of a curl sample, in order. */
function parts(curl: string): [string, string][] {
	return [...curl.matchAll(/-d "([^"=]+)=([^"]*)"/g)].map(([, name = '', value = '']) => [name, unmasked(value)]);
}

describe('connect two numbers', () => {
	it('reproduces the documented -d request (seed 004)', () => {
		const documented = parts(sample('seed-004-connect-numbers.curl'));
		assert.deepEqual(
			documented.map(([name]) => name),
			['From', 'To', 'CallerId', 'StatusCallback', 'StatusCallbackEvents[0]', 'StatusCallbackContentType'],
		);
		const given = Object.fromEntries(documented);
		const request = connectNumbers.request(singapore, {
			from: given.From ?? '',
			to: given.To ?? '',
			exoPhone: given.CallerId ?? '',
			statusCallbackUrl: given.StatusCallback ?? '',
			statusCallbackEvents: ['terminal'],
			statusCallbackContentType: 'application/json',
		});
		assert.equal(request.body, documented.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'));
		assert.equal(
			request.body,
			'From=%2B919413747777&To=%2B918867997777&CallerId=01130837777&StatusCallback=http%3A%2F%2Fyour-application.com%2Fexotel-callback&StatusCallbackEvents[0]=terminal&StatusCallbackContentType=application%2Fjson',
		);
		assert.deepEqual(
			{ ...request, body: undefined },
			{
				method: 'POST',
				url: 'https://api.exotel.com/v1/Accounts/acme1/Calls/connect.json',
				headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
				body: undefined,
				placesCall: true,
				authenticate: true,
				responseType: 'text',
			},
		);
	});

	it('holds every parameter of the documented --form request (seed 004)', () => {
		const documented = new Map(
			[...sample('seed-004-connect-numbers-form.curl').matchAll(/--form '([^=]+)="([^"]*)"'/g)].map(
				([, name = '', value = '']) => [name, value],
			),
		);
		const request = connectNumbers.request(singapore, {
			...two,
			statusCallbackUrl: documented.get('StatusCallback') ?? '',
			statusCallbackContentType: 'application/json',
			statusCallbackEvents: ['terminal', 'answered'],
			record: true,
		});
		const sent = new URLSearchParams(request.body);
		for (const [name, value] of documented)
			assert.equal(sent.get(name)?.replace(/^\+?\d+$/, 'number'), value.replace(/^\+?[\dX]+$/, 'number'), name);
		assert.equal(sent.size, documented.size);
	});

	it('sends every parameter under its name, in the order of the page, and nothing it was not given', () => {
		const request = connectNumbers.request(mumbai, {
			...two,
			record: true,
			recordingChannels: 'dual',
			recordingFormat: 'mp3-hq',
			timeLimitSeconds: 14_400,
			ringTimeSeconds: 30,
			waitAudioUrl: 'http://example.com/wait.wav',
			customField: 'order 1&2',
			playbackTo: 'both',
			playbackUrl: 'https://example.com/hi.wav',
			callType: 'trans',
			statusCallbackUrl: 'https://example.com/cb?token=a%20b',
			statusCallbackEvents: ['terminal', 'answered', 'ringing'],
			statusCallbackContentType: 'multipart/form-data',
		});
		assert.equal(request.url, 'https://api.in.exotel.com/v1/Accounts/acme1/Calls/connect.json');
		assert.equal(
			request.body,
			[
				'From=%2B919413740001',
				'To=%2B918867990002',
				'CallerId=01130830003',
				'CallType=trans',
				'TimeLimit=14400',
				'TimeOut=30',
				'WaitUrl=http%3A%2F%2Fexample.com%2Fwait.wav',
				'Record=true',
				'RecordingChannels=dual',
				'RecordingFormat=mp3-hq',
				'CustomField=order%201%262',
				'StartPlaybackTo=Both',
				'StartPlaybackValue=https%3A%2F%2Fexample.com%2Fhi.wav',
				'StatusCallback=https%3A%2F%2Fexample.com%2Fcb%3Ftoken%3Da%2520b',
				'StatusCallbackEvents[0]=terminal',
				'StatusCallbackEvents[1]=answered',
				'StatusCallbackEvents[2]=ringing',
				'StatusCallbackContentType=multipart%2Fform-data',
			].join('&'),
		);
		assert.equal(
			connectNumbers.request(custom, two).body,
			'From=%2B919413740001&To=%2B918867990002&CallerId=01130830003',
		);
		assert.equal(
			connectNumbers.request(custom, two).url,
			'http://127.0.0.1:4010/v1/Accounts/acme1/Calls/connect.json',
		);
		assert.match(connectNumbers.request(custom, { ...two, record: false }).body ?? '', /&Record=false$/);
		assert.match(
			connectNumbers.request(custom, { ...two, playbackTo: 'callee', playbackUrl: 'http://a/b.wav' }).body ?? '',
			/&StartPlaybackTo=Callee&StartPlaybackValue=http%3A%2F%2Fa%2Fb\.wav$/,
		);
	});

	it('takes numbers the way people write them', () => {
		const sent = (input: object) =>
			new URLSearchParams(connectNumbers.request(singapore, { ...two, ...input }).body);
		assert.equal(sent({ from: '094137 40001' }).get('From'), '+919413740001');
		assert.equal(sent({ from: 'sip:agent1@acme' }).get('From'), 'sip:agent1@acme');
		assert.equal(sent({ to: 8867990002 }).get('To'), '+918867990002');
		// The ExoPhone is sent as written, its separators aside; a form that is neither +… nor 0… becomes E.164.
		assert.equal(sent({ exoPhone: '+91 113083 0003' }).get('CallerId'), '+911130830003');
		assert.equal(sent({ exoPhone: '011-3083 0003' }).get('CallerId'), '01130830003');
		assert.equal(sent({ exoPhone: '1130830003' }).get('CallerId'), '+911130830003');
		assert.equal(sent({ exoPhone: '00911130830003' }).get('CallerId'), '+911130830003');
	});

	it('names every field that is missing or wrong, before any request', () => {
		assert.deepEqual(brokenRules(refused(() => connectNumbers.request(singapore, {} as never))), [
			'from: required',
			'to: required',
			'exoPhone: required',
		]);
		assert.deepEqual(brokenRules(refused(() => connectNumbers.request(singapore, null as never))), [
			'from: required',
			'to: required',
			'exoPhone: required',
		]);
		const error = refused(() =>
			connectNumbers.request(singapore, {
				from: 'nobody',
				to: 'sip:x@y',
				exoPhone: '12',
				record: 'perhaps',
				recordingFormat: 'wav',
				timeLimitSeconds: 14_401,
				ringTimeSeconds: 0,
				waitAudioUrl: 'https://a/b.mp3',
				customField: { a: 1 },
				playbackTo: 'nobody',
				playbackUrl: 'a.wav',
				callType: 'promo',
				statusCallbackUrl: 'example.com',
				statusCallbackEvents: ['ended'],
				statusCallbackContentType: 'text/plain',
			} as never),
		);
		assert.deepEqual(brokenRules(error), [
			'from: phone',
			'to: phone',
			'exoPhone: phone',
			'record: boolean',
			'recordingFormat: choice',
			'timeLimitSeconds: max',
			'ringTimeSeconds: min',
			'waitAudioUrl: audio',
			'customField: text',
			'playbackTo: choice',
			'playbackUrl: url',
			'callType: choice',
			'statusCallbackUrl: url',
			'statusCallbackEvents: choice',
			'statusCallbackContentType: choice',
		]);
		assert.match(error.violations[5]?.message ?? '', /at most 14400 seconds/);
		assert.deepEqual(brokenRules(refused(() => connectNumbers.request(singapore, { ...two, to: '09413740001' }))), [
			'to: different',
		]);
	});

	it('drops a default that means nothing, but says so when a choice would be lost', () => {
		const body = connectNumbers.request(singapore, {
			...two,
			recordingChannels: 'single',
			recordingFormat: 'mp3',
			playbackTo: 'callee',
			statusCallbackContentType: 'multipart/form-data',
			statusCallbackEvents: [],
		}).body;
		assert.equal(body, 'From=%2B919413740001&To=%2B918867990002&CallerId=01130830003');
		const error = refused(() =>
			connectNumbers.request(singapore, {
				...two,
				record: false,
				recordingChannels: 'dual',
				recordingFormat: 'mp3-hq',
				playbackTo: 'both',
				statusCallbackEvents: ['terminal'],
				statusCallbackContentType: 'application/json',
			}),
		);
		assert.deepEqual(brokenRules(error), [
			'recordingChannels: depends-on',
			'recordingFormat: depends-on',
			'playbackTo: depends-on',
			'statusCallbackEvents: depends-on',
			'statusCallbackContentType: depends-on',
		]);
		assert.match(
			error.violations[0]?.message ?? '',
			/Recording channels only works together with "Record the call"/,
		);
	});

	it('decodes to what was encoded, for any input it accepts', () => {
		const digits = fc.integer({ min: 6_000_000_000, max: 9_999_999_999 }).map((n) => `+91${n}`);
		fc.assert(
			fc.property(
				digits,
				digits,
				fc.string({ unit: 'binary' }),
				fc.webUrl({ withQueryParameters: true }),
				fc.boolean(),
				fc.integer({ min: 1, max: 14_400 }),
				(from, to, customField, url, record, seconds) => {
					fc.pre(from !== to && customField.trim() !== '');
					const sent = new URLSearchParams(
						connectNumbers.request(singapore, {
							...two,
							from,
							to,
							customField,
							statusCallbackUrl: url,
							record,
							timeLimitSeconds: seconds,
						}).body,
					);
					assert.deepEqual(Object.fromEntries(sent), {
						From: from,
						To: to,
						CallerId: '01130830003',
						TimeLimit: String(seconds),
						Record: String(record),
						CustomField: customField,
						StatusCallback: url,
					});
				},
			),
			runs,
		);
	});

	it('answers any input with a request or a list of broken rules', () => {
		const names = [
			'from',
			'to',
			'exoPhone',
			'record',
			'customField',
			'ringTimeSeconds',
			'statusCallbackEvents',
			'statusCallbackUrl',
			'waitAudioUrl',
		];
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...names), fc.anything()), fc.boolean(), (input, complete) => {
				try {
					const request = connectNumbers.request(singapore, { ...(complete ? two : {}), ...input } as never);
					assert.match(request.body ?? '', /^From=[^&]+&To=[^&]+&CallerId=[^&]+/);
				} catch (thrown) {
					assert.ok(
						brokenRules(
							refused(() => {
								throw thrown;
							}),
						).length > 0,
					);
				}
			}),
			runs,
		);
	});
});

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
				statusCallbackContentType: 'application/json',
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
				'StatusCallbackContentType=application%2Fjson',
				'CustomField=a',
			].join('&'),
		);
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
				authenticate: true,
				responseType: 'text',
			},
		);
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
			'{"from":{"user_id":"12898c52"},"to":{"customer_contact_uri":"+919953120002"},"virtual_number":"08045680003","recording":true,"recording_channels":"dual","wait_audio_url":"http://a/b.wav","max_time_limit":9,"attempt_time_out":8,"custom_field":"c","status_callback":[{"event":"terminal","url":"http://s"}]}',
		);
		assert.equal(
			connectAgent.request(singapore, { ...call, agentContact: 'SIP:agent1' }).body,
			'{"from":{"user_contact_uri":"sip:agent1"},"to":{"customer_contact_uri":"+919953120002"},"virtual_number":"+918045680003"}',
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

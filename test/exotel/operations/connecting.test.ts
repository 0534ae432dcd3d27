/**
 * The three requests that make phones ring: byte for byte as documented, refused before they exist when anything is
 * wrong.
 */
import assert from 'node:assert/strict';
import { connectNumbers } from '../../../exotel/index';
import { brokenRules, custom, mumbai, refused, sample, singapore } from '../samples';
import { two, parts } from './placing';

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
			'From=%2B919413747777&To=%2B918867997777&CallerId=01130837777&' +
				'StatusCallback=http%3A%2F%2Fyour-application.com%2Fexotel-callback&StatusCallbackEvents[0]=terminal&' +
				'StatusCallbackContentType=application%2Fjson',
		);
		assert.deepEqual(
			{ ...request, body: undefined },
			{
				method: 'POST',
				url: 'https://api.exotel.com/v1/Accounts/acme1/Calls/connect.json',
				headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
				body: undefined,
				placesCall: true,
				publicOnly: false,
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
});

/** Seed 004, voice v1: each documented answer, error and limit, with the line it comes from. */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, FROM, Line, multipartPairs, Receiver, subscribe, TO } from '../telephone-line';
import { DocumentedLines } from './lines';
import { must } from '../must';
import { wav } from '../flow-stage';

const FLOW = { To: '', Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926' };
const NAIVE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

describe('simulator: seed 004 line by line', () => {
	let line: Line;
	let receiver: Receiver;
	beforeEach(async () => {
		line = await Line.open();
		receiver = await Receiver.open();
	});
	afterEach(async () => {
		await line.close();
		await receiver.close();
	});
	const lines = new DocumentedLines('seed 004');
	const documented = lines.case;

	/** Places a call, lets it end; its details with legs. */
	const ended = async (fields: Record<string, string> = {}): Promise<any> => {
		const sid = await line.placed(fields);
		await line.simulator.advance(120);
		return (await line.v1('GET', `/Calls/${sid}.json?details=true`)).json.Call;
	};
	/** Status and message of a request that is refused; the message names the field. */
	const refused = async (fields: Record<string, string>, name: string): Promise<void> => {
		const before = line.simulator.calls().length;
		const answer = await line.place(fields);
		assert.equal(answer.status, 400, JSON.stringify(fields));
		assert.match(answer.json.RestException.Message, new RegExp(name));
		assert.equal(line.simulator.calls().length, before, 'nothing is dialled');
	};
	const list = (query: string) => line.v1('GET', `/Calls.json?${query}`);
	const listed = async (query: string): Promise<string[]> => {
		const answer = await list(query);
		assert.equal(answer.status, 200, answer.text);
		return answer.json.Calls.map(({ Sid }: any) => Sid as string);
	};
	const refusedList = async (query: string, name: string): Promise<void> => {
		const answer = await list(query);
		assert.equal(answer.status, 400, query);
		assert.match(answer.json.RestException.Message, new RegExp(name));
	};
	const number = async (digits: string) => (await line.v1('GET', `/Numbers/${digits}.json`)).json.Numbers;

	describe('access', () => {
		documented('with the API key and token created by you.', async () => {
			const own = await Line.open({ accounts: [{ sid: ACCOUNT, key: 'key', token: 'token' }] });
			try {
				const wrong = (given: string) => ({ Authorization: `Basic ${Buffer.from(given).toString('base64')}` });
				assert.equal((await own.v1('GET', '/Calls.json')).status, 200);
				for (const given of ['key:wrong', 'wrong:token', 'key:', ':token'])
					assert.equal((await own.v1('GET', '/Calls.json', undefined, wrong(given))).status, 401, given);
				assert.equal((await own.v1('GET', '/Calls.json', undefined, { Authorization: '' })).status, 401);
			} finally {
				await own.close();
			}
		});
		documented('with the region of your account', async () => {
			line.simulator.setChaos({ wrongRegion: true });
			assert.equal((await line.place()).status, 404);
			assert.equal((await list('')).status, 404);
		});
		documented('just append .json at the end of the HTTP POST request.', async () => {
			assert.ok((await line.place()).json.Call.Sid);
			const { headers, text } = await line.place({}, '');
			assert.match(headers.get('content-type') ?? '', /xml/);
			assert.match(text, /^<\?xml version="1.0" encoding="UTF-8"\?>\s*<TwilioResponse>\s*<Call>\s*<Sid>/);
		});
	});

	describe('make call', () => {
		documented('don’t check a user number for busy status before calling that number.', async () => {
			line.simulator.setAgents(ACCOUNT, [{ contact: FROM, available: false, verified: false }]);
			assert.equal((await ended()).Status, 'completed');
		});
		documented('Once the person at the From end picks up the phone', async () => {
			const dialled = async (sid: string) =>
				(await line.view(sid)).timeline
					.filter(({ type }: any) => type === 'dial')
					.map(({ party }: any) => party);
			const unanswered = await ended({ From: '+919812345601' });
			assert.deepEqual(await dialled(unanswered.Sid), ['from']);
			assert.equal(unanswered.Status, 'no-answer');
			assert.deepEqual(await dialled((await ended()).Sid), ['from', 'to']);
		});
		documented('From | Mandatory | String; The phone number that will be called first.', async () => {
			await refused({ From: '' }, 'From');
			await refused({ From: 'nobody' }, 'From');
			for (const From of [FROM, '09812345670', '9812345670', '080XXXX2400']) await line.placed({ From });
		});
		documented("To | Mandatory | String; Your customer's phone number.", async () => {
			await refused({ To: '' }, 'To');
			await refused({ To: 'nobody' }, 'To');
			await refused({ To: 'sip:asha' }, 'To');
			await line.placed({ To: '080XXXX2400' });
		});
		documented('This is your ExoPhone/Exotel Virtual Number (pick one from here)', async () => {
			await refused({ CallerId: '' }, 'CallerId');
			await refused({ CallerId: '08011112222' }, 'CallerId');
			await line.placed({ CallerId: EXOPHONE });
		});
		documented('trans - for Transactional Calls', async () => {
			await refused({ CallType: 'promo' }, 'CallType');
			await line.placed({ CallType: 'trans' });
		});
		documented('The call will be cut after this time (max. 14400 i.e. 4 hours)', async () => {
			await refused({ TimeLimit: '14401' }, 'TimeLimit');
			await refused({ TimeLimit: 'long' }, 'TimeLimit');
			await line.placed({ TimeLimit: '14400' });
			// the second leg takes 4 s to answer, so 3 s are left to talk
			assert.equal((await ended({ TimeLimit: '7' })).Details.ConversationDuration, 3);
		});
		documented('to ring the called parties (both first and second call leg)', async () => {
			assert.equal((await ended({ TimeOut: '2' })).Details.Leg1Status, 'no-answer');
			const { Sid, Details } = await ended({ TimeOut: '10', To: '+919812345601' });
			assert.equal(Details.Leg2Status, 'no-answer');
			assert.equal((await line.view(Sid)).call.legs[1].ringingSeconds, 10);
			await refused({ TimeOut: 'long' }, 'TimeOut');
		});
		documented('the audio file specified in this parameter will be played.', async () => {
			receiver.answer = (_received, response) => response.end(wav({ rate: 8000, channels: 1 }));
			const { Sid } = await ended({ WaitUrl: `${receiver.url}/wait.wav` });
			assert.equal((await line.view(Sid)).heard[0].line, `the sound ${receiver.url}/wait.wav`);
		});
		documented('(wav is only supported)', async () => {
			receiver.answer = (_received, response) => response.end('ID3');
			const { Sid } = await ended({ WaitUrl: `${receiver.url}/wait.mp3` });
			assert.match(
				(await line.view(Sid)).heard[0].line,
				/^the normal ringing tone, because .* is not a WAV file/,
			);
		});
		documented("if this is set to 'true' and the call conversation happens.", async () => {
			const reported = async (fields: Record<string, string>) => {
				await ended({ ...subscribe(receiver.url, ['terminal']), ...fields });
				return must(receiver.bodies().at(-1)).RecordingUrl;
			};
			assert.match(String(await reported({ Record: 'true' })), /\.mp3$/);
			assert.equal(await reported({ Record: 'true', To: '+919812345601' }), null, 'nobody talked');
			assert.equal(await reported({ Record: 'false' }), null);
		});
		documented('calls will NOT be recorded.', async () => {
			assert.equal((await ended()).RecordingUrl, '');
			assert.match((await ended({ Record: 'true' })).RecordingUrl, /\.mp3$/);
		});
		documented('Boolean; Record the conversation of your call.', () => refused({ Record: 'maybe' }, 'Record'));
		documented('Number of audio channels to be present in the final recording.', async () => {
			await refused({ Record: 'true', RecordingChannels: 'triple' }, 'RecordingChannels');
			for (const RecordingChannels of ['single', 'dual'])
				await line.placed({ Record: 'true', RecordingChannels });
		});
		documented('Quality of the audio recording.', async () => {
			await refused({ Record: 'true', RecordingFormat: 'flac' }, 'RecordingFormat');
			for (const RecordingFormat of ['mp3', 'mp3-hq']) await line.placed({ Record: 'true', RecordingFormat });
		});
		documented('The party that should listen the playback at the start of the call.', () =>
			refused({ StartPlaybackTo: 'Nobody' }, 'StartPlaybackTo'),
		);
		documented('URL for the audio to be played just before the call gets connected.', async () => {
			await refused({ StartPlaybackValue: 'hello.wav' }, 'StartPlaybackValue');
			receiver.answer = (_received, response) => response.end(wav({ rate: 8000, channels: 1 }));
			const { Sid } = await ended({ StartPlaybackTo: 'Both', StartPlaybackValue: `${receiver.url}/a.wav` });
			assert.deepEqual(
				(await line.view(Sid)).heard.map((entry: any) => entry.line),
				[`the sound ${receiver.url}/a.wav`],
			);
		});
		documented('Sample Rate = 8 kHz', async () => {
			receiver.answer = (_received, response) => response.end(wav({ rate: 16_000, channels: 2 }));
			const { Sid } = await ended({ StartPlaybackTo: 'Both', StartPlaybackValue: `${receiver.url}/a.wav` });
			assert.match(
				JSON.stringify((await line.view(Sid)).timeline),
				/16000 Hz, 16 bit, 2 channels; documented is/,
			);
		});
		documented('DateCreated | Time in format YYYY-MM-DD HH:mm:ss', async () => {
			const { DateCreated, DateUpdated, StartTime, EndTime } = await ended();
			for (const stamp of [DateCreated, DateUpdated, StartTime, EndTime]) assert.match(stamp, NAIVE);
		});
		documented('Uri is the path of the CallSid', async () => {
			const { Sid, Uri } = await ended();
			assert.equal(Uri, `/v1/Accounts/${ACCOUNT}/Calls/${Sid}`);
			assert.match((await line.request('GET', Uri)).text, new RegExp(`<Sid>${Sid}</Sid>`));
		});
	});

	describe('status callbacks', () => {
		documented('depending on what events are subscribed using', async () => {
			await ended(subscribe(receiver.url, ['terminal', 'answered']));
			assert.deepEqual(
				receiver.bodies().map(({ EventType }) => EventType),
				['answered', 'answered', 'terminal'],
			);
			assert.ok(receiver.received.every(({ method }) => method === 'POST'));
		});
		documented('Array; Call events for which we will send details', async () => {
			await ended(subscribe(receiver.url, ['answered']));
			assert.equal(receiver.received.length, 2);
			await refused({ StatusCallback: 'nowhere' }, 'StatusCallback');
		});
		documented('we will send the default parameters as specified here.', async () => {
			await ended({ StatusCallback: receiver.url });
			assert.deepEqual(
				multipartPairs(must(receiver.received[0])).map(([name]) => name),
				['CallSid', 'DateUpdated', 'Status', 'RecordingUrl'],
			);
			assert.equal(receiver.received.length, 1);
		});
		documented('Currently, only ‘terminal’ and ‘answered’ event is supported', () =>
			refused(subscribe(receiver.url, ['hangup']), 'StatusCallbackEvents'),
		);
		documented('The HTTP header ‘Content-Type’ using which', async () => {
			await ended(subscribe(receiver.url, ['terminal'], ''));
			await ended(subscribe(receiver.url, ['terminal'], 'application/json'));
			const [usual, json] = receiver.received.map(({ headers }) => headers['content-type'] ?? '');
			assert.match(must(usual), /^multipart\/form-data; boundary=/);
			assert.equal(json, 'application/json');
			const other = await line.place(subscribe(receiver.url, ['terminal'], 'text/plain'));
			assert.equal(other.status, 400);
			assert.match(other.json.RestException.Message, /StatusCallbackContentType/);
		});
		documented('once the call completes.', async () => {
			const sid = await line.placed({ StatusCallback: receiver.url });
			await line.simulator.advance(13);
			assert.equal((await line.view(sid)).call.state, 'active');
			assert.equal(receiver.received.length, 0);
			await line.simulator.advance(60);
			assert.equal(receiver.received.length, 1);
		});
		documented("which could be one of: 'completed', 'failed', 'busy' or 'no-answer'", async () => {
			const words: unknown[] = [];
			for (const digits of ['10', '03', '02', '01', '04']) {
				await ended({ ...subscribe(receiver.url, ['terminal']), To: `+9198123456${digits}` });
				words.push(must(receiver.bodies().at(-1)).Status);
			}
			assert.deepEqual(words, ['completed', 'failed', 'busy', 'no-answer', 'failed']);
		});
		documented('Link to the call recording if present.', async () => {
			await ended({ StatusCallback: receiver.url });
			await ended({ StatusCallback: receiver.url, Record: 'true' });
			const [none, some] = receiver.received.map((one) => new Map(multipartPairs(one)).get('RecordingUrl'));
			assert.equal(none, '');
			assert.match(must(some), /\.mp3$/);
		});
		documented("Your customer's phone number as set in the API request.", async () => {
			await ended(subscribe(receiver.url, ['terminal']));
			const { From, To } = must(receiver.bodies()[0]);
			assert.deepEqual([From, To], [FROM, TO]);
		});
		documented('phone numbers were on call in seconds.', async () => {
			await ended({ ...subscribe(receiver.url, ['terminal']), To: '+919812345605' });
			assert.equal(must(receiver.bodies()[0]).ConversationDuration, 2);
		});
		documented('detailed information about each leg attempt involved in the call.', async () => {
			await ended({ ...subscribe(receiver.url, ['terminal']), To: '+919812345602' });
			const legs = must(receiver.bodies()[0]).Legs as any[];
			assert.deepEqual(
				legs.map(({ Status, OnCallDuration }) => [Status, OnCallDuration]),
				[
					['completed', 1],
					['busy', 0],
				],
			);
		});
		documented("(only via 'terminal' StatusCallbackEvent)", async () => {
			await ended({ ...subscribe(receiver.url, ['answered', 'terminal']), CustomField: 'order 7' });
			assert.deepEqual(
				receiver.bodies().map(({ CustomField }) => CustomField),
				[undefined, undefined, 'order 7'],
			);
		});
		documented('StatusCallbackEvents parameter is not applicable for this case', async () => {
			await ended({ ...FLOW, ...subscribe(receiver.url, ['answered', 'terminal'], '') });
			assert.deepEqual(
				receiver.received.map((received) => multipartPairs(received).map(([name]) => name)),
				[['CallSid', 'DateUpdated', 'Status', 'RecordingUrl']],
			);
		});
	});

	describe('flows', () => {
		documented('and once they pick up the phone, it will connect them to a call flow', async () => {
			line.simulator.setFlow('926', { applets: [{ type: 'passthru', url: `${receiver.url}/flow` }] });
			await ended({ ...FLOW, From: '+919812345601' });
			assert.equal(receiver.received.length, 0);
			await ended(FLOW);
			assert.equal(receiver.received.length, 1);
		});
		documented('where app_id is the identifier of the flow (or applet)', async () => {
			await refused({ To: '', Url: 'http://my.exotel.com/Exotel/somewhere/926' }, 'Url');
			await refused({ To: '', Url: '' }, 'Url');
			const { Sid } = await ended(FLOW);
			assert.equal((await line.view(Sid)).call.flow, '926');
		});
		documented('an HTTP POST will be made to the provided URL with the following four parameters:', async () => {
			await ended({ ...FLOW, StatusCallback: receiver.url });
			assert.equal(must(receiver.received[0]).method, 'POST');
			assert.equal(multipartPairs(must(receiver.received[0])).length, 4);
		});
		documented('while doing a GET request to the URL mentioned in your Passthru Applet', async () => {
			line.simulator.setFlow('926', { applets: [{ type: 'passthru', url: `${receiver.url}/flow` }] });
			await ended({ ...FLOW, CustomField: 'order 7' });
			const { method, query } = must(receiver.received[0]);
			assert.deepEqual([method, query.get('CustomField')], ['GET', 'order 7']);
		});
	});

	describe('call details', () => {
		documented('the Sid parameter is as returned in the XML/JSON response to your request.', async () => {
			const sid = await line.placed();
			assert.equal((await line.v1('GET', `/Calls/${sid}.json`)).json.Call.Sid, sid);
			assert.equal((await line.v1('GET', `/Calls/${'0'.repeat(32)}.json`)).status, 404);
		});
		documented('So it might take some time after the call ends (~ 2 mins on an average)', async () => {
			await line.control('PUT', '/quirks', { detailsDelaySeconds: 120 });
			const sid = await line.placed();
			const filled = async () => {
				const { EndTime, Duration, Price } = (await line.v1('GET', `/Calls/${sid}.json`)).json.Call;
				return [EndTime, Duration, Price].map(Boolean);
			};
			await line.simulator.advance(60);
			assert.deepEqual(await filled(), [false, false, false]);
			await line.simulator.advance(120);
			assert.deepEqual(await filled(), [true, true, true]);
		});
		documented('AccountSid | Exotel account SID', async () => assert.equal((await ended()).AccountSid, ACCOUNT));
		documented('AnsweredBy | human', async () => {
			assert.equal((await ended()).AnsweredBy, 'human');
			assert.equal((await ended({ From: '+919812345601' })).AnsweredBy, null);
		});
		documented('you have been charged for the call |', async () => {
			assert.match((await ended()).Price, /^\d+\.\d{3}$/);
			assert.equal((await line.place()).json.Call.Price, null);
		});
		documented('Duration | Call duration in seconds |', async () => {
			const { Duration, StartTime, EndTime } = await ended();
			assert.equal(Number(Duration), (Date.parse(EndTime) - Date.parse(StartTime)) / 1000);
		});
		documented('If status of both the call legs are required incase of an outbound call', async () => {
			const { Sid, Details } = await ended({ To: '+919812345602' });
			assert.deepEqual([Details.Leg1Status, Details.Leg2Status], ['completed', 'busy']);
			assert.equal((await line.v1('GET', `/Calls/${Sid}.json`)).json.Call.Details, undefined);
		});
	});

	describe('bulk call details', () => {
		documented('will not provide ongoing calls’ details', async () => {
			const { Sid } = await ended();
			await line.placed();
			assert.deepEqual(await listed(''), [Sid]);
		});
		documented('You can query call records only up to 6 months old', async () => {
			const { Sid } = await ended();
			await refusedList('DateCreated=gte:2026-05-01+00:00:00%3Blte:2026-05-20+00:00:00', '6 months');
			await refusedList('DateCreated=gte:2026-09-01+00:00:00%3Blte:2026-10-20+00:00:00', '1 month');
			assert.equal((await list('DateCreated=gte:2026-09-01+00:00:00%3Blte:2026-10-01+00:00:00')).status, 200);
			await line.simulator.advance(30 * 24 * 3600);
			assert.deepEqual(await listed(''), [Sid]);
			await line.simulator.advance(2 * 24 * 3600);
			assert.deepEqual(await listed(''), [], 'last 31 days');
		});
		for (const [name, quote, value] of [
			['To', 'One or multiple To numbers', TO],
			['From', 'One or multiple From numbers', FROM],
			['PhoneNumber', 'One or multiple PhoneNumber(s)', '+918047115777'],
		] as const)
			documented(quote, async () => {
				const { Sid } = await ended();
				const other = encodeURIComponent('+919999999999');
				const own = encodeURIComponent(value);
				assert.deepEqual(await listed(`${name}=${own}`), [Sid]);
				assert.deepEqual(await listed(`${name}=${other},${own}`), [Sid]);
				assert.deepEqual(await listed(`${name}=${other}`), []);
				assert.equal((await list(`${name}=${Array(5).fill(own).join(',')}`)).status, 200);
				await refusedList(`${name}=${Array(6).fill(own).join(',')}`, '5');
				await refusedList(`${name}=${value.replace('+91', '0')}`, 'E.164');
			});
		documented('Duration | Call duration in seconds. Supported operators (gte, eq and lte)', async () => {
			const { Sid } = await ended();
			assert.deepEqual(await listed('Duration=gte:10s%3Blte:10s'), [Sid]);
			assert.deepEqual(await listed('Duration=gte:11s'), []);
			await refusedList('Duration=gt:10s', 'Duration');
			await refusedList('Duration=long', 'Duration');
		});
		documented('Price | If present, this will be the amount', async () => {
			const { Sid, Price } = await ended();
			assert.deepEqual(await listed(`Price=eq:${Price}`), [Sid]);
			await refusedList('Price=lt:1', 'Price');
		});
		documented('Default: 50, Max: 100', async () => {
			for (let count = 0; count < 51; count++) await line.placed();
			await line.simulator.advance(120);
			assert.equal((await listed('')).length, 50);
			assert.equal((await listed('PageSize=100')).length, 51);
			await refusedList('PageSize=101', 'PageSize');
			await refusedList('PageSize=0', 'PageSize');
		});
		documented('By default records are sorted by DateCreated in descending order.', async () => {
			const sids = [(await ended()).Sid, (await ended()).Sid];
			assert.deepEqual(await listed('SortBy=DateCreated:asc'), sids);
			assert.deepEqual(await listed(''), [...sids].reverse());
			await refusedList('SortBy=Price:asc', 'SortBy');
		});
		documented('Before | Auto generated unique string', async () => {
			const sids = [(await ended()).Sid, (await ended()).Sid];
			const second = await line.request('GET', (await list('PageSize=1')).json.Metadata.NextPageUri as string);
			assert.equal(second.json.Calls[0].Sid, sids[0]);
			const first = await line.request('GET', second.json.Metadata.PrevPageUri as string);
			assert.equal(first.json.Calls[0].Sid, sids[1]);
			await refusedList('Before=nowhere', 'Before');
		});
		documented('After | Auto generated unique string', async () => {
			await ended();
			await ended();
			assert.match((await list('PageSize=1')).json.Metadata.NextPageUri, /&After=/);
			assert.equal((await list('PageSize=2')).json.Metadata.NextPageUri, '');
			await refusedList('After=nowhere', 'After');
		});
		documented('Same can also be written as Duration=10s', async () => {
			const { Sid } = await ended();
			assert.deepEqual(await listed('Duration=10s'), [Sid]);
			assert.deepEqual(await listed('Duration=eq:10s'), [Sid]);
		});
		documented('OR operator (,) is used to select multiple values', async () => {
			await ended();
			const { Sid } = await ended({ To: '+919812345602' });
			assert.deepEqual(await listed('Status=busy,failed'), [Sid]);
		});
		documented('AND operator (;) is used to select multiple values', async () => {
			await ended();
			assert.deepEqual(await listed('Duration=gte:20s%3Blte:10s'), []);
		});
		documented('Total | Number of call records matching the given query', async () => {
			await ended();
			await ended();
			assert.equal((await list('PageSize=1')).json.Metadata.Total, 2);
		});
		documented('PageSize | This indicates the number of records on that page', async () => {
			await ended();
			assert.equal((await list('PageSize=20')).json.Metadata.PageSize, 1);
		});
		documented('PhoneNumber | This is your ExoPhone/Exotel Virtual Number in E.164 format', async () => {
			await ended();
			assert.equal((await list('')).json.Calls[0].PhoneNumber, '+918047115777');
		});
		/** A number of a list, as the samples write it and with the quirk that follows the field table. */
		const bothForms = async (field: 'To' | 'From') => {
			await ended();
			const shown = async () => (await list('')).json.Calls[0][field];
			assert.match(await shown(), /^0\d{10}$/, 'every sample has 0XXXXX…; docs/fidelity.md names the conflict');
			await line.control('PUT', '/quirks', { numberForm: 'e164' });
			assert.match(await shown(), /^\+91\d{10}$/);
		};
		documented("To | Your customer's phone number in E.164 format", () => bothForms('To'));
		documented('From | The phone number that will be called first in E.164 format', () => bothForms('From'));
		documented('FirstPageUri | This indicates the URI of the first page', async () => {
			await ended();
			await ended();
			const { NextPageUri, FirstPageUri } = (await list('PageSize=1')).json.Metadata;
			const second = (await line.request('GET', NextPageUri as string)).json.Metadata;
			assert.equal(second.FirstPageUri, FirstPageUri);
		});
		documented('If additional information such as status of both the call legs are required', async () => {
			await ended();
			assert.equal((await list('')).json.Calls[0].Details, undefined);
			assert.equal((await list('details=true')).json.Calls[0].Details.Leg2Status, 'completed');
		});
	});

	describe('the examples of the document', () => {
		const day = 'DateCreated=gte:2026-11-21+00:00:00%3Blte:2026-11-22+00:00:00';
		documented('Calls filtered by DateCreated range with Leg-wise details and Page Size = 100', async () => {
			await ended();
			const { Calls } = (await list(`${day}&details=true&PageSize=100`)).json;
			assert.deepEqual([Calls.length, Calls[0].Details.Leg1Status], [1, 'completed']);
		});
		documented('Get all Incoming calls received by an agent (To number)', async () => {
			const contact = '+919812345710';
			receiver.answer = (_received, response) =>
				response
					.setHeader('Content-Type', 'application/json')
					.end(`{"destination":{"numbers":["${contact}"]}}`);
			await line.control('PUT', '/flows/926', { applets: [{ type: 'connect', url: receiver.url }] });
			const sid = line.simulator.inbound({ from: FROM, to: EXOPHONE, flow: '926', account: ACCOUNT });
			await line.simulator.advance(5);
			assert.deepEqual(await listed(`${day}&To=${encodeURIComponent(contact)}`), []);
			await line.simulator.advance(120);
			assert.deepEqual(await listed(`${day}&To=${encodeURIComponent(contact)}`), [sid]);
			const { To, PhoneNumberSid, Direction } = (await line.v1('GET', `/Calls/${sid}.json`)).json.Call;
			assert.deepEqual([To, PhoneNumberSid, Direction], ['09812345710', EXOPHONE, 'inbound']);
		});
		documented('Calls with Duration greater than 10 seconds and less than 60 seconds', async () => {
			await ended();
			const { Sid } = await ended({ To: '+919812345601' });
			assert.deepEqual(await listed(`${day}&Duration=gte:11s%3Blte:59s`), [Sid]);
		});
		documented('Calls which are failed and having ExoPhone', async () => {
			await ended({ To: '+919812345603', CallerId: '08047112233' });
			const { Sid } = await ended({ To: '+919812345603' });
			assert.deepEqual(await listed(`${day}&Status=failed&PhoneNumber=%2B918047115777`), [Sid]);
		});
	});

	describe('number metadata', () => {
		documented('Reformatted phone number', async () => {
			for (const form of ['09812345678', '9812345678', '%2B919812345678'])
				assert.equal((await number(form)).PhoneNumber, '09812345678');
			assert.equal((await line.v1('GET', '/Numbers/%2B14155550100.json')).status, 400);
		});
		documented('Two character telecom circle code.', async () => {
			assert.equal((await number('08047115777')).CircleName, 'Karnataka Telecom Circle');
			assert.equal((await number('04422221234')).Circle, 'CH');
			assert.equal((await number('01130801234')).Circle, 'DL');
		});
		documented("'Mobile' or 'Landline'", async () => {
			assert.equal((await number('08047115777')).Type, 'Landline');
			assert.equal((await number('09812345678')).Type, 'Mobile');
		});
		documented('Single or two character telecom operator code.', async () => {
			const { Operator, OperatorName } = await number('XXXXX30240');
			assert.deepEqual([Operator, OperatorName], ['R', 'Reliance']);
			for (let last = 10; last < 40; last++)
				assert.match((await number(`09812345${last}1`)).Operator, /^[A-Z]{1,2}$/);
		});
	});

	lines.complete();
});

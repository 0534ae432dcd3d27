/** The scenarios whose stories are recorded in stories/. */
import { EXOPHONE, subscribe } from './telephone-line';
import type { Story } from './story';
import type { SimulatorOptions } from '../../simulator/index';

export interface Scenario {
	name: string;
	options?: SimulatorOptions;
	scenario: (story: Story) => Promise<void>;
}

const EVENTS = ['ringing', 'answered', 'terminal'];
const number = (digits: string): string => `+9198123456${digits}`;
const agent = (digits: string): string => `+9198123457${digits}`;
const all = (story: Story, path = '/status'): Record<string, string> =>
	subscribe(`${story.receiver.url}${path}`, EVENTS);
const sidOf = (placed: any): string => placed.Call.Sid as string;

const OUTCOME_DIGITS = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'];
const FAILURE_DIGITS = ['91', '92', '93', '94', '95', '96', '97', '99'];
const EVENT_SWITCHES = [
	'duplicate',
	'reorder',
	'early',
	'drop',
	'missingRinging',
	'tooManyRequests',
	'unavailable',
	'gatewayTimeout',
	'forbidden',
	'badGateway',
	'serverError',
	'htmlPage',
	'cutBefore',
	'cutAfter',
];

const numbersScenarios: Scenario[] = [
	...[...OUTCOME_DIGITS, ...FAILURE_DIGITS].map((digits) => ({
		name: `numbers-to-${digits}`,
		scenario: async (story: Story) => {
			const placed = await story.place({ ...all(story), To: number(digits), CustomField: 'a b+c' });
			await story.advance(60);
			if (placed?.Call) await story.v1('GET', `/Calls/${sidOf(placed)}.json?details=true`);
			await story.v1('GET', '/Calls.json?details=true');
		},
	})),
	...['01', '02', '03', '04', '06', '07', '08', '09'].map((digits) => ({
		name: `numbers-from-${digits}`,
		scenario: async (story: Story) => {
			await story.place({ ...all(story), From: number(digits) });
			await story.advance(60);
		},
	})),
	{
		name: 'numbers-multipart',
		scenario: async (story) => {
			await story.place({
				...subscribe(`${story.receiver.url}/form`, EVENTS, ''),
				CustomField: 'x',
				Record: 'true',
			});
			await story.place({ StatusCallback: `${story.receiver.url}/four`, Record: 'true' });
			await story.advance(60);
		},
	},
	{
		name: 'numbers-limits',
		scenario: async (story) => {
			await story.place({ ...all(story), TimeLimit: '3', TimeOut: '2' });
			await story.place({ ...all(story), TimeLimit: '12' });
			await story.place({ ...all(story), TimeOut: '20', To: number('04') });
			await story.place({ ...all(story), TimeOut: '10', To: number('04') });
			await story.advance(90);
		},
	},
	{
		name: 'recordings',
		scenario: async (story) => {
			const sid = sidOf(
				await story.place({ Record: 'true', RecordingChannels: 'dual', RecordingFormat: 'mp3-hq' }),
			);
			await story.advance(15);
			const path = `/exotelrecordings/Exotel/${sid}.mp3`;
			await story.request('GET', path);
			await story.advance(10);
			await story.request('GET', path);
			await story.request('GET', path, undefined, { Authorization: '' });
			const signed = await story.v1('GET', `/Calls/${sid}.json?RecordingUrlValidity=5`);
			await story.request('GET', signed.Call.PreSignedRecordingUrl as string, undefined, { Authorization: '' });
			await story.v1('GET', '/Calls.json?RecordingUrlValidity=60');
			await story.advance(400);
			await story.request('GET', signed.Call.PreSignedRecordingUrl as string, undefined, { Authorization: '' });
			await story.request('GET', '/exotelrecordings/other/00000000000000000000000000000000.mp3');
			await story.v1('GET', `/Calls/${sid}.json?RecordingUrlValidity=4`);
		},
	},
	{
		name: 'retries',
		scenario: async (story) => {
			story.answer('/status', 'no', 'text/plain', 500);
			await story.place(all(story));
			await story.advance(60);
			await story.advance(300);
			story.answer('/status', 'ok', 'text/plain');
			await story.advance(700);
		},
	},
	{
		name: 'spellings',
		options: { strictness: 'as-seen-in-the-field' },
		scenario: async (story) => {
			await story.place({ CallerId: '', From: '09812345670', To: '9812345680' });
			await story.place({ From: '"+919812345670"', StartPlaybackToNew: 'both', Nonsense: '1' });
			await story.place({
				StatusCallback: `${story.receiver.url}/x`,
				'StatusCallbackEvents[]': 'terminal,answered,odd',
			});
			await story.v1('POST', '/Calls/connect.json', 'From=+919812345670&To=+919812345680&CallerId=08047115777', {
				'Content-Type': 'application/x-www-form-urlencoded',
			});
			await story.v1('POST', '/Calls/connect.json', JSON.stringify({ From: '+919812345670', To: number('80') }), {
				'Content-Type': 'application/json',
			});
			await story.advance(60);
		},
	},
];

const chaosScenarios: Scenario[] = [
	...EVENT_SWITCHES.map((name) => ({
		name: `chaos-${name}`,
		scenario: async (story: Story) => {
			await story.control('PUT', '/chaos', { [name]: true });
			await story.place(all(story));
			await story.v1('GET', '/Calls.json');
			await story.advance(60);
		},
	})),
	{
		name: 'chaos-amounts',
		scenario: async (story) => {
			await story.control('PUT', '/chaos', { delaySeconds: 30, slowAnswerSeconds: 0.01, v2ErrorCode: 10703 });
			await story.place(all(story));
			await story.v2('GET', '/calls/x');
			await story.advance(60);
			await story.control('PUT', '/chaos', { tooManyRequests: true, retryAfterSeconds: 7 });
			await story.place();
			await story.v1('GET', '.json');
		},
	},
	{
		name: 'chaos-rules-and-probability',
		scenario: async (story) => {
			const rules = [
				{ number: number('77'), unavailable: true },
				{ account: 'other', forbidden: true },
			];
			await story.control('PUT', '/chaos', { duplicate: 0.5, missingRinging: 0.5, drop: 0.2, rules });
			await story.control('PUT', '/chaos?account=Exotel', { drop: 0.1 });
			for (const digits of ['10', '11', '12', '77', '13']) {
				await story.place({ ...all(story), To: number(digits) });
				await story.advance(17);
			}
			story.account = 'other';
			await story.place();
			await story.control('POST', '/reset', { account: 'Exotel' });
			await story.control('GET', '/chaos');
			await story.control('PUT', '/chaos', { nonsense: true });
			await story.control('PUT', '/chaos', { drop: 3 });
		},
	},
];

const connectAnswers = (story: Story): void => {
	const url = story.receiver.url;
	story.answer('/one', {
		destination: { numbers: [agent('10')] },
		record: true,
		dial_passthru_event_url: `${url}/popup`,
	});
	story.answer('/none', { destination: { numbers: [] } });
	story.answer('/missed', { destination: { numbers: [agent('01'), agent('02')] }, max_ringing_duration: 20 });
	story.answer('/parallel', {
		destination: { numbers: [agent('01'), agent('02'), agent('05'), agent('10')] },
		parallel_ringing: { activate: true, max_parallel_attempts: 3 },
		dial_passthru_event_url: `${url}/popup`,
		music_on_hold: { type: 'operator_tone' },
		start_call_playback: { playback_to: 'both', type: 'text', value: 'This call is recorded' },
	});
	story.answer('/all-busy', {
		destination: { numbers: [agent('01'), agent('02'), agent('03')] },
		parallel_ringing: { activate: true },
	});
	story.answer('/ccm', {
		destination: [{ contact_uri: agent('02') }, { contact_uri: 'sip:agent1' }],
		recording: { record: true, channels: 'dual' },
		state_management: true,
		call_event_passthru_url: `${url}/call-event`,
		max_conversation_duration: 4,
	});
	story.answer('/hangs-up', { destination: { numbers: [agent('04'), agent('10')] } });
	story.answer('/sound', {
		destination: { numbers: [agent('10')] },
		start_call_playback: { type: 'audio_url', value: `${url}/gone.wav` },
	});
	story.answer('/gone.wav', '', 'text/plain', 404);
	// the words of a JSON parse error differ between versions of Node; these do not
	story.answer('/broken', '', 'application/json');
	story.answer('/wrong-type', { destination: { numbers: [agent('10')] } }, 'text/plain');
	story.answer('/wrong', {
		destination: 'x',
		record: 'yes',
		max_ringing_duration: 90,
		parallel_ringing: { activate: true, max_parallel_attempts: 11 },
		music_on_hold: { type: 'custom_tone' },
	});
	let fetched = 0;
	story.answers['/refetch'] = (_received, response) =>
		response.writeHead(200, { 'Content-Type': 'application/json' }).end(
			JSON.stringify({
				destination: { numbers: [agent(['01', '02', '02'][fetched++] ?? '10')] },
				fetch_after_attempt: true,
				dial_passthru_event_url: `${url}/popup`,
			}),
		);
	story.answer('/select', { select: 'sales' }, 'text/plain');
	story.answer('/302', '', 'text/plain', 302);
	story.answer('/prompt', { gather_prompt: { text: 'Press 1' }, max_input_digits: 1, input_timeout: 7 });
	story.answer('/bad-prompt', {});
};

/** A story in which one customer rings in and one is called; both go through the flow. */
const flowScenario = (name: string, applets: (url: string) => unknown[], digits?: string[]): Scenario => ({
	name: `flow-${name}`,
	scenario: async (story) => {
		connectAnswers(story);
		await story.control('PUT', '/flows/926', { applets: applets(story.receiver.url) });
		await story.inbound('926', digits ? { digits } : {});
		await story.advance(400);
		await story.placeFlow('926', { StatusCallback: `${story.receiver.url}/status`, CustomField: 'x y' });
		await story.advance(400);
		await story.v1('GET', '/Calls.json?details=true');
	},
});

const passthru = (url: string, path = '/after') => ({ type: 'passthru', url: `${url}${path}` });
const connect = (url: string, path: string, more: Record<string, unknown> = {}) => ({
	type: 'connect',
	url: `${url}${path}`,
	...more,
});

const flowScenarios: Scenario[] = [
	flowScenario('connect-1.0', (url) => [connect(url, '/one'), passthru(url)]),
	flowScenario('connect-1.1', (url) => [connect(url, '/ccm', { version: '1.1' }), passthru(url)]),
	flowScenario('connect-parallel', (url) => [connect(url, '/parallel'), connect(url, '/all-busy')]),
	flowScenario('connect-refetch', (url) => [connect(url, '/refetch'), passthru(url)]),
	flowScenario('connect-fallback', (url) => [
		connect(url, '/broken', { fallbackUrl: `${url}/one` }),
		connect(url, '/wrong-type', { fallbackUrl: `${url}/wrong` }),
		connect(url, '/sound'),
	]),
	flowScenario('connect-branches', (url) => [
		connect(url, '/none', {
			didNotDial: [
				connect(url, '/missed', {
					nobodyAnswers: [connect(url, '/one?x=1', { afterConversation: [passthru(url, '/talked')] })],
				}),
			],
		}),
	]),
	flowScenario('caller-hangs-up', (url) => [
		connect(url, '/hangs-up'),
		{ type: 'greeting', text: 'x' },
		passthru(url),
	]),
	flowScenario(
		'gather',
		(url) => [
			{ type: 'greeting', text: 'Welcome' },
			{ type: 'gather', url: `${url}/prompt` },
			{ type: 'gather', prompt: 'Again', digits: '42' },
			{ type: 'gather', url: `${url}/bad-prompt` },
			passthru(url),
		],
		['17', ''],
	),
	flowScenario('passthru', (url) => [
		{ ...passthru(url, '/async'), async: true },
		{
			...passthru(url, '/302'),
			onFalse: [{ ...passthru(url, '/200'), onTrue: [passthru(url, '/missing?a=b#c')] }],
		},
	]),
	flowScenario('switch-case', (url) => [
		passthru(url, '/select'),
		{ type: 'switch-case', cases: { sales: [connect(url, '/one')], other: [] } },
	]),
	flowScenario('voicemail', (url) => [
		connect(url, '/missed', {
			nobodyAnswers: [{ type: 'voicemail', text: 'Speak', messageSeconds: 7 }, passthru(url), { type: 'hangup' }],
		}),
	]),
	flowScenario('greeting', (url) => [
		{ type: 'greeting', url: `${url}/302` },
		{ type: 'greeting', url: `${url}/select` },
		{ type: 'greeting', audioUrl: `${url}/gone.wav` },
	]),
	flowScenario(
		'keys',
		(url) => [
			{
				type: 'gather',
				url: `${url}/bad-prompt`,
				fallbackUrl: `${url}/prompt`,
				keys: { 1: [passthru(url), { type: 'hangup' }] },
				noInput: [{ type: 'greeting', text: 'nothing' }],
			},
			{ type: 'greeting', text: 'unheard' },
		],
		['1#'],
	),
	{
		name: 'flow-unknown-and-stream',
		scenario: async (story) => {
			await story.placeFlow('1', { StatusCallback: `${story.receiver.url}/status` });
			await story.place({ To: '', StreamUrl: 'wss://bot.example/x', StreamType: 'bidirectional' });
			await story.placeFlow('1', { From: number('01') });
			await story.advance(100);
		},
	},
	{
		name: 'flow-control',
		scenario: async (story) => {
			connectAnswers(story);
			await story.inbound('926');
			await story.control('PUT', '/flows/926', { applets: [{ type: 'odd' }] });
			await story.control('PUT', '/flows/926', { applets: [{ type: 'connect', url: 'x' }] });
			await story.control('PUT', '/flows/926', { applets: 1 });
			await story.control('PUT', '/flows/926?account=Exotel', { applets: [{ type: 'greeting', text: 'own' }] });
			await story.control('PUT', '/flows/926', { applets: [{ type: 'greeting', text: 'for all' }] });
			await story.control('GET', '/flows');
			await story.inbound('926', { from: 'x' });
			await story.inbound('926', { digits: 'x' });
			await story.inbound('926', { flow: null });
			await story.inbound('926');
			await story.inbound('926', { account: 'another' });
			await story.advance(20);
			await story.control('DELETE', '/flows/926');
			await story.control('DELETE', '/flows/926');
			for (const path of ['/one', '/wrong', '/none'])
				await story.control('POST', '/check-answer', {
					version: '1.0',
					body: { destination: path === '/one' ? { numbers: [agent('10'), 'sip:x', 'odd', 5] } : path },
				});
			await story.control('POST', '/check-answer', { version: '2.0' });
			await story.control('POST', '/check-answer', {
				version: '1.1',
				body: { destination: [{ contact_uri: 'sip:x' }] },
			});
		},
	},
];

const agentScenarios: Scenario[] = [
	...OUTCOME_DIGITS.map((digits) => ({
		name: `agent-customer-${digits}`,
		scenario: async (story: Story) => {
			await story.control('PUT', '/accounts/Exotel/agents', {
				agents: [{ contact: agent('10'), id: 'u1', name: 'Asha', groupId: 'g', groupName: 'Sales' }],
			});
			const placed = await story.v2('POST', '/calls', {
				from: { user_contact_uri: agent('10') },
				to: { customer_contact_uri: number(digits) },
				virtual_number: EXOPHONE,
				recording: true,
				custom_field: 'x',
				status_callback: ['answered', 'terminal'].map((event) => ({
					event,
					url: `${story.receiver.url}/${event}`,
				})),
			});
			await story.v2('GET', '/users?fields=devices');
			await story.advance(60);
			await story.v2('GET', `/calls/${placed.response.data.call_sid}`);
		},
	})),
	{
		name: 'agent-errors',
		scenario: async (story) => {
			const body = (more: Record<string, unknown>) => ({
				from: { user_contact_uri: agent('10') },
				to: { customer_contact_uri: number('10') },
				virtual_number: EXOPHONE,
				...more,
			});
			await story.v2('POST', '/calls', body({}));
			await story.v2('POST', '/calls', body({}));
			const switches = ['available', 'verified', 'device', 'deviceKnown', 'reachable'];
			await story.control('PUT', '/accounts/Exotel/agents', {
				agents: [
					...switches.map((name, index) => ({ contact: agent(`2${index}`), [name]: false })),
					{ contact: 'sip:a', voipAllowed: false },
				],
			});
			for (const contact of [...switches.map((_name, index) => agent(`2${index}`)), 'sip:a', agent('99')])
				await story.v2('POST', '/calls', body({ from: { user_contact_uri: contact } }));
			for (const more of [
				{ from: {} },
				{ to: {} },
				{ virtual_number: '' },
				{ recording_channels: 'three' },
				{ status_callback: {} },
				{ max_time_limit: -1 },
				{ from: { user_id: 'nobody' } },
			])
				await story.v2('POST', '/calls', body(more));
			for (const digits of FAILURE_DIGITS)
				await story.v2('POST', '/calls', body({ to: { customer_contact_uri: number(digits) } }));
			const v1 = sidOf(await story.place());
			await story.v2('GET', `/calls/${v1}`);
			await story.v2('GET', '/calls/x');
			await story.control('PUT', '/accounts/Exotel/agents', { agents: [{ contact: 'x' }] });
		},
	},
];

const readingScenarios: Scenario[] = [
	{
		name: 'bulk',
		scenario: async (story) => {
			for (const digits of ['10', '01', '02', '05', '10', '11', '12']) {
				await story.place({ To: number(digits), Record: 'true' });
				await story.advance(61);
			}
			for (const query of [
				'',
				'?PageSize=2&details=true',
				'?To=%2B919812345610&SortBy=DateCreated:asc',
				'?Status=completed,busy&Duration=gte:5s;lte:100s&Price=gte:0.1',
				'?DateCreated=gte:2026-11-21+10:02:00%3Blte:2026-11-21+10:05:00',
				'?Direction=outbound-api&From=%2B919812345670&PhoneNumber=%2B918047115777',
				'?Sid=x,y',
				'?PageSize=101',
				'?To=1,2,3,4,5,6',
				'?DateCreated=gte:2026-01-01+00:00:00',
				'?DateCreated=x',
				'?Duration=gt:5',
				'?SortBy=x',
				'?Before=a&After=b',
				'?Before=a',
			]) {
				await story.v1('GET', `/Calls.json${query}`);
			}
			await story.v1('GET', '/Calls?PageSize=3&details=true');
			let next = '/v1/Accounts/Exotel/Calls.json?PageSize=3';
			let previous = '';
			while (next) {
				const page = await story.request('GET', next);
				next = page.Metadata.NextPageUri as string;
				previous = page.Metadata.PrevPageUri as string;
			}
			await story.request('GET', previous);
		},
	},
	{
		name: 'xml',
		scenario: async (story) => {
			await story.place({ CustomField: '<&>' }, '');
			const sid = sidOf(await story.place());
			await story.v1('GET', `/Calls/${sid}`);
			await story.advance(60);
			await story.v1('GET', `/Calls/${sid}?details=true`);
			await story.v1('GET', '/Numbers/09812345670');
			await story.v1('GET', '/IncomingPhoneNumbers');
			await story.v1('GET', '');
			await story.v1('GET', '/Calls/nothing');
			await story.place({ From: '' }, '');
		},
	},
	{
		name: 'numbers-and-exophones',
		scenario: async (story) => {
			for (const asked of ['XXXXX30240', '09812345670', '%2B919812345671', '08047115777', '123', '%'])
				await story.v1('GET', `/Numbers/${asked}.json`);
			await story.v1('GET', '/IncomingPhoneNumbers.json');
			const beta = '/v2_beta/Accounts/Exotel/IncomingPhoneNumbers';
			await story.request('GET', beta);
			await story.request('GET', `${beta}?Page=1`);
			await story.request('GET', `${beta}/08047115777`);
			await story.request('GET', `${beta}/nothing`);
			await story.request(
				'PUT',
				`${beta}/08047115777`,
				new URLSearchParams({ FriendlyName: 'a', VoiceUrl: 'b' }),
			);
			await story.request('PUT', `${beta}/nothing`, new URLSearchParams({ FriendlyName: 'a' }));
			await story.v1('GET', '.json');
		},
	},
	{
		name: 'errors',
		options: {
			accounts: [
				{ sid: 'Exotel', key: 'key', token: 'token', exoPhones: [EXOPHONE], agents: [] },
				{ sid: 'other', key: 'k2', token: 't2' },
			],
		},
		scenario: async (story) => {
			for (const authorization of ['', 'Basic x', `Basic ${btoa('key:wrong')}`, `Basic ${btoa('k2:t2')}`]) {
				await story.v1('GET', '/Calls.json', undefined, { Authorization: authorization });
				await story.request('GET', '/v2/accounts/Exotel/users', undefined, { Authorization: authorization });
			}
			await story.v1('GET', '/Nothing.json');
			await story.v1('PUT', '/Calls/connect.json', 'x');
			await story.v1('DELETE', '/Calls.json');
			await story.v2('PUT', '/calls', {});
			await story.v2('GET', '/nothing');
			await story.request('HEAD', '/v1/Accounts/Exotel/Calls.json');
			await story.request('GET', '/nothing');
			await story.request('GET', '/');
			await story.request('POST', '/_simulator/');
			await story.request('GET', '/_simulator/nothing.js');
			await story.place({ CallerId: '08011111111' });
			await story.place({ From: 'x' });
			await story.place({ To: '' });
			await story.place({ TimeLimit: '99999' });
			await story.place({ Record: 'maybe' });
			await story.place({ StatusCallback: 'x' });
			await story.place({ To: '', Url: 'http://example.com' });
			await story.place({ To: '', StreamUrl: 'wss://x' });
			await story.v1('POST', '/Calls/connect.json', 'x', { 'Content-Type': 'application/pdf' });
			await story.v2('POST', '/calls', 'x');
			await story.request('POST', '/v2/accounts/Exotel/calls', '{', { 'Content-Type': 'application/json' });
			await story.control('GET', '/nothing');
			await story.control('DELETE', '/calls');
			await story.control('GET', '/calls/nothing');
			await story.control('GET', '/calls?limit=x');
			await story.control('PUT', '/accounts/nobody/agents', { agents: [] });
			await story.control('POST', '/clock', {});
			await story.request('POST', '/_simulator/api/reset', '{}', { Origin: 'http://elsewhere.example' });
			await story.request('GET', '/_simulator/api/health', undefined, { 'Sec-Fetch-Site': 'cross-site' });
		},
	},
	{
		name: 'strict',
		options: { strictness: 'strict' },
		scenario: async (story) => {
			await story.place({ CallerId: '' });
			await story.place({ Nonsense: '1' });
			await story.v1('GET', '/Calls.json?Nonsense=1');
			await story.place(all(story));
			await story.advance(60);
		},
	},
	{
		name: 'as-seen-in-the-field',
		options: { strictness: 'as-seen-in-the-field' },
		scenario: async (story) => {
			await story.place({ ...all(story), TimeLimit: '20000' });
			await story.v1('GET', '/Calls.json?PageSize=101&DateCreated=odd');
			await story.advance(60);
		},
	},
	{
		name: 'quirks',
		scenario: async (story) => {
			await story.control('PUT', '/quirks', {
				numberForm: 'e164',
				numericStrings: false,
				blanks: 'null',
				uriWithJson: false,
				ringing: false,
				answeredStatus: 'in-progress',
				plusInQuestions: 'raw',
				undocumentedQuestionFields: true,
				createdForm: 'rfc',
				answeredByInLegs: true,
				detailsDelaySeconds: 30,
				recordingDelaySeconds: 60,
				talkSeconds: 9,
			});
			connectAnswers(story);
			await story.control('PUT', '/flows/1', {
				applets: [connect(story.receiver.url, '/one'), connect(story.receiver.url, '/ccm', { version: '1.1' })],
			});
			const sid = sidOf(await story.place({ ...all(story), Record: 'true' }));
			await story.inbound('1');
			await story.advance(20);
			await story.v1('GET', `/Calls/${sid}.json?details=true`);
			await story.advance(40);
			await story.v1('GET', `/Calls/${sid}.json?details=true`);
			await story.control('PUT', '/quirks', { blanks: 'odd' });
			await story.control('PUT', '/quirks', { nothing: 1 });
			await story.control('PUT', '/quirks', { blanks: 'empty', numberForm: 'as-sent' });
			await story.v1('GET', `/Calls/${sid}.json`);
		},
	},
	{
		name: 'clock-and-reset',
		scenario: async (story) => {
			await story.control('GET', '/clock');
			await story.place(all(story));
			await story.control('POST', '/clock', { advanceSeconds: 3.5 });
			await story.control('GET', '/calls');
			story.account = 'second';
			await story.place(all(story));
			await story.control('POST', '/clock', { advanceSeconds: 5 });
			await story.control('GET', '/calls?account=second');
			await story.control('POST', '/reset', { account: 'Exotel' });
			await story.advance(30);
			await story.control('GET', '/calls');
			await story.control('GET', '/outcomes');
			await story.control('GET', '/quirks');
			await story.control('GET', '/chaos');
			await story.control('POST', '/clock', { advanceSeconds: 'x' });
		},
	},
	{
		name: 'rate-limit',
		options: { callsPerMinute: 2 },
		scenario: async (story) => {
			await story.place();
			await story.advance(20);
			await story.place();
			await story.place();
			await story.advance(45);
			await story.place();
			await story.advance(60);
		},
	},
];

export const SCENARIOS: readonly Scenario[] = [
	...numbersScenarios,
	...chaosScenarios,
	...flowScenarios,
	...agentScenarios,
	...readingScenarios,
];

/** Calls that are placed and not followed: what leaves, what comes back, what is refused. */
import type { Placing } from '../description';

const numbers = { from: '+919812330240', to: '09876538847', exoPhone: '08047114890' };
const flow = { from: '09812330240', flowId: '926', exoPhone: '08047114890' };
const agent = { agentContact: '+919953121234', to: '+919953145678', exoPhone: '+918045681234' };

const everyOption = {
	record: true,
	recordingChannels: 'dual',
	recordingFormat: 'mp3-hq',
	timeLimitSeconds: 1800,
	ringTimeSeconds: 30,
	customField: 'order-1042 & more',
	waitAudioUrl: 'https://example.com/please-wait.wav',
	playbackTo: 'both',
	playbackUrl: 'https://example.com/this-call-is-recorded.wav',
	callType: 'trans',
	statusCallbackUrl: 'https://crm.example.com/exotel?source=same',
};

const own = {
	statusCallbackUrl: 'https://crm.example.com/exotel',
	statusCallbackEvents: ['terminal', 'answered', 'ringing'],
};
const answeredUrl = {
	statusCallbackEvents: ['terminal'],
	statusCallbackAnsweredUrl: 'https://crm.example.com/answered',
};

const connect = (name: string, fields: object, answers: Placing['answers'] = []): Placing => ({
	name,
	operation: 'connectNumbers',
	fields: { ...numbers, ...fields },
	answers,
});

const connectFlow = (name: string, fields: object, answers: Placing['answers'] = []): Placing => ({
	name,
	operation: 'connectFlow',
	fields: { ...flow, ...fields },
	answers,
});

const connectAgent = (name: string, fields: object, answers: Placing['answers'] = []): Placing => ({
	name,
	operation: 'connectAgent',
	fields: { ...agent, ...fields },
	answers,
});

export const placingCases: readonly Placing[] = [
	connect('two numbers, nothing else', {}, ['v1 connect']),
	connect('two numbers, every option', everyOption, ['v1 connect']),
	connect('two numbers, the first a SIP address', { from: 'sip:agent1@example.com;transport=udp' }, ['v1 connect']),
	connect('two numbers, written with blanks and dashes', { to: ' 098765-38 847 ' }, ['v1 connect']),
	connect('two numbers, a response in XML', {}, ['v1 connect xml']),
	connect('two numbers, a reference with blanks around it', { customField: '  a b ' }, ['v1 connect']),
	connect('two numbers, a whole number as a reference', { customField: 4711 }, ['v1 connect']),
	connect('two numbers, numbers as text', { timeLimitSeconds: '60', ringTimeSeconds: ' 20 ' }, ['v1 connect']),
	connect('two numbers, record as a word', { record: 'yes' }, ['v1 connect']),
	connect('two numbers, default of a field that needs another', { recordingChannels: 'single' }, ['v1 connect']),
	{
		...connect('two numbers, from Indonesia', { to: '0812-3456-789' }, ['v1 connect']),
		account: { defaultCountry: 'ID' },
	},
	connect(
		'two numbers, events and format of the callbacks',
		{ ...own, statusCallbackContentType: 'application/json' },
		['v1 connect'],
	),
	connect('rule choice: an event nobody knows', { ...own, statusCallbackEvents: ['terminal', 'vanished'] }),
	connect('rule depends-on: events without an address', { statusCallbackEvents: ['ringing'] }),
	connectFlow(
		'a flow: neither events nor a format go out',
		{ ...own, statusCallbackContentType: 'application/json' },
		['v1 connect flow'],
	),
	connectAgent('an agent, both events to one address', { ...own, statusCallbackEvents: ['answered', 'terminal'] }, [
		'v2 call placed',
	]),
	connectAgent('an agent, each event to an address of its own', { ...own, ...answeredUrl }, ['v2 call placed']),
	connectAgent('rule choice: ringing is no event of v2', { ...own, statusCallbackEvents: ['ringing'] }),
	connectAgent('rule depends-on: one address of two', answeredUrl),
	connect('rule required: no numbers at all', { from: '', to: '', exoPhone: '' }),
	connect('rule required: blanks only', { to: '   ' }),
	connect('rule phone: texts that are no numbers', { from: 'hello', to: '12' }),
	connect('rule phone: SIP where none works', { to: 'sip:agent1', exoPhone: 'sip:agent2' }),
	connect('rule url: an address without a protocol', { statusCallbackUrl: 'crm.example.com/exotel' }),
	connect('rule url: a sound that is no web address', { waitAudioUrl: 'ftp://example.com/a.wav' }),
	connect('rule audio: an mp3 as a waiting sound', { waitAudioUrl: 'https://example.com/a.mp3' }),
	connect('rule min and max of whole numbers', { timeLimitSeconds: 14_401, ringTimeSeconds: 0 }),
	connect('rule number: a fraction and a word', { timeLimitSeconds: 1.5, ringTimeSeconds: 'long' }),
	connect('rule choice: a word nobody knows', { callType: 'promo', record: true, recordingChannels: 'three' }),
	connect('rule boolean: a word that is neither', { record: 'perhaps' }),
	connect('rule depends-on: two tracks without a recording', { recordingChannels: 'dual', playbackTo: 'both' }),
	connect('rule same number: both are the same', { from: '+919876538847' }),
	connect('rule text: a list as a reference', { customField: ['a', 'b'] }),
	connect('several broken rules at once', { from: 'hello', exoPhone: '', ringTimeSeconds: -1, playbackTo: 'both' }),
	{ ...connect('a SID is missing in the account', {}), account: { sid: '' } },
	connect('refused with 400', {}, ['bad request']),
	connect('refused with 401', {}, ['unauthorised']),
	connect('refused with 403', {}, ['forbidden']),
	connect('refused with 404', {}, ['not found']),
	connect('the response is lost: 504', {}, ['gateway timeout']),
	connect('the response is lost: a page of a proxy', {}, ['bad gateway page']),
	connect('the response is lost: the connection is cut', {}, ['cut off']),
	connect('the response is lost: half of it came', {}, ['nonsense']),
	connect('answered with 500', {}, ['server error']),
	{ ...connect('refused with 429, then taken', {}, ['too many', 'v1 connect']), later: [{ advance: 3 }] },
	connectFlow('a flow, nothing else', {}, ['v1 connect flow']),
	connectFlow(
		'a flow by its address, with options',
		{ flowId: '', flowUrl: 'http://my.exotel.com/acme1/exoml/start_voice/926', record: true, ringTimeSeconds: 25 },
		['v1 connect flow'],
	),
	connectFlow('a flow: exactly one of ID and address, both given', { flowUrl: 'http://my.exotel.com/acme1/exoml/1' }),
	connectFlow('a flow: exactly one of ID and address, none given', { flowId: '' }),
	connectFlow('a flow: an ID that is none', { flowId: 'a b' }),
	connectFlow('a flow: wrong number and limits', { from: 'nobody', timeLimitSeconds: 0 }),
	connectAgent('an agent, nothing else', {}, ['v2 call placed']),
	connectAgent(
		'an agent, every option',
		{
			record: true,
			recordingChannels: 'dual',
			timeLimitSeconds: 1800,
			ringTimeSeconds: 30,
			customField: '12130y124b2f142',
			waitAudioUrl: 'https://example.com/please-wait.wav',
			statusCallbackUrl: 'https://crm.example.com/exotel',
		},
		['v2 call placed'],
	),
	{
		name: 'an agent by the ID',
		operation: 'connectAgent',
		fields: { agentId: '12898c52573645739e64864ad308f0a9', to: agent.to, exoPhone: agent.exoPhone },
		answers: ['v2 call placed'],
	},
	connectAgent('an agent by a SIP address', { agentContact: 'sip:gauravjfb55d386' }, ['v2 call placed']),
	connectAgent('an agent: exactly one of phone and ID, none given', { agentContact: '' }),
	connectAgent('an agent: the same number as the customer', { to: '+919953121234' }),
	connectAgent('an agent: wrong values', { agentContact: '1', to: 'x', recordingChannels: 'dual' }),
	connectAgent('an agent who is busy', {}, ['agent busy']),
	connectAgent('an agent nobody knows', {}, ['agent unknown']),
	connectAgent('an agent, the response is lost: 500', {}, ['v2 server error']),
];

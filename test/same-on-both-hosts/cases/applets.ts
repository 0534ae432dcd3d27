/** What a caller gets: answers of every kind to every applet, and the fallback. */
import type { Data } from '../../recorded/case';
import type { Answering } from '../description';

type Answer = NonNullable<Answering['answer']>;

const answered = (
	name: string,
	request: Answering['request'],
	answer: Answer,
	more: Partial<Answering> = {},
): Answering => ({
	name,
	operation: 'applet',
	request,
	answer,
	...(request === 'passthru question' && { applet: 'passthru' as const }),
	...more,
});

const connected = (
	name: string,
	request: string,
	fields: Answer['fields'] = {},
	more: Partial<Answering> = {},
): Answering => answered(name, request, { answer: 'connect', fields }, more);

const unanswered = (name: string, request: Answering['request'], fallback: Answering['fallback'] = {}): Answering => ({
	name,
	operation: 'applet',
	request,
	answer: null,
	fallback,
	...(request === 'passthru question' && { applet: 'passthru' as const }),
});

const oneNumber = { destinations: '09812345678' };
const everyField = {
	destinations: '+919812345678, 08012345678',
	outgoingExoPhone: '08047115777',
	record: true,
	recordingChannels: 'dual',
	ringTimeSeconds: 45,
	conversationTimeSeconds: 3600,
	musicOnHold: 'custom_tone',
	musicOnHoldUrl: 'https://example.com/hold.wav',
	parallelRinging: true,
	parallelAttempts: 3,
	fetchAfterAttempt: true,
	playbackText: 'This call may be recorded.',
	eventUrl: 'https://example.com/exotel/agents',
};
const switchesOff = {
	...oneNumber,
	record: false,
	parallelRinging: false,
	fetchAfterAttempt: false,
	stateManagement: false,
	stickyAgent: false,
};
const own10 = '{"destination":{"numbers":["+919812345678"]},"record":true}';
const own11 = '{"destination":[{"contact_uri":"sip:gauravjfb55d386"}],"recording":{"record":true,"channels":"single"}}';

const row1 = 'row 1 (fallback with a SIP address)';
const row2 = 'row 2 (separators of the fallback)';
const row3 = 'row 3 (one unusable number in the fallback)';

const spokenAnswer = (
	name: string,
	applet: 'gather' | 'greeting',
	fields: Data,
	more: Partial<Answering> = {},
): Answering => answered(name, `${applet} question`, { answer: applet, fields }, { applet, ...more });

const spoken: readonly Answering[] = [
	spokenAnswer('gather: a text', 'gather', { promptText: 'Press 1 or 2.', maxDigits: 1 }),
	spokenAnswer('gather: every field', 'gather', {
		promptUrl: 'https://example.com/menu.wav',
		maxDigits: 4,
		finishOnKey: '*',
		keyTimeoutSeconds: 6,
		repeats: 2,
		repeatText: 'Again.',
	}),
	spokenAnswer('gather: no finish key', 'gather', { promptText: 'a', maxDigits: 1, finishOnKey: 'none' }),
	spokenAnswer(
		'gather: nothing to hear gets the fallback',
		'gather',
		{ maxDigits: 1 },
		{ fallback: { words: 'Press 1.' } },
	),
	spokenAnswer('gather: without an optional field that is wrong', 'gather', {
		promptText: 'a',
		maxDigits: 1,
		finishOnKey: 'hash',
	}),
	answered(
		'gather: own JSON',
		'gather question',
		{ answer: 'own', own: '{"gather_prompt":{"text":"a"}}' },
		{ applet: 'gather' },
	),
	answered('gather: own JSON of a Connect', 'gather question', { answer: 'own', own: own10 }, { applet: 'gather' }),
	answered(
		'gather: whom to connect to is the wrong kind',
		'gather question',
		{ answer: 'connect', fields: oneNumber },
		{ applet: 'gather' },
	),
	connected('the keys come with the request after the gather', 'connect after gather', oneNumber),
	spokenAnswer('greeting: a text', 'greeting', { greetingText: 'Welcome.' }),
	spokenAnswer('greeting: a sound', 'greeting', { greetingUrl: 'https://example.com/welcome.wav' }),
	spokenAnswer('greeting: a sound that is no wav gets the fallback', 'greeting', {
		greetingUrl: 'https://example.com/welcome.mp3',
	}),
	answered('greeting: own text', 'greeting question', { answer: 'own', own: 'Welcome.' }, { applet: 'greeting' }),
	answered(
		'greeting: a branch is the wrong kind',
		'greeting question',
		{ answer: 'branch', branch: 'first' },
		{ applet: 'greeting' },
	),
	{ ...unanswered('no answer, gather', 'gather question'), applet: 'gather' },
	{ ...unanswered('no answer, gather, own words', 'gather question', { words: 'Press 1.' }), applet: 'gather' },
	{ ...unanswered('no answer, greeting', 'greeting question'), applet: 'greeting' },
	{
		...unanswered('no answer, greeting, a sound', 'greeting question', { words: 'https://example.com/a.wav' }),
		applet: 'greeting',
	},
	{ ...unanswered('the headers before a greeting', 'greeting headers'), applet: 'greeting' },
	{ ...unanswered('the address tells which applet asks', 'gather question'), applet: 'connect' },
	unanswered('an address with an unknown applet gets the fallback', 'unknown applet', {
		destinations: '09812345699',
	}),
];

export const appletCases: readonly Answering[] = [
	...['connect 1.0', 'connect 1.1'].flatMap((request) => [
		connected(`${request}: one number`, request, oneNumber),
		connected(`${request}: numbers by comma, semicolon and line`, request, {
			destinations: '09812345678; 08012345678\n+919812345679,',
		}),
		connected(`${request}: a list`, request, { destinations: ['09812345678', '08012345678'] }),
		connected(`${request}: an empty list dials nobody`, request, { destinations: [] }),
		connected(`${request}: an empty text is missing`, request, { destinations: '' }),
		connected(`${request}: separators only are missing`, request, { destinations: ' ,; ' }),
		connected(`${request}: every field`, request, everyField),
		connected(`${request}: switches off`, request, switchesOff),
		connected(`${request}: a sound, and both kinds of opening`, request, {
			...oneNumber,
			playbackText: 'a',
			playbackUrl: 'https://example.com/a.wav',
		}),
		connected(`${request}: a number and a SIP address`, request, { destinations: '+919812345678,sip:agent1' }),
		connected(`${request}: wrong values`, request, {
			destinations: 'hello; 12',
			ringTimeSeconds: 90,
			musicOnHold: 'jazz',
		}),
		connected(`${request}: a field that needs another`, request, {
			...oneNumber,
			musicOnHoldUrl: 'https://example.com/a.wav',
			parallelAttempts: 3,
		}),
		connected(`${request}: fields of one version only`, request, {
			...oneNumber,
			playbackText: 'a',
			playbackTo: 'callee',
			stickyAgent: true,
		}),
		connected(
			`${request}: a wrong answer gets the fallback`,
			request,
			{ destinations: 'hello' },
			{ fallback: { destinations: '09812345699' } },
		),
		answered(`${request}: nobody`, request, { answer: 'nobody' }),
		answered(`${request}: an own answer of 1.0`, request, { answer: 'own', own: own10 }),
		answered(`${request}: an own answer of 1.1`, request, { answer: 'own', own: own11 }),
		answered(`${request}: an own answer that Exotel would drop`, request, {
			answer: 'own',
			own: '{"destination":{"numbers":["12"]},"max_ringing_duration":90}',
		}),
		answered(`${request}: an own answer that is no JSON`, request, { answer: 'own', own: '{"destination":' }),
		answered(`${request}: a branch is the wrong kind`, request, { answer: 'branch', branch: 'first' }),
		answered(`${request}: a case is the wrong kind`, request, { answer: 'case', caseName: 'premium' }),
	]),
	answered('passthru: first branch', 'passthru question', { answer: 'branch', branch: 'first' }),
	answered('passthru: second branch', 'passthru question', { answer: 'branch', branch: 'second' }),
	answered('passthru: a branch nobody knows', 'passthru question', { answer: 'branch', branch: 'third' }),
	answered('passthru: a case', 'passthru question', { answer: 'case', caseName: 'premium' }),
	answered('passthru: a case without a name', 'passthru question', { answer: 'case', caseName: '' }),
	answered('passthru: own text', 'passthru question', { answer: 'own', own: 'premium' }),
	answered('passthru: whom to connect to is the wrong kind', 'passthru question', {
		answer: 'connect',
		fields: oneNumber,
	}),
	answered('passthru: nobody is the wrong kind', 'passthru question', { answer: 'nobody' }),
	answered('a kind of answer nobody knows', 'connect 1.0', { answer: 'whoever' }),
	unanswered('no answer, no fallback, connect 1.0', 'connect 1.0'),
	unanswered('no answer, no fallback, connect 1.1', 'connect 1.1'),
	unanswered('no answer, second branch', 'passthru question'),
	unanswered('no answer, first branch', 'passthru question', { branch: 'first' }),
	unanswered(`${row1}: connect 1.0 dials the number`, 'connect 1.0', { destinations: '+919812345678, sip:agent1' }),
	unanswered(`${row1}: connect 1.1 dials both`, 'connect 1.1', { destinations: '+919812345678, sip:agent1' }),
	unanswered(`${row1}: nothing but SIP, connect 1.0`, 'connect 1.0', { destinations: 'sip:agent1' }),
	unanswered(`${row2}: semicolons`, 'connect 1.0', { destinations: '+919812345678; 08012345678' }),
	unanswered(`${row2}: lines`, 'connect 1.1', { destinations: '+919812345678\n08012345678' }),
	unanswered(`${row2}: separators only`, 'connect 1.0', { destinations: ' ; ' }),
	unanswered(`${row3}: connect 1.0`, 'connect 1.0', { destinations: '+919812345678, nonsense' }),
	unanswered(`${row3}: connect 1.1`, 'connect 1.1', { destinations: 'nonsense; 08012345678; 12' }),
	...spoken,
	unanswered('a request that cannot be read gets the fallback', 'no call', { destinations: '09812345699' }),
	unanswered('a request that cannot be read gets nobody', 'no call'),
	{ ...unanswered('a wrong token of an applet', 'connect 1.0'), token: 'wrong' },
	{ ...unanswered('an address that may not request', 'connect 1.0'), webhook: { allowedAddresses: '203.0.113.7' } },
	unanswered('a Connect applet where a Passthru is expected', 'passthru question'),
];

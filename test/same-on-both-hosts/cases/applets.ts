/** What a caller gets: answers of every kind to every applet, and the fallback. */
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
	unanswered('a request that cannot be read gets the fallback', 'no call', { destinations: '09812345699' }),
	unanswered('a request that cannot be read gets nobody', 'no call'),
	{ ...unanswered('a wrong token of an applet', 'connect 1.0'), token: 'wrong' },
	{ ...unanswered('an address that may not request', 'connect 1.0'), webhook: { allowedAddresses: '203.0.113.7' } },
	unanswered('a Connect applet where a Passthru is expected', 'passthru question'),
];

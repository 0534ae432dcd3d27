/** The forms of the package and what the browser tests fill in: right values, and wrong ones with the reasons. */

/** A form in one of its modes: what is filled in, as selects (`mode`), tick boxes or typed inputs (`[value, type]`). */
export interface Form {
	type: string;
	name: string;
	choose?: Record<string, string>;
	tick?: Record<string, boolean>;
	type_?: Record<string, [string, string]>;
	text?: Record<string, string>;
}

/** Every form, with what is filled in. */
export const FORMS: Form[] = [
	{
		type: 'exotel-make-call',
		name: 'numbers',
		choose: { mode: 'numbers' },
		type_: {
			from: ['+919812345600', 'str'],
			to: ['payload.phone', 'msg'],
			exoPhone: ['08047112233', 'str'],
			record: ['true', 'bool'],
			recordingChannels: ['dual', 'choice'],
			ringTimeSeconds: ['30', 'num'],
			customField: ['"order " & payload.order', 'jsonata'],
		},
	},
	{
		type: 'exotel-make-call',
		name: 'flow',
		choose: { mode: 'flow' },
		type_: { from: ['payload', 'msg'], flowId: ['926', 'str'], exoPhone: ['EXOPHONE', 'env'] },
	},
	{
		type: 'exotel-make-call',
		name: 'agent',
		choose: { mode: 'agent' },
		type_: {
			agentContact: ['sip:agent1', 'str'],
			to: ['payload.phone', 'msg'],
			exoPhone: ['+918047112233', 'str'],
		},
	},
	{
		type: 'exotel-make-call',
		name: 'numbers-callback',
		choose: { mode: 'numbers' },
		tick: { follow: false },
		type_: {
			from: ['+919812345600', 'str'],
			to: ['payload.phone', 'msg'],
			exoPhone: ['08047112233', 'str'],
			statusCallbackUrl: ['https://crm.example.com/calls', 'str'],
			statusCallbackEvents: ['terminal,answered,ringing', 'choice'],
			statusCallbackContentType: ['application/json', 'choice'],
		},
	},
	{
		type: 'exotel-make-call',
		name: 'agent-callback',
		choose: { mode: 'agent' },
		tick: { follow: false },
		type_: {
			agentContact: ['sip:agent1', 'str'],
			to: ['payload.phone', 'msg'],
			exoPhone: ['+918047112233', 'str'],
			statusCallbackUrl: ['/exotel/calls', 'str'],
			statusCallbackEvents: ['answered,terminal', 'choice'],
			statusCallbackAnsweredUrl: ['https://crm.example.com/answered', 'str'],
		},
	},
	{ type: 'exotel-get-call', name: 'call', choose: { api: 'auto' } },
	{
		type: 'exotel-list-calls',
		name: 'yesterday',
		choose: { range: 'yesterday', output: 'page', pace: 'ask' },
		type_: { callStatus: ['no-answer,busy', 'choice'], direction: ['inbound', 'choice'] },
	},
	{
		type: 'exotel-list-calls',
		name: 'custom',
		choose: { range: 'custom', output: 'all' },
		type_: { createdAfter: ['2026-10-01 00:00:00', 'str'], createdBefore: ['payload.until', 'msg'] },
		text: { limit: '500' },
	},
	{ type: 'exotel-get-recording', name: 'buffer', choose: { output: 'buffer' } },
	{
		type: 'exotel-get-recording',
		name: 'file',
		choose: { output: 'file' },
		type_: { filename: ['"/data/recordings/" & payload.sid & ".mp3"', 'jsonata'] },
	},
	{ type: 'exotel-lookup-number', name: 'number' },
	{ type: 'exotel-call-events', name: 'one', choose: { split: 'one' }, text: { path: 'calls' } },
	{ type: 'exotel-call-events', name: 'each', choose: { split: 'each' }, text: { path: 'each-call' } },
	{
		type: 'exotel-applet',
		name: 'nobody',
		choose: { fallback: 'nobody', fallbackBranch: 'second' },
		text: { path: 'who-to-ring' },
	},
	{
		type: 'exotel-applet',
		name: 'numbers',
		choose: { fallback: 'numbers', fallbackBranch: 'case' },
		text: {
			path: 'routing',
			fallbackNumbers: '+919812345678, sip:agent1',
			fallbackCase: 'sales',
			deadlineSeconds: '3.5',
		},
	},
	{
		type: 'exotel-applet',
		name: 'url',
		choose: { fallback: 'url', fallbackBranch: 'first' },
		text: { path: 'with-fallback-url' },
	},
	{
		type: 'exotel-applet',
		name: 'words',
		choose: { fallback: 'nobody', fallbackBranch: 'second' },
		text: { path: 'menu', fallbackGather: 'Press 1.', fallbackGreeting: 'https://example.com/moment.wav' },
	},
	{
		type: 'exotel-applet-answer',
		name: 'connect',
		choose: { answer: 'connect' },
		type_: {
			destinations: ['+919812345678, +919812345679', 'str'],
			record: ['true', 'bool'],
			musicOnHold: ['custom_tone', 'choice'],
			musicOnHoldUrl: ['https://example.com/wait.wav', 'str'],
		},
	},
	{
		type: 'exotel-applet-answer',
		name: 'gather',
		choose: { answer: 'gather' },
		type_: { promptText: ['For sales press 1.', 'str'], maxDigits: ['1', 'num'], promptUrl: ['', 'str'] },
	},
	{
		type: 'exotel-applet-answer',
		name: 'greeting',
		choose: { answer: 'greeting' },
		type_: { greetingUrl: ['https://example.com/welcome.wav', 'str'] },
	},
	{ type: 'exotel-applet-answer', name: 'nobody', choose: { answer: 'nobody' } },
	{
		type: 'exotel-applet-answer',
		name: 'branch',
		choose: { answer: 'branch' },
		type_: { branch: ['payload.digits = "1"', 'jsonata'] },
	},
	{ type: 'exotel-applet-answer', name: 'case', choose: { answer: 'case' }, type_: { caseName: ['sales', 'str'] } },
	{
		type: 'exotel-applet-answer',
		name: 'own',
		choose: { answer: 'own' },
		type_: { own: ['{"destination":{"numbers":["+919812345678"]}}', 'json'] },
	},
];

/** Broken values, and a word of the reason the editor must give. */
export const FAULTS: {
	type: string;
	choose?: Record<string, string>;
	type_?: Record<string, [string, string]>;
	text?: Record<string, string>;
	reasons: RegExp[];
}[] = [
	{
		type: 'exotel-make-call',
		choose: { mode: 'numbers' },
		type_: { from: ['12', 'str'], to: ['', 'str'], exoPhone: ['', 'str'], timeLimitSeconds: ['20000', 'num'] },
		reasons: [/not a phone number/, /is missing/, /ExoPhone is missing/, /at most 14400/],
	},
	{
		type: 'exotel-make-call',
		choose: { mode: 'flow' },
		type_: { from: ['payload', 'msg'], flowId: ['', 'str'], exoPhone: ['08047112233', 'str'] },
		reasons: [/Flow ID is missing\. It is the number of the flow/],
	},
	{ type: 'exotel-get-call', type_: { sid: ['a b', 'str'] }, reasons: [/up to 64 letters, digits/] },
	{
		type: 'exotel-list-calls',
		choose: { range: 'custom' },
		type_: { createdAfter: ['some day', 'str'], durationMinSeconds: ['-1', 'num'] },
		text: { limit: '0' },
		reasons: [/not a date and time/, /at least 0/, /Stop after/],
	},
	{
		type: 'exotel-get-recording',
		choose: { output: 'file' },
		type_: { url: ['', 'msg'], sid: ['', 'msg'], filename: ['', 'str'] },
		text: { waitSeconds: '9999' },
		reasons: [/fill in its URL or the call SID/, /File is missing/, /Wait at most/],
	},
	{ type: 'exotel-lookup-number', type_: { number: ['', 'str'] }, reasons: [/Phone number is missing/] },
	{ type: 'exotel-call-events', text: { path: 'calls of mine' }, reasons: [/Path: use only letters, digits/] },
	{
		type: 'exotel-applet',
		choose: { fallback: 'numbers', fallbackBranch: 'case' },
		text: { path: 'taken', fallbackNumbers: 'reception', fallbackCase: '', deadlineSeconds: '9' },
		reasons: [/already used/, /not a phone number/, /Case is missing/, /Deadline: from 0.2/],
	},
	{
		type: 'exotel-applet-answer',
		choose: { answer: 'connect' },
		type_: { destinations: ['', 'str'], ringTimeSeconds: ['90', 'num'] },
		reasons: [/Connect to is missing/, /at most 60/],
	},
	{
		type: 'exotel-applet',
		text: { path: 'greets', fallbackGreeting: 'https://example.com/moment.mp3' },
		reasons: [/^Greeting: a text, or the web address of a wav file/],
	},
	{
		type: 'exotel-applet-answer',
		choose: { answer: 'gather' },
		type_: { promptText: ['', 'str'], promptUrl: ['', 'str'], maxDigits: ['0', 'num'] },
		reasons: [/is missing\. Fill in a text or a sound file/, /at least 1 key\./],
	},
	{
		type: 'exotel-applet-answer',
		choose: { answer: 'greeting' },
		type_: { greetingText: ['Hello.', 'str'], greetingUrl: ['https://example.com/welcome.wav', 'str'] },
		reasons: [/^Fill in either .* or .*, not both\.$/],
	},
	{
		type: 'exotel-applet-answer',
		choose: { answer: 'own' },
		type_: { own: ['{"a":', 'json'] },
		reasons: [/not valid JSON/],
	},
];

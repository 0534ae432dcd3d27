/**
 * The flows that bench/node-red.mjs compares: ours, and what somebody without this package builds with Node-RED's own
 * nodes. The function of the hand-built flow does what our nodes promise: it compares the token in constant time, reads
 * the callback into the same event and passes each event on once; it checks the answer to a Connect applet.
 */
import { createHash, createHmac } from 'node:crypto';

export const TOKEN = 'bench-webhook-token-Hy72wCdS';

/** The token of one path of ours. */
export const pathToken = (path) =>
	createHmac('sha256', TOKEN).update(`exotel webhook ${path}`).digest('base64url').slice(0, 22);

const CHECK_TOKEN = `
const given = crypto.createHash('sha256').update(String(msg.req.query.token || '')).digest();
const wanted = Buffer.from('${createHash('sha256').update(TOKEN).digest('hex')}', 'hex');
if (!crypto.timingSafeEqual(given, wanted)) { msg.statusCode = 401; msg.payload = 'wrong token'; return [msg, null]; }
`;

/** How numbers, times and directions are written in every message. */
const READERS = `
const phone = (written) => {
	const text = String(written || '').replace(/[\\s()-]/g, '');
	const found = /^(?:\\+91|0091|91|0)?([1-9]\\d{9})$/.exec(text);
	return found ? '+91' + found[1] : text === '' || text === 'null' ? null : text;
};
const time = (written) => {
	const text = String(written || '');
	return /^2\\d{3}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$/.test(text) ? text.replace(' ', 'T') + '+05:30' : null;
};
const direction = (word) => (/^in/.test(word || '') ? 'inbound' : /^out/.test(word || '') ? 'outbound' : null);
`;

/** What a status callback and a Connect request leave blank in a call. */
const BLANK =
	'reason: null, digits: null, customerName: null, callerName: null, forwardedFrom: null, agent: null, answeredBy: null, ' +
	'parentSid: null, flowId: null, flowName: null, exoPhoneSid: null, requestId: null,';

/** Reads what Exotel sends into the event our node gives out, and drops what came before. */
const READ_CALLBACK = `${CHECK_TOKEN}
const body = {};
for (const [name, value] of Object.entries(msg.req.body || {})) {
	const nested = /^Legs\\[(\\d+)\\]\\[(\\w+)\\]$/.exec(name);
	if (nested) { body.Legs ??= []; (body.Legs[nested[1]] ??= {})[nested[2]] = value; } else body[name] = value;
}
if (!/^[\\w-]{1,64}$/.test(body.CallSid || '')) { msg.statusCode = 400; msg.payload = 'no call'; return [msg, null]; }
${READERS}
const number = (written) => (written === undefined || written === null || written === '' ? null : Number(written));
const legs = (body.Legs || []).map((leg, index) => ({
	party: index === 0 ? 'from' : 'to', status: leg.Status ?? null, onCallSeconds: number(leg.OnCallDuration),
	ringingSeconds: number(leg.RingingDuration), answeredBy: leg.AnsweredBy ?? null,
}));
const type = body.EventType || 'terminal';
const failed = legs.find((leg) => ['no-answer', 'busy', 'failed', 'canceled'].includes(leg.status));
const talk = number(body.ConversationDuration);
const outcome = talk > 0 || (!failed && legs[1]?.status === 'completed') ? 'answered' : failed ? failed.status : 'unknown';
const startedAt = time(body.StartTime);
const endedAt = type === 'terminal' ? time(body.EndTime) : null;
const call = {
	sid: body.CallSid, api: 'v1', state: type === 'terminal' ? 'ended' : 'active', direction: direction(body.Direction),
	directionWord: body.Direction ?? null, status: body.Status ?? null, outcome: type === 'terminal' ? outcome : null,
	unansweredBy: outcome !== 'answered' && failed ? failed.party : null, from: phone(body.From), to: phone(body.To),
	exoPhone: phone(body.PhoneNumberSid), createdAt: time(body.DateCreated), startedAt, updatedAt: time(body.DateUpdated), endedAt,
	durationSeconds: startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : null, talkSeconds: talk,
	price: number(body.Price), recordingUrl: body.RecordingUrl ?? null,
	recordingUrls: body.RecordingUrl ? [body.RecordingUrl] : [], customField: body.CustomField ?? null, legs, ${BLANK}
};
const id = call.sid + ':' + type;
const seen = context.get('seen') || new Map();
context.set('seen', seen);
const answer = { ...msg, payload: 'OK' };
if (seen.has(id)) return [answer, null];
seen.set(id, Date.now());
for (const old of seen.keys()) { if (seen.size <= 30000) break; seen.delete(old); }
const event = { id, type, party: null, at: endedAt ?? call.updatedAt, source: 'v1-callback' };
return [answer, { topic: type, payload: { ...event, call, raw: body }, exotel: { event, raw: body } }];
`;

/**
 * Reads a Connect request into the message our node gives out, and answers it with two numbers, checked as Exotel's
 * documents ask. The answer is there at once, so there is no deadline to watch.
 */
const ANSWER_CONNECT = `${CHECK_TOKEN}
const q = msg.payload;
if (!/^[\\w-]{1,64}$/.test(q.CallSid || '')) { msg.statusCode = 400; msg.payload = 'no call'; return [msg, null]; }
${READERS}
const dialled = phone(q.DialWhomNumber);
const call = {
	sid: q.CallSid, api: 'v1', state: 'active', direction: direction(q.Direction), directionWord: q.Direction ?? null,
	status: q.CallStatus ?? null, outcome: null, unansweredBy: null, from: phone(q.From), to: phone(q.To), exoPhone: phone(q.CallTo),
	createdAt: time(q.Created), startedAt: time(q.StartTime), updatedAt: time(q.CurrentTime), endedAt: null, durationSeconds: null,
	talkSeconds: null, price: null, recordingUrl: null, recordingUrls: [], customField: q.CustomField ?? null, legs: [], ${BLANK}
};
call.flowId = q.flow_id ?? null;
msg.topic = 'connect';
msg.request = {
	kind: 'connect', version: msg.req.headers['exotel-version'] ?? null, call, digits: q.digits ?? null, flowId: call.flowId,
	callType: q.CallType ?? null, dialCallStatus: q.DialCallStatus ?? null, dialledAgent: dialled, customField: call.customField,
	recordingUrl: null, previousAttempt: dialled && { dialled, status: q.DialCallStatus ?? null, durationSeconds: Number(q.DialCallDuration) },
};
const answer = {
	destination: { numbers: '+919812345678, 09812345679'.split(',').map((one) => phone(one.trim())) },
	outgoing_phone_number: phone('08047112233'), record: true, recording_channels: 'dual', max_ringing_duration: 30,
	max_conversation_duration: 3600, music_on_hold: { type: 'default_tone' },
};
const isNumber = (value) => /^\\+[1-9]\\d{6,14}$/.test(value || '');
if (!answer.destination.numbers.every(isNumber) || !isNumber(answer.outgoing_phone_number) || answer.max_ringing_duration > 60
	|| answer.max_conversation_duration > 14400 || !['single', 'dual'].includes(answer.recording_channels)) {
	msg.statusCode = 500;
	msg.payload = 'wrong answer';
	return [msg, null];
}
msg.payload = answer;
return [msg, null];
`;

export const TAB = { id: 'tab', type: 'tab', label: 'Bench', disabled: false, info: '', env: [] };

/** The account that every node of ours names, with other settings where they matter. */
export const account = (more = {}) => ({
	id: 'account',
	type: 'exotel-account',
	region: 'singapore',
	sid: 'acme1',
	publicUrl: 'https://example.com',
	timeZone: 'Asia/Kolkata',
	defaultCountry: 'IN',
	requestsPerMinute: '200',
	allowedAddresses: '',
	trustedProxies: '',
	anyoneMayCall: false,
	...more,
});

export const node = (type, id, more) => ({ id, type, z: 'tab', name: '', x: 100, y: 100, wires: [[]], ...more });

/** A node for status callbacks; `id` is its path, too. */
export const callEvents = (id, to) =>
	node('exotel-call-events', id, {
		path: id,
		account: 'account',
		events: '',
		sources: '',
		split: 'one',
		store: '',
		sweepMinutes: '0',
		wires: [[to]],
	});

/** A Connect applet; `id` is its path, too. Without `to` nobody answers. */
export const applet = (id, to, more = {}) =>
	node('exotel-applet', id, {
		path: id,
		account: 'account',
		deadlineSeconds: '4',
		fallback: 'nobody',
		fallbackBranch: 'second',
		wires: [to === null ? [] : [to]],
		...more,
	});

const httpIn = (id, method, more = {}) => node('http in', id, { url: `/${id}`, method, upload: false, ...more });

/** `http in` → function → `http response`, its event to a junction. */
const byHand = (id, method, func, more = {}) => [
	httpIn(id, method, { ...more, wires: [[`${id}-f`]] }),
	node('function', `${id}-f`, {
		func,
		outputs: 2,
		libs: [{ var: 'crypto', module: 'crypto' }],
		wires: [[`${id}-r`], ['seen']],
	}),
	node('http response', `${id}-r`, { statusCode: '', headers: {} }),
];

const CONNECT_FIELDS = {
	destinations: ['+919812345678, 09812345679', 'str'],
	outgoingExoPhone: ['08047112233', 'str'],
	record: ['true', 'bool'],
	recordingChannels: ['dual', 'choice'],
	ringTimeSeconds: ['30', 'num'],
	conversationTimeSeconds: ['3600', 'num'],
	musicOnHold: ['default_tone', 'choice'],
};

/** Everything on one tab: `events` and `connect` of ours, the same by hand (twice, to see how quiet the machine is). */
export function flows({ callEventNodes = 1, allowedAddresses = '' } = {}) {
	const answer = Object.entries(CONNECT_FIELDS).flatMap(([name, [value, type]]) => [
		[name, value],
		[`${name}Type`, type],
	]);
	return [
		TAB,
		account({ allowedAddresses }),
		node('junction', 'seen', {}),
		...Array.from({ length: callEventNodes }, (_, index) =>
			callEvents(index === 0 ? 'events' : `events${index}`, 'seen'),
		),
		applet('connect', 'answer'),
		node('exotel-applet-answer', 'answer', { answer: 'connect', ...Object.fromEntries(answer) }),
		...byHand('hand', 'post', READ_CALLBACK),
		...byHand('hand-again', 'post', READ_CALLBACK),
		...byHand('hand-upload', 'post', READ_CALLBACK, { upload: true }),
		...byHand('hand-connect', 'get', ANSWER_CONNECT),
		// What no flow can do without: Node-RED's own nodes and nothing between them.
		httpIn('floor', 'post', { wires: [['floor-r']] }),
		node('http response', 'floor-r', { statusCode: '200', headers: {} }),
	];
}

/** The Code nodes of the workflows that somebody builds by hand in n8n; `TOKEN` is declared before them. */

const CHECK_TOKEN = `
const request = $input.first().json;
const given = String(request.query.token || '');
let different = given.length ^ TOKEN.length;
for (let index = 0; index < TOKEN.length; index++) different |= given.charCodeAt(index) ^ TOKEN.charCodeAt(index);
if (different !== 0) throw new Error('wrong token');
const phone = (written) => {
	const found = /^(?:\\+91|0091|91|0)?([1-9]\\d{9})$/.exec(String(written || '').replace(/[\\s()-]/g, ''));
	return found ? '+91' + found[1] : null;
};
`;

/** Reads a JSON callback into the event our trigger gives out. */
export const READ_CALLBACK = `${CHECK_TOKEN}
const body = request.body;
if (!/^[\\w-]{1,64}$/.test(body.CallSid || '')) throw new Error('no call');
const time = (written) => (/^2\\d{3}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$/.test(written || '') ? written.replace(' ', 'T') + '+05:30' : null);
const legs = (body.Legs || []).map((leg, index) => ({
	party: index === 0 ? 'from' : 'to', status: leg.Status ?? null, onCallSeconds: Number(leg.OnCallDuration ?? 0),
}));
const failed = legs.find((leg) => ['no-answer', 'busy', 'failed', 'canceled'].includes(leg.status));
const data = $getWorkflowStaticData('node');
data.seen ??= [];
const id = body.CallSid + ':' + body.EventType;
if (data.seen.includes(id)) return [];
data.seen = [...data.seen.slice(-199), id];
return [{ json: { id, type: body.EventType, at: time(body.EndTime), source: 'v1-callback', raw: body, call: {
	sid: body.CallSid, state: 'ended', direction: 'outbound', status: body.Status, outcome: failed ? failed.status : 'answered',
	from: phone(body.From), to: phone(body.To), exoPhone: phone(body.PhoneNumberSid), createdAt: time(body.DateCreated),
	startedAt: time(body.StartTime), endedAt: time(body.EndTime), talkSeconds: Number(body.ConversationDuration ?? 0),
	recordingUrl: body.RecordingUrl ?? null, legs,
} } }];
`;

/** Answers a Connect request with two numbers, checked. */
export const ANSWER_CONNECT = `${CHECK_TOKEN}
if (!/^[\\w-]{1,64}$/.test(request.query.CallSid || '')) throw new Error('no call');
const numbers = '+919812345678, 09812345679'.split(',').map((number) => phone(number.trim()));
if (numbers.includes(null)) throw new Error('wrong number');
return [{ json: { destination: { numbers }, record: true, max_ringing_duration: 30 } }];
`;

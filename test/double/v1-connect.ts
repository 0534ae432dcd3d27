/**
 * `POST /v1/Accounts/<sid>/Calls/connect[.json]`: seed 004, "connect two numbers" and "connect them to a call flow".
 */
import { ownedExoPhone, place, ringsFor, takeScript, type Account, type Made } from './account';
import { newCall } from './calls';
import { readParameters, type Pair } from './form';
import type { ReceivedRequest } from './http';
import { isPhone } from './numbers';
import { jsonReply, refuse, xmlReply } from './v1-errors';
import { v1Record } from './v1-record';
import { writeXml } from './xml';

const common = ['From', 'CallerId', 'CallType', 'TimeLimit', 'TimeOut', 'StatusCallback', 'CustomField'];
const twoNumbers = [
	...common,
	'To',
	'WaitUrl',
	'Record',
	'RecordingChannels',
	'RecordingFormat',
	'StatusCallbackContentType',
	// "New" is a badge of the page that leaked into the seed (facts, not documented); both spellings are taken.
	'StartPlaybackTo',
	'StartPlaybackValue',
	'StartPlaybackToNew',
	'StartPlaybackValueNew',
];
const flow = [...common, 'Url'];

/** The parameters of one POST. */
class Parameters {
	readonly #values: Map<string, string>;
	readonly events: string[] = [];
	readonly unknown: string[] = [];

	constructor(pairs: readonly Pair[]) {
		this.#values = new Map(pairs);
		const known = this.has('Url') ? flow : twoNumbers;
		for (const [name, value] of pairs) {
			// The only spelling of the array in the seeds; any other asks for nothing.
			if (/^StatusCallbackEvents\[\d+\]$/.test(name) && known === twoNumbers) this.events.push(value);
			else if (!known.includes(name)) this.unknown.push(name);
		}
	}

	has(name: string): boolean {
		return (this.#values.get(name) ?? '') !== '';
	}

	text(name: string): string {
		return this.#values.get(name) ?? '';
	}
}

/** Serves the POST: refuses it, or makes the call and answers it. */
export function connect(account: Account, request: ReceivedRequest, json: boolean): Made {
	const pairs = readParameters(request.query, request.headers['content-type'] ?? '', request.body);
	const parameters = new Parameters(pairs);
	const broken = brokenRule(account, parameters);
	// No document says how a bad parameter is answered: 400 (facts, not documented).
	if (broken !== null) return { reply: refuse(400, broken, json), script: null, sid: null };
	const isFlow = parameters.has('Url');
	const script = takeScript(account, parameters.text(isFlow ? 'From' : 'To'));
	// "StatusCallbackEvents parameter is not applicable for this case": a flow reports the default four fields only.
	const { events } = parameters;
	const url = parameters.text('StatusCallback');
	const call = newCall(
		{
			kind: isFlow ? 'flow' : 'two-numbers',
			from: parameters.text('From'),
			to: isFlow ? null : parameters.text('To'),
			exoPhone: parameters.text('CallerId'),
			dialled: ringsFor(script),
			record: parameters.text('Record') === 'true',
			customField: parameters.has('CustomField') ? parameters.text('CustomField') : null,
			subscriptions: url === '' ? [] : events.map((event) => ({ event, url })),
			defaultCallback: url !== '' && events.length === 0 ? url : null,
			contentType: isFlow
				? 'multipart/form-data'
				: parameters.text('StatusCallbackContentType') || 'multipart/form-data',
			parameters: pairs,
			unknownParameters: parameters.unknown,
		},
		script,
	);
	place(account, call);
	const record = v1Record(account, call, 'made', json);
	const reply = json ? jsonReply({ Call: record }) : xmlReply(writeXml([['Call', Object.entries(record)]]));
	return { reply, script, sid: call.sid };
}

/** The first documented rule the parameters break, in words; null when they keep all. */
function brokenRule(account: Account, given: Parameters): string | null {
	for (const name of ['From', 'CallerId']) if (!given.has(name)) return `${name} is mandatory`;
	if (!given.has('To') && !given.has('Url')) return 'To or Url is mandatory';
	// Two APIs, told apart by this parameter; what both together would do is open, so the double takes neither.
	if (given.has('To') && given.has('Url')) return 'To and Url exclude each other';
	for (const name of ['From', 'To']) {
		// Seed 004's sample `-d "From=+91941374XXXX"` leaves the plus unencoded, so that a space arrives. SIP addresses of
		// agents are (facts, not documented).
		if (given.has(name) && !isPhone(given.text(name).trim()) && !given.text(name).startsWith('sip:'))
			return `${name} is no phone number`;
	}
	if (ownedExoPhone(account, given.text('CallerId')) === null) return 'CallerId is not an ExoPhone of this account';
	if (given.has('Url') && !isFlowUrl(account, given.text('Url'))) return 'Url is no flow of this account';
	const words: Array<[string, string[]]> = [
		['CallType', ['trans']],
		['Record', ['true', 'false']],
		// The values below were lost from the seed: (facts, not documented).
		['RecordingChannels', ['single', 'dual']],
		['RecordingFormat', ['mp3', 'mp3-hq']],
		['StartPlaybackTo', ['Callee', 'Both']],
		['StatusCallbackContentType', ['multipart/form-data', 'application/json']],
	];
	for (const [name, values] of words) {
		if (given.has(name) && !values.includes(given.text(name))) return `${name} must be ${values.join(' or ')}`;
	}
	const whole = (name: string): boolean => !given.has(name) || /^[1-9]\d{0,8}$/.test(given.text(name));
	for (const name of ['TimeLimit', 'TimeOut']) if (!whole(name)) return `${name} must be a number of seconds`;
	if (Number(given.text('TimeLimit')) > 14400) return 'TimeLimit must be at most 14400';
	for (const name of ['WaitUrl', 'StatusCallback', 'StartPlaybackValue']) {
		if (given.has(name) && !/^https?:\/\/[^\s/]+/.test(given.text(name))) return `${name} must be a URL`;
	}
	const unknownEvent = given.events.find((event) => !['terminal', 'answered', 'ringing'].includes(event));
	return unknownEvent === undefined ? null : `StatusCallbackEvents knows no ${unknownEvent}`;
}

/**
 * Seed 004, "Url": `http://my.exotel.com/{your_sid}/exoml/start_voice/{app_id}`. The Mumbai host is (facts, not
 * documented).
 */
function isFlowUrl(account: Account, url: string): boolean {
	const match = /^https?:\/\/my(?:\.in)?\.exotel\.com\/([^/]+)\/exoml\/start_voice\/\d+$/.exec(url);
	return match?.[1] === account.sid;
}

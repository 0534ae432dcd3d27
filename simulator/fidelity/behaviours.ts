/** How the simulator behaves, rule by rule, with where each rule comes from. Part of `docs/fidelity.md`. */
import type { Source } from './field-groups';

/** One rule and its source. */
export interface Behaviour {
	area: string;
	rule: string;
	source: Source;
	from: string;
}

/** All rules, by area. */
export const behaviours: readonly Behaviour[] = [
	rule('Access', 'HTTP Basic with key and token; a missing or empty one is 401', 'documented', 'seeds 001, 004'),
	rule('Access', 'wording and body of a v1 401, WWW-Authenticate', 'guess', 'not public'),
	rule('Access', 'v2: 401 with code 1010; unknown account 404 with code 1017', 'documented', 'seed 001'),
	rule(
		'Access',
		'v1: an account that does not exist, or is another one, is 404',
		'guess',
		'users report 404 for the wrong region',
	),
	rule('Access', 'v1 paths have `Accounts`, v2 paths `accounts`', 'documented', 'seeds 001, 004'),
	rule(
		'Access',
		'200 make-call requests a minute and account, then 429',
		'documented',
		'developer.exotel.com, index',
	),
	rule('Access', 'Retry-After with a 429', 'guess', 'one weak source names 30 s'),
	rule('Make-call', 'leg 1 is `From`; `To` is dialled when leg 1 has answered', 'documented', 'seed 004'),
	rule('Make-call', 'urlencoded and multipart bodies, query parameters', 'documented', 'seeds 000, 004'),
	rule('Make-call', 'a JSON body', 'guess', 'accepted because it does no harm'),
	rule('Make-call', 'StatusCallbackEvents[0]=…', 'documented', 'seed 004'),
	rule(
		'Make-call',
		'StatusCallbackEvents[], bare, comma list; StartPlayback…New: accepted and flagged',
		'public code',
		'dograh-hq/dograh and others',
	),
	rule(
		'Make-call',
		'CallerId is mandatory and must be an ExoPhone of the account: else 400; the texts are a guess',
		'documented',
		'seed 004',
	),
	rule(
		'Make-call',
		'leniency (--lenient): a missing CallerId becomes the first ExoPhone, a foreign one is adopted',
		'guess',
		"seed 000's sample request has no CallerId",
	),
	rule(
		'Make-call',
		'the call is cut at TimeLimit (counted from the answer of leg 1), at most 14400; a leg rings at most TimeOut',
		'documented',
		'seed 004; from when TimeLimit counts is a guess',
	),
	rule('Make-call', 'a leg rings 30 s if TimeOut is not given', 'guess', 'one weak source'),
	rule('Make-call', 'calls are not recorded unless Record=true', 'documented', 'seed 004'),
	rule('Make-call', 'answers 400 RestException for missing or wrong parameters; the texts', 'guess', 'not public'),
	rule(
		'Make-call',
		'streams (StreamUrl) are accepted; the bot is not played',
		'public code',
		'dograh-hq/dograh provider.py',
	),
	rule(
		'Calls',
		'final status: leg 1 not answered → its status, else the status of leg 2',
		'documented',
		'support article 27323',
	),
	rule(
		'Calls',
		'the agent gives up while the customer rings: call failed, leg 2 canceled',
		'public code',
		'captures of a production CRM',
	),
	rule(
		'Calls',
		'the first leg is given up: status canceled in records, failed in callbacks',
		'guess',
		'callbacks are documented with four final words only',
	),
	rule(
		'Calls',
		'StartTime moves to the answer of leg 1; Duration = EndTime - StartTime',
		'documented',
		'samples of seed 000; the difference fits every sample',
	),
	rule(
		'Calls',
		'OnCallDuration counts from the leg’s own answer; ConversationDuration = that of leg 2',
		'documented',
		'seed 000',
	),
	rule('Calls', 'one second from dialling to the first ring', 'guess', 'ours'),
	rule(
		'Calls',
		'SIDs: 128 random bits as 32 hexadecimal characters; in some samples the last four carry the day, here they do not',
		'documented',
		'samples of seeds 000, 001 and 004',
	),
	rule(
		'Calls',
		'naive stamps are Indian time',
		'public code',
		'WareOnGo/exotel-call-service and every other consumer',
	),
	rule('Calls', 'v1 records show `0…` whatever was sent; callbacks show what was sent', 'documented', 'seed 004'),
	rule('Calls', 'Price: 0.75 per started minute and answered leg', 'guess', 'in the shape of seed 004'),
	rule(
		'Calls',
		'details may be filled in late (quirk `detailsDelaySeconds`, off by default)',
		'documented',
		'seed 004: about 2 minutes',
	),
	rule(
		'Bulk',
		'ended calls only; last 31 days; range of a month; six months back; pages of 50, at most 100; five numbers',
		'documented',
		'seed 004',
	),
	rule('Bulk', 'at most 100 SIDs', 'documented', 'developer.exotel.com, bulk call details'),
	rule('Bulk', 'every violation is a 400 RestException', 'guess', 'not public'),
	rule(
		'Bulk',
		'cursors: base64 of `<epoch seconds>,<CallSid>`',
		'public code',
		'decoded from the samples of seed 004',
	),
	rule('Bulk', 'no `Calls` element in XML', 'documented', 'seed 004'),
	rule('Bulk', 'NumbersMetadata is accepted and does nothing', 'guess', 'appears in a URI of seed 004 only'),
	rule('Numbers', 'numbers that are not Indian are 400', 'guess', 'not public'),
	rule(
		'Recordings',
		'private: Basic credentials or a pre-signed link; 404 while too early',
		'documented',
		'support article 3000129985',
	),
	rule(
		'Recordings',
		'the host is the simulator’s own; the sound is a generated tone, mono also for dual',
		'guess',
		'so that it downloads',
	),
	rule('Callbacks', 'multipart/form-data by default, JSON on request', 'documented', 'seed 004'),
	rule(
		'Callbacks',
		'answered once per leg, terminal once, ringing once per leg where enabled',
		'documented',
		'seed 000',
	),
	rule(
		'Callbacks',
		'no ringing reported (chaos switch `missingRinging`): RingingDuration is 0',
		'documented',
		'seed 000',
	),
	rule('Callbacks', 'flows: four fields at the end', 'documented', 'seed 004'),
	rule(
		'Callbacks',
		'`answered` carries Status no-answer and EndTime "null" (a text)',
		'documented',
		'samples of seed 000',
	),
	rule(
		'Callbacks',
		'`answered` carries ConversationDuration null',
		'guess',
		'seed 000 prints 32 before anybody has talked',
	),
	rule('Callbacks', 'no talk: RecordingUrl is null in JSON and blank in forms', 'documented', 'seed 004'),
	rule(
		'Callbacks',
		'15 s for an answer; repeated at +5 and +15 minutes after the first attempt; only 2xx counts',
		'guess',
		'one weak source names 15 s and two retries',
	),
	rule(
		'Callbacks',
		'one call’s callbacks wait for one another',
		'guess',
		'so that they arrive in order unless chaos is asked for',
	),
	rule('Callbacks', 'no signature, no User-Agent', 'public code', 'frappe and dograh find none'),
	rule(
		'Agents (v2)',
		'device off, unverified, busy, unknown: the codes of the error table',
		'documented',
		'seed 001',
	),
	rule('Agents (v2)', '10706 with 409; the table lists 404 as well', 'documented', 'seed 001'),
	rule('Agents (v2)', 'while no agents are configured, everybody is one', 'guess', 'so that no set-up is needed'),
	rule('Agents (v2)', 'a v1 call is 404 with code 3044', 'guess', 'from the wording "unsupported in this API"'),
	rule(
		'Agents (v2)',
		'details also of calls that ran a Connect applet of version 1.1',
		'guess',
		'seed 001 documents inbound records, not which calls have them',
	),
	rule('Agents (v2)', 'a body that cannot be read is 400 with code 400', 'guess', 'the table has no code for it'),
	rule('Agents (v2)', 'user_name is null until the call is over', 'documented', 'samples of seed 001'),
	rule(
		'Flows',
		'GET with call details; header Exotel-Version 1.0, exotel-version 1.1',
		'documented',
		'seeds 002, 003',
	),
	rule(
		'Flows',
		'`Created` in RFC form without zone',
		'public code',
		'frappe/exotel_integration; seed 002 says yyyy-mm-dd hh:mm:ss',
	),
	rule('Flows', 'EndTime is the epoch in Indian time; digits in quotation marks', 'documented', 'seed 002'),
	rule(
		'Flows',
		'outbound flow calls: From is the number called, To the ExoPhone',
		'guess',
		'seed 002 can be read both ways',
	),
	rule(
		'Flows',
		'5 s (real time) for an answer, then the fallback URL; also for status, content type, ' +
			'missing fields, unreachable sound',
		'documented',
		'seeds 002, 003',
	),
	rule(
		'Flows',
		'unknown fields of an answer are ignored; fields of a wrong type make it unusable',
		'guess',
		'not public',
	),
	rule(
		'Flows',
		'version 1.0 leaves SIP addresses out, 1.1 rings them',
		'public code',
		'seed 002 wants E.164; a public client saw SIP entries dropped',
	),
	rule(
		'Flows',
		'max_ringing_duration over 60 and max_conversation_duration over 4500 are cut to the limit',
		'guess',
		'not public',
	),
	rule(
		'Flows',
		'numbers in order, or several at once; three transitions; didn’t dial falls back to nobody answers',
		'documented',
		'seeds 002, 003',
	),
	rule(
		'Flows',
		'fetch_after_attempt: one attempt is one round through all numbers; the same set twice in a row stops',
		'documented',
		'seeds 002, 003; the size of an attempt is a guess',
	),
	rule(
		'Flows',
		'state management: known agents always, everybody with state_management or a SIP address',
		'documented',
		'seed 003',
	),
	rule(
		'Flows',
		'Passthru: 200 one branch, 302 the other; Switch Case by {"select"} under text/plain',
		'documented',
		'support articles 48283, 3000052018',
	),
	rule('Flows', 'Passthru: any other status takes the next applet', 'guess', 'not defined'),
	rule('Flows', 'call_event_passthru_url is a POST', 'guess', 'seed 003 prints a JSON body and no method'),
	rule('Flows', 'agent events and asynchronous Passthrus are not repeated', 'guess', 'not public'),
	rule('Flows', 'EventType " Dial" with a blank in front', 'documented', 'seed 000'),
	rule('Flows', 'a flow the simulator does not know greets for 6 s', 'guess', 'ours'),
	rule(
		'Failures',
		'403 KYC, 503 with code 35008',
		'public code',
		'bodies met by public clients; the text of the 403 is shortened',
	),
	rule('Failures', '502 as an HTML page, 504, 500, cut connections', 'guess', 'what proxies do'),
];

function rule(area: string, text: string, source: Source, from: string): Behaviour {
	return { area, rule: text, source, from };
}

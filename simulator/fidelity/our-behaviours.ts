/** Rules that the documents leave open, and how they were read. Part of the table of behaviours. */
import { rule, type Behaviour } from './rule';

/** Part of the table of behaviours. */
export const ourBehaviours: readonly Behaviour[] = [
	rule('Access', 'without --account any account SID, key and token are accepted', 'guess', 'ours'),
	rule(
		'Access',
		'v2: a path without account SID is 400 with code 1001, before credentials',
		'documented',
		'seed 001; that it comes before 401 is a guess',
	),
	rule(
		'Make-call',
		'a raw `+` that a form turns into a blank is taken as `+`',
		'documented',
		'the curl samples of seed 004 send it so',
	),
	rule(
		'Make-call',
		'an X in a number stands for a digit; an ExoPhone with an X is the first one of the account',
		'guess',
		'ours, so that samples of the documents work as they are',
	),
	rule(
		'Make-call',
		'From may be a SIP address, To may not',
		'public code',
		'public clients; seed 004 has numbers only',
	),
	rule(
		'Make-call',
		'TimeOut may be as long as TimeLimit; CustomField and URLs up to 4,096 characters',
		'guess',
		'no limit is documented',
	),
	rule(
		'Make-call',
		'a call into a flow answers the ExoPhone as `To`',
		'guess',
		'the sample of seed 004 has a number that is in no field of its request',
	),
	rule('Calls', 'what a number does is decided by its last two digits', 'guess', 'ours'),
	rule('Bulk', 'a month is 31 days, six months are 184', 'guess', 'seed 004 names no days'),
	rule('Numbers', 'numbers that are not Indian are 400', 'guess', 'not public'),
	rule(
		'Numbers',
		'landlines are told by their STD code, and their circle for the larger cities; else it is Unavailable',
		'guess',
		'STD codes: National Numbering Plan of India; circles: seed 004; the word: ours',
	),
	rule(
		'Numbers',
		'the circle of a mobile number and every operator and DND are made up; landlines are MTNL’s in Delhi and ' +
			'Mumbai, else BSNL’s',
		'guess',
		'ours',
	),
	rule(
		'Agents (v2)',
		'an unknown user_contact_uri is 10731, as an unknown user_id; 10702 is for an agent without device record',
		'guess',
		'seed 001 has "User not found" and "User Device not found" and does not say which contact is which',
	),
	rule(
		'Agents (v2)',
		'call_status customer_no_dial never occurs',
		'guess',
		'seed 001: "rare scenario", without a cause',
	),
	rule(
		'Agents (v2)',
		'codes of the table without a cause in the document are answered by the chaos switch `v2ErrorCode` only',
		'guess',
		'ours',
	),
	rule(
		'Agents (v2)',
		'a customer’s leg that was canceled is no-answer',
		'guess',
		'seed 001 has no word canceled for legs',
	),
	rule('Flows', '`Created` is yyyy-mm-dd hh:mm:ss', 'documented', 'seed 002; seed 000 says "Time" only'),
	rule(
		'Flows',
		'a request after an attempt that nobody answered has CallType incomplete',
		'documented',
		'seed 002: "Connect applet, no agent picked up"; that this is meant before the applet ends is a guess',
	),
	rule(
		'Flows',
		'the first request of a Connect applet has CallType call-attempt',
		'documented',
		'seed 002: "IVR only, no connect applet"',
	),
	rule(
		'Flows',
		'RecordingUrl also after a Connect applet that recorded',
		'documented',
		'support article 48283; seed 002 names voicemail only',
	),
	rule(
		'Flows',
		'DialCallStatus, DialCallDuration and DialWhomNumber stay until the next Connect applet',
		'guess',
		'seed 002 names the applet before only',
	),
	rule(
		'Flows',
		'more numbers than max_parallel_attempts are rung in batches',
		'guess',
		'seeds 002, 003 say that all numbers are dialled',
	),
	rule('Flows', 'call_event_passthru_url is a POST', 'guess', 'seed 003 prints a JSON body and no method'),
	rule(
		'Flows',
		'call events: `from` and `virtual_number` with 0 in front, `to` (the agent) without',
		'documented',
		'the sample of seed 003',
	),
	rule(
		'Flows',
		'call events of outbound calls have direction outbound-dial',
		'guess',
		'the sample of seed 003 is of an incoming call',
	),
	rule('Flows', 'an incoming call to a number that is no ExoPhone of the account is refused', 'guess', 'ours'),
];

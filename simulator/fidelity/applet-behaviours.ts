/** Rules about the applets of a flow, most of them from the vendor's public support pages. */
import { rule, type Behaviour } from './rule';

const GATHER_PAGE = 'support article 3000084635, not in the seeds';
const GREETING_PAGE = 'support article 48285, not in the seeds';

/** Part of the table of behaviours. */
export const appletBehaviours: readonly Behaviour[] = [
	rule(
		'Flows',
		'Switch Case: an applet behind a Passthru; {"select":"name"} under text/plain, names compared exactly',
		'documented',
		'support article 3000052018, not in the seeds',
	),
	rule(
		'Flows',
		'Switch Case: no such case takes the next applet; other content types are noted',
		'guess',
		'not public',
	),
	rule(
		'Flows',
		'Gather: GET with Exotel-Version 1.0, fallback URL; gather_prompt (text or audio_url), ' +
			'max_input_digits (255), finish_on_key (#), input_timeout (5), repeat_menu (0), repeat_gather_prompt',
		'documented',
		GATHER_PAGE,
	),
	rule('Flows', 'Gather: no usable answer from both URLs counts as no input', 'guess', 'not public'),
	rule('Flows', 'Gather: repeat_menu is at most 10, input_timeout at most 255', 'guess', 'ours'),
	rule('Flows', 'Gather: branches by key; at Exotel that is the IVR Menu applet', 'guess', 'ours'),
	rule(
		'Flows',
		'Greeting: the URL is sent HEAD and GET; 200 with text/plain, a text or the URLs of sounds, one a line',
		'documented',
		`${GREETING_PAGE}; several lines: support article 84548`,
	),
	rule(
		'Flows',
		'Greeting: the parameters CallSid, From, To, DialWhomNumber and CustomField',
		'documented',
		GREETING_PAGE,
	),
	rule(
		'Flows',
		'Greeting, Gather: answers are used up to 10 sounds or 2,000 characters of text; the cut is noted',
		'guess',
		'ours',
	),
	rule('Flows', 'Greeting: all other parameters of applet requests as well', 'guess', 'not public'),
	rule('Flows', 'Greeting: an unusable answer is silence, and the flow goes on', 'guess', 'not public'),
	rule(
		'Flows',
		'Voicemail: later requests say CallType voicemail and name the recording as RecordingUrl',
		'documented',
		'seed 002',
	),
	rule(
		'Flows',
		'Voicemail: the message is the recording of the call, behind the conversation if that was recorded too',
		'guess',
		'not public',
	),
	rule(
		'Flows',
		'Voicemail: the record of the call names the message late, too (quirk `detailsDelaySeconds`, off by default)',
		'guess',
		'seed 002: there could be a delay',
	),
	rule(
		'Sounds',
		'Greeting, Gather, Voicemail: a sound of the flow that is not there, or not WAV, is silence',
		'guess',
		'support article 84548: other formats are not supported',
	),
	rule('Flows', 'a branch that is not set takes the next applet of the list', 'guess', 'ours'),
	rule('Flows', 'after the caller has hung up, Passthru, Switch Case and Hang up run', 'guess', 'not public'),
];

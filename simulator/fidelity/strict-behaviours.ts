/** Rules about what is refused or not used, what can be rehearsed, and every leniency with its switch. */
import { LENIENCIES } from '../model/leniencies';
import { ourBehaviours } from './our-behaviours';
import { rule, type Behaviour } from './rule';

/** Part of the table of behaviours. */
export const strictBehaviours: readonly Behaviour[] = [
	rule('Flows', 'Connect answers: numbers that are not E.164 are not rung', 'documented', 'seed 002'),
	rule(
		'Flows',
		'outgoing_phone_number must be an ExoPhone of the account and in the telecom circle of the first leg’s, else ' +
			'that one is used',
		'documented',
		'seeds 002, 003',
	),
	rule(
		'Flows',
		'outgoing_phone_number: a circle is known by the STD code only, so an ExoPhone with a mobile number is ' +
			'always used; that both are on one server is not checked; the national form is accepted',
		'guess',
		'seed 002 does not say which numbers share a circle or a server; a sample of seed 003 is national',
	),
	rule(
		'Flows',
		'sticky_agent: who talked to this caller before, also under an answer with sticky_agent, is rung first, if ' +
			'the answer names them',
		'guess',
		'seed 003 says no more than "agent mapping"',
	),
	rule('Flows', 'the agent pass-through says Direction outbound-dial', 'documented', 'seed 000'),
	rule(
		'Sounds',
		'music_on_hold and start_call_playback URLs are fetched; anything but 200 makes the answer unusable',
		'documented',
		'seeds 002, 003',
	),
	rule(
		'Sounds',
		'a sound that is not WAV, 8 kHz, 16 bit and mono is noted at the call; Connect rings on all the same',
		'guess',
		'seeds 002, 003 and 004 name the format; what another one does is not said',
	),
	rule(
		'Sounds',
		'WaitUrl and wait_audio_url are fetched and heard while leg 2 rings; else the ringing tone; 2 MB advised',
		'documented',
		'seeds 001, 004; what a file of another format does is a guess',
	),
	rule(
		'Sounds',
		'StartPlaybackTo is Callee (the default: `To`) or Both',
		'documented',
		'the official Postman collection; seed 004 says "agent or both customer and agent" without its list of words',
	),
	rule('Sounds', 'nothing is cached', 'guess', 'seeds 001 and 004: Exotel caches by URL'),
	rule('Failures', '403 for a trial account; the text', 'public code', 'test data of public clients'),
	rule('Failures', '402 without credit; the text', 'guess', 'developer.exotel.com: 402 = plan or usage limit'),
	rule('Failures', '404 as for an unknown account in the wrong region', 'guess', 'users report it'),
	rule('Failures', 'a call from a number to itself is busy', 'guess', 'ours'),
	...ourBehaviours,
	...LENIENCIES.map(({ name, meaning, source, from }) =>
		rule('Leniencies', `\`--as-seen-in-the-field\`, ${name}: ${meaning}`, source, from),
	),
];

/** Rules about what is refused or not used, what can be rehearsed, and every leniency with its switch. */
import { LENIENCIES } from '../model/leniencies';
import { rule, type Behaviour } from './rule';

/** Part of the table of behaviours. */
export const strictBehaviours: readonly Behaviour[] = [
	rule('Flows', 'Connect answers: numbers that are not E.164 are not rung', 'documented', 'seed 002'),
	rule(
		'Flows',
		'outgoing_phone_number must be an ExoPhone of the account, else the one of the first leg is used',
		'documented',
		'seeds 002, 003',
	),
	rule(
		'Flows',
		'sticky_agent: who talked to this caller before is rung first, if the answer names them',
		'guess',
		'seed 003 says no more than "agent mapping"',
	),
	rule('Flows', 'the agent pass-through says Direction outbound-dial, always', 'documented', 'seed 000'),
	rule(
		'Sounds',
		'music_on_hold and start_call_playback URLs are fetched; anything but 200 makes the answer unusable',
		'documented',
		'seeds 002, 003',
	),
	rule(
		'Sounds',
		'a sound that is not WAV is noted, and rung on',
		'guess',
		'seeds 002, 003 want WAV; what else is not said',
	),
	rule(
		'Sounds',
		'WaitUrl and wait_audio_url are fetched and heard while leg 2 rings; else the ringing tone; 2 MB advised',
		'documented',
		'seeds 001, 004; what a file of another format does is a guess',
	),
	rule('Sounds', 'StartPlayback is heard by the callee, or by both', 'documented', 'seed 004'),
	rule('Sounds', 'nothing is cached', 'guess', 'seeds 001 and 004: Exotel caches by URL'),
	rule('Failures', '403 for a trial account; the text', 'public code', 'test data of public clients'),
	rule('Failures', '402 without credit; the text', 'guess', 'developer.exotel.com: 402 = plan or usage limit'),
	rule('Failures', '404 as for an unknown account in the wrong region', 'guess', 'users report it'),
	rule('Failures', 'a call from a number to itself is busy', 'guess', 'ours'),
	...LENIENCIES.map(({ name, meaning, source, from }) =>
		rule('Leniencies', `\`--as-seen-in-the-field\`, ${name}: ${meaning}`, source, from),
	),
];

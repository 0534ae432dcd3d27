/** Rules about whom a Connect applet rings, who is busy meanwhile, what comes of it, and what v2 says of agents. */
import { rule, type Behaviour } from './rule';

/** Part of the table of behaviours. */
export const connectBehaviours: readonly Behaviour[] = [
	rule(
		'Flows',
		'state management: agents that were set and SIP addresses always, other numbers with state_management',
		'documented',
		'seed 003',
	),
	rule(
		'Flows',
		'a number that a call keeps busy is not rung by other answers of version 1.1 either, whatever they say',
		'documented',
		'seed 003: "The number is busy on another call … where state_management was requested"',
	),
	rule(
		'Flows',
		'version 1.0 rings agents who are off, unverified or busy, and keeps nobody busy',
		'documented',
		'seed 003 has these rules, seed 002 does not',
	),
	rule(
		'Flows',
		'Connect 1.1: an entry of destination that is no block with a text contact_uri makes the answer unusable',
		'documented',
		'seed 003: "Array of JSON block"; that this is no valid payload is a guess',
	),
	rule(
		'Flows',
		'several at once: an agent who is busy, or gives up, is free again before the others are done ringing',
		'guess',
		'not public',
	),
	rule(
		'Flows',
		'a Connect applet that reached nobody makes the outcome no-answer, also with a Voicemail behind it',
		'guess',
		'ours; Exotel has no such word',
	),
	rule(
		'Agents (v2)',
		'group_id and group_name are null for outgoing calls',
		'documented',
		'seed 001: "in case of outgoing or direct transfer to agent"',
	),
	rule(
		'Agents (v2)',
		'with quirk `detailsDelaySeconds` the details stay active after the end; callbacks are terminal at once',
		'documented',
		'seed 001: "post call processing data is yet to be processed"; that all other fields wait too is a guess',
	),
];

/** How a call ended: the rule of the two legs and every vocabulary Exotel uses. */
import assert from 'node:assert/strict';
import type { Outcome } from '../../../exotel';
import type { Leg, Party } from '../../../exotel/call/call';
import {
	type EndedCall,
	isActiveWord,
	isFinalWord,
	determineOutcome,
	unansweredOutcome,
} from '../../../exotel/call/outcome';

const leg = (party: Party, status: string | null): Leg => ({
	party,
	status,
	onCallSeconds: null,
	ringingSeconds: null,
	answeredBy: null,
});
const legs = (from: string | null, to: string | null): Leg[] => [leg('from', from), leg('to', to)];
const ended = (parts: Partial<EndedCall>): EndedCall => ({
	status: null,
	direction: 'outbound',
	legs: [],
	talkSeconds: null,
	...parts,
});

type Case = [string, Partial<EndedCall>, Outcome, Party | null];

const cases: Case[] = [
	[
		'somebody talked, whatever the words say (seed 004)',
		{ status: 'no-answer', legs: legs('completed', 'completed'), talkSeconds: 32 },
		'answered',
		null,
	],
	[
		'somebody talked, second leg says no-answer (seed 004)',
		{ status: 'completed', legs: legs('completed', 'no-answer'), talkSeconds: 33 },
		'answered',
		null,
	],
	[
		'first leg not answered',
		{ status: 'no-answer', legs: legs('no-answer', null), talkSeconds: 0 },
		'no-answer',
		'from',
	],
	['first leg busy beats the call’s word', { status: 'failed', legs: legs('busy', null) }, 'busy', 'from'],
	['first leg failed', { status: 'failed', legs: legs('failed', null) }, 'failed', 'from'],
	['first leg canceled', { status: 'failed', legs: legs('canceled', null) }, 'canceled', 'from'],
	['first leg unanswered beats the second', { legs: legs('no-answer', 'busy') }, 'no-answer', 'from'],
	[
		'second leg not answered',
		{ status: 'no-answer', legs: legs('completed', 'no-answer'), talkSeconds: 0 },
		'no-answer',
		'to',
	],
	['second leg busy', { status: 'busy', legs: legs('completed', 'busy') }, 'busy', 'to'],
	[
		'agent hung up while the customer rang',
		{ status: 'failed', legs: legs('completed', 'canceled'), talkSeconds: 0 },
		'canceled',
		'to',
	],
	[
		'both legs answered without talk time',
		{ status: 'completed', legs: legs('completed', 'completed'), talkSeconds: 0 },
		'answered',
		null,
	],
	[
		'both legs answered, call’s word wrong',
		{ status: 'no-answer', legs: legs('completed', 'completed') },
		'answered',
		null,
	],
	['words in any case and spelling', { legs: legs('Completed', 'CANCELLED') }, 'canceled', 'to'],
	[
		'inbound completed, agent did not answer',
		{ status: 'completed', direction: 'inbound', legs: legs('completed', 'no-answer'), talkSeconds: 0 },
		'no-answer',
		'to',
	],
	[
		'inbound completed, nobody dialled, no talk',
		{ status: 'completed', direction: 'inbound', legs: legs('completed', null), talkSeconds: 0 },
		'unknown',
		null,
	],
	['inbound completed without details', { status: 'completed', direction: 'inbound' }, 'unknown', null],
	[
		'inbound completed, first leg known only',
		{ status: 'completed', direction: 'inbound', legs: legs('completed', null) },
		'unknown',
		null,
	],
	[
		'inbound completed, talk without legs',
		{ status: 'completed', direction: 'inbound', talkSeconds: 9 },
		'answered',
		null,
	],
	[
		'v2 inbound completed without leg states (seed 001: they had a conversation)',
		{ status: 'completed', direction: 'inbound', agentParty: 'to' },
		'answered',
		null,
	],
	['outbound flow completed (four fields)', { status: 'completed' }, 'answered', null],
	['outbound flow completed with no talk time', { status: 'completed', talkSeconds: 0 }, 'answered', null],
	['four fields, not answered', { status: 'no-answer' }, 'no-answer', null],
	['four fields, busy', { status: 'busy' }, 'busy', null],
	['four fields, failed', { status: 'failed' }, 'failed', null],
	['first answered, second never dialled', { status: 'no-answer', legs: legs('completed', null) }, 'no-answer', 'to'],
	[
		'second leg still in progress, call’s word stands',
		{ status: 'busy', legs: legs('in-progress', 'in-progress') },
		'busy',
		null,
	],
	['an unknown word', { status: 'evaporated' }, 'unknown', null],
	['an unknown word after talk', { status: 'evaporated', talkSeconds: 1 }, 'answered', null],
	['no word at all', {}, 'unknown', null],
	['no word, both legs completed', { legs: legs('completed', 'completed') }, 'answered', null],
	['only the dialled leg is known', { legs: [leg('to', 'busy')] }, 'busy', 'to'],
	[
		'v2 completed',
		{ status: 'completed', legs: legs('completed', 'completed'), agentParty: 'from' },
		'answered',
		null,
	],
	[
		'v2 agent_unanswered',
		{ status: 'agent_unanswered', legs: legs('no-answer', null), agentParty: 'from' },
		'no-answer',
		'from',
	],
	[
		'v2 agent_unanswered, leg says busy',
		{ status: 'agent_unanswered', legs: legs('busy', null), agentParty: 'from' },
		'busy',
		'from',
	],
	[
		'v2 agent_unanswered, agent second',
		{ status: 'agent_unanswered', legs: legs('completed', 'failed'), agentParty: 'to' },
		'failed',
		'to',
	],
	[
		'v2 customer_unanswered',
		{ status: 'customer_unanswered', legs: legs('completed', 'no-answer'), agentParty: 'from' },
		'no-answer',
		'to',
	],
	[
		'v2 customer_unanswered without leg states',
		{ status: 'customer_unanswered', agentParty: 'from' },
		'no-answer',
		'to',
	],
	[
		'v2 customer_unanswered, customer first',
		{ status: 'customer_unanswered', agentParty: 'to' },
		'no-answer',
		'from',
	],
	[
		'v2 agent_canceled',
		{ status: 'agent_canceled', legs: legs('completed', 'canceled'), agentParty: 'from' },
		'canceled',
		'to',
	],
	['v2 customer_no_dial', { status: 'customer_no_dial', agentParty: 'from' }, 'failed', 'to'],
	['v2 agent_no_dial', { status: 'agent_no_dial', agentParty: 'from' }, 'failed', 'from'],
	['v2 words without knowing the agent’s leg', { status: 'agent_unanswered' }, 'no-answer', 'from'],
	['v3 from_leg_unanswered', { status: 'from_leg_unanswered' }, 'no-answer', 'from'],
	['v3 to_leg_unanswered', { status: 'to_leg_unanswered', legs: legs('completed', 'busy') }, 'busy', 'to'],
	['v3 from_leg_cancelled', { status: 'from_leg_cancelled' }, 'canceled', 'to'],
	['v3 from_leg_canceled', { status: 'FROM_LEG_CANCELED' }, 'canceled', 'to'],
	['v3 to_leg_no_dial', { status: 'to_leg_no_dial' }, 'failed', 'to'],
	['v3 from_leg_no_dial', { status: 'from_leg_no_dial' }, 'failed', 'from'],
];

describe('determineOutcome', () => {
	for (const [name, call, outcome, unansweredBy] of cases) {
		it(`${name}: ${outcome}${unansweredBy === null ? '' : ` by ${unansweredBy}`}`, () =>
			assert.deepEqual(determineOutcome(ended(call)), {
				outcome,
				unansweredBy,
				reason: outcome === 'unknown' ? 'not-stated' : null,
			}));
	}
});

describe('words of a call', () => {
	it('knows the running ones', () => {
		for (const word of ['queued', 'ringing', 'in-progress', 'In-Progress'])
			assert.equal(isActiveWord(word), true, word);
		for (const word of ['completed', 'busy', null, 'other']) assert.equal(isActiveWord(word), false, String(word));
	});

	it('knows the final ones', () => {
		for (const word of [
			'completed',
			'failed',
			'busy',
			'no-answer',
			'canceled',
			'cancelled',
			'Completed',
			'agent_unanswered',
			'to_leg_no_dial',
		])
			assert.equal(isFinalWord(word), true, word);
		for (const word of [
			'queued',
			'ringing',
			'in-progress',
			null,
			'other',
			'x_agent_unanswered',
			'agent_unanswered_x',
			'toString',
		])
			assert.equal(isFinalWord(word), false, String(word));
	});

	it('names an outcome for unanswered words only', () => {
		assert.equal(unansweredOutcome('cancelled'), 'canceled');
		assert.equal(unansweredOutcome('Busy'), 'busy');
		for (const word of ['completed', null, 'constructor', '']) assert.equal(unansweredOutcome(word), null);
	});
});

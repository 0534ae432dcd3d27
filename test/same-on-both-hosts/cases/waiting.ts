/** Calls that a host follows to their end. */
import type { Later, Placing } from '../description';

const numbers = { from: '+919812330240', to: '09876538847', exoPhone: '08047114890' };

const followed = (name: string, answers: Placing['answers'], later: Later[]): Placing => ({
	name,
	operation: 'connectNumbers',
	fields: numbers,
	follows: true,
	...(answers !== undefined && { answers }),
	later,
});

const row10 = 'row 10 (outcome unknown)';

export const waitingCases: readonly Placing[] = [
	followed('a callback that names the attempt ends it', ['v1 connect'], [{ report: 'placed ended' }]),
	followed('an end in JSON that nobody answered', ['v1 connect'], [{ report: 'placed ended json' }]),
	followed('progress ends nothing', ['v1 connect'], [{ report: 'placed ringing' }, { report: 'placed answered' }]),
	followed('progress, and then the end', ['v1 connect'], [{ report: 'placed answered' }, { report: 'placed ended' }]),
	followed('a callback of another call ends nothing', ['v1 connect'], [{ report: 'v1 terminal form' }]),
	followed(
		'a callback that names the SID only is believed when Exotel says the same',
		['v1 connect', 'v1 call placed ended'],
		[{ reportWithoutAttempt: 'placed ended' }],
	),
	followed(
		'a callback that names another SID and no attempt ends nothing',
		['v1 connect'],
		[{ reportWithoutAttempt: 'v1 terminal form' }],
	),
	followed('a callback that cannot be read ends nothing', ['v1 connect'], [{ report: 'no call at all' }]),
	{
		...followed('four fields end a flow', ['v1 connect flow'], [{ report: 'placed flow ended' }]),
		operation: 'connectFlow',
		fields: { from: '09812330240', flowId: '926', exoPhone: '08047114890', customField: 'order-1042' },
	},
	{
		...followed('the end of an agent’s call', ['v2 call placed'], [{ report: 'v2 placed ended' }]),
		operation: 'connectAgent',
		fields: { agentContact: '+919953121234', to: '+919953145678', exoPhone: '+918045681234' },
	},
	followed('refused while it should be followed', ['bad request'], []),
	followed(`${row10}: the response is lost, no-response`, ['gateway timeout'], []),
	followed(
		`${row10}: the response is lost, and a callback tells the end`,
		['gateway timeout'],
		[{ report: 'placed ended' }],
	),
	followed(
		`${row10}: the response is lost, and a callback has four fields`,
		['cut off'],
		[{ report: 'v1 four fields' }],
	),
	followed(
		`${row10}: the call has ended with a word nobody knows, not-stated`,
		['v1 connect'],
		[
			{
				report: {
					form: {
						CallSid: 'c5797dcbaaeed7678c4062a4a3ed2f8a',
						EventType: 'terminal',
						Status: 'vanished',
						DateUpdated: '2020-01-10 12:01:00',
					},
				},
			},
		],
	),
];

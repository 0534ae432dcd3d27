/** One call as Exotel tells it by every channel, and a player that shows what a timeline passes on. */
import assert from 'node:assert/strict';
import { advance } from '../../../exotel/call/timeline';
import { emptyTimeline } from '../../../exotel/call/timeline';
import { type Timeline } from '../../../exotel/call/timeline';
import { type Account, type CallEvent, readCallEvent } from '../../../exotel';
import { eventFromCall } from '../../../exotel/call/timeline';
import { callFromV1 } from '../../../exotel/call/record-v1';

export const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
export const SID = '492205107c5fb48f4ac25d1f77759339';

export const callback = (fields: object): CallEvent =>
	readCallEvent(
		{
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				CallSid: SID,
				From: '09413740000',
				To: '+918867990000',
				Direction: 'outbound-api',
				...fields,
			}),
			receivedAt: 1_554_682_715_000,
		},
		account,
	);
export const flow = (fields: Record<string, string>): CallEvent =>
	readCallEvent(
		{
			method: 'GET',
			headers: {},
			query: { CallSid: SID, Direction: 'incoming', From: '09413740000', To: '08047115777', ...fields },
			receivedAt: 1_554_682_715_000,
		},
		account,
	);

export const legs = (first: string | null, second: string | null) => [{ Status: first }, { Status: second }];
export const ringingFrom = callback({
	EventType: 'ringing',
	DateUpdated: '2019-04-08 03:18:00',
	Legs: legs('in-progress', null),
});
export const answeredFrom = callback({
	EventType: 'answered',
	DateUpdated: '2019-04-08 03:18:05',
	Legs: legs('in-progress', null),
});
export const ringingTo = callback({
	EventType: 'ringing',
	DateUpdated: '2019-04-08 03:18:06',
	Legs: legs('in-progress', 'in-progress'),
});
export const answeredTo = callback({
	EventType: 'answered',
	DateUpdated: '2019-04-08 03:18:10',
	Legs: legs('in-progress', 'in-progress'),
});
export const terminal = callback({
	EventType: 'terminal',
	Status: 'completed',
	DateUpdated: '2019-04-08 03:18:35',
	EndTime: '2019-04-08 03:18:36',
	ConversationDuration: 26,
	RecordingUrl: 'https://recordings.example.com/a.mp3',
	CustomField: 'order 7',
	Legs: [
		{ OnCallDuration: 31, Status: 'completed', RingingDuration: 4, AnsweredBy: 'HUMAN' },
		{ OnCallDuration: 26, Status: 'completed', RingingDuration: 3 },
	],
});
export const bareTerminal = callback({
	EventType: 'terminal',
	Status: 'completed',
	DateUpdated: '2019-04-08 03:18:35',
	RecordingUrl: '',
});
export const record = callFromV1(
	{
		Sid: SID,
		Status: 'completed',
		Price: '0.75',
		Duration: 37,
		DateUpdated: '2019-04-08 03:20:35',
		Details: { Leg1Status: 'completed', Leg2Status: 'completed', ConversationDuration: 26 },
	},
	account,
);
export const sweep = eventFromCall(record, { Call: {} }, '2019-04-08T03:30:00+05:30') as CallEvent;
export const agent = (type: string, contact: string, at: string): CallEvent =>
	flow({ EventType: type, DialWhomNumber: contact, CurrentTime: at, Status: type === 'Terminal' ? 'free' : 'busy' });
export const agentA = agent('Dial', '09812345699', '2019-04-08 03:18:01');
export const agentB = agent('Dial', '09812345600', '2019-04-08 03:18:01');
export const agentAFree = agent('Terminal', '09812345699', '2019-04-08 03:18:40');
export const visit = flow({ CallType: 'call-attempt', CurrentTime: '2019-04-08 03:17:59' });
export const passthru = flow({
	CallType: 'completed',
	DialCallStatus: 'completed',
	DialWhomNumber: '09812345699',
	CurrentTime: '2019-04-08 03:18:37',
});
export const all = [
	ringingFrom,
	answeredFrom,
	ringingTo,
	answeredTo,
	terminal,
	bareTerminal,
	sweep,
	agentA,
	agentB,
	agentAFree,
	visit,
	passthru,
];

/** Plays events; returns what was passed on and where the timeline ends. */
export function play(events: readonly CallEvent[]): { emitted: CallEvent[]; timeline: Timeline; ended: boolean } {
	let timeline = emptyTimeline(SID);
	let ended = false;
	const emitted: CallEvent[] = [];
	for (const event of events) {
		const before = structuredClone(timeline);
		const step = advance(timeline, event);
		assert.deepEqual(timeline, before, 'the timeline handed in stays as it was');
		timeline = step.timeline;
		ended = step.ended;
		if (step.emit !== null) emitted.push(step.emit);
	}
	return { emitted, timeline, ended };
}

export const told = (events: readonly CallEvent[]): string[] =>
	events.map((event) => `${event.type}${event.party === null ? '' : ` ${event.party}`}`);

/** What a caller pressed or recorded during a call: passed on, whoever placed it, and whatever is still to be asked. */
import assert from 'node:assert/strict';
import { readCallEvent, type CallEvent } from '../../../exotel/index';
import { account } from '../call/events-of-a-call';
import { placedCall, eventOf, polledEnd, stage, type Stage } from './stage';
import { VirtualClock } from './virtual-clock';

/** The request of a Passthru, as seed 002 has it. */
const passthru = (time: string, fields: Record<string, string>): CallEvent =>
	readCallEvent(
		{
			method: 'GET',
			headers: {},
			query: {
				...{ CallSid: 's1', Direction: 'outbound-dial', From: '09812345600', To: '08047115777' },
				...{ CurrentTime: `2026-11-21 15:${time}`, ...fields },
			},
			receivedAt: Date.parse('2026-11-21T10:00:00Z'),
		},
		account,
	);
const dialled = { CallType: 'completed', DialCallStatus: 'completed', DialWhomNumber: '09812345699' };
const menu = passthru('30:10', { CallType: 'call-attempt', digits: '"3"' });
const spoke = passthru('31:00', dialled);
const rating = passthru('31:20', { ...dialled, digits: '"5"' });

const said = ({ announced }: Stage) =>
	announced.map((one) => {
		const event = 'event' in one ? one.event : null;
		return [one.type, one.attemptId, event?.type ?? null, event?.call.digits ?? null, one.context];
	});

describe('what a caller pressed, as the tracker passes it on', () => {
	let clock: VirtualClock;
	beforeEach(() => {
		clock = new VirtualClock();
	});

	it('comes once, before the end of a call that was placed here and after it', async () => {
		const one = stage({ clock });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1', requested: {}, context: { order: 1 } });
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		for (const event of [menu, menu]) await one.tracker.received(event, null);
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		for (const event of [rating, rating, menu]) await one.tracker.received(event, null);
		await clock.advance(0);
		assert.deepEqual(said(one), [
			['placed', 'a1', null, null, { order: 1 }],
			['progress', 'a1', 'dial', '3', { order: 1 }],
			['ended', 'a1', 'terminal', null, { order: 1 }],
			['progress', 'a1', 'dial', '5', {}],
		]);
	});

	for (const confirmsEnds of [false, true])
		it(`has the custom field and numbers of the request, ends confirmed: ${confirmsEnds}`, async () => {
			const one = stage({ clock, confirmsEnds });
			const requested = { to: '+919812345699', customField: 'order 1' };
			await one.tracker.start();
			await one.tracker.begin({ attemptId: 'a1', api: 'v1', requested });
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			await one.tracker.received({ ...menu, call: { ...menu.call, to: null } }, null);
			await one.tracker.received({ ...rating, call: { ...rating.call, to: null } }, 'a1');
			await clock.advance(0);
			const calls = one.announced.flatMap((told) =>
				'event' in told && told.event !== null ? [told.event.call] : [],
			);
			assert.deepEqual(
				calls.map(({ to, customField, digits }) => ({ to, customField, digits })),
				['3', '5'].map((digits) => ({ ...requested, digits })),
			);
		});

	it('does not wait for Exotel to confirm the end that it came with', async () => {
		const one = stage({ clock, confirmsEnds: true, poll: (sid) => Promise.resolve(polledEnd(sid)) });
		await one.tracker.start();
		for (const event of [rating, rating]) await one.tracker.received(event, null);
		await clock.advance(200_000);
		for (const event of [rating, spoke]) await one.tracker.received(event, null);
		await clock.advance(200_000);
		assert.deepEqual(
			said(one).map(([type, , , digits]) => [type, digits]),
			[
				['progress', '5'],
				['ended', '5'],
			],
		);
	});

	it('decides nothing about an end that Exotel tells otherwise', async () => {
		const busy = polledEnd('s1');
		const call = { ...busy.call, status: 'busy', outcome: 'busy' as const, talkSeconds: 0 };
		const one = stage({ clock, confirmsEnds: true, poll: () => Promise.resolve({ ...busy, call }) });
		await one.tracker.start();
		await one.tracker.received(rating, null);
		await clock.advance(200_000);
		const events = one.announced.map((said) => ('event' in said ? said.event : null));
		assert.deepEqual(
			events.map((event) => [event?.type, event?.call.outcome, event?.call.status, event?.call.digits]),
			[
				['dial', null, null, '5'],
				['terminal', 'busy', 'busy', '5'],
			],
		);
	});
});

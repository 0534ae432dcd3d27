/** What a caller pressed or recorded: told by a Passthru alone, so it is passed on however late it comes. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { asPassedOn, isNewEvent, type CallEvent, type NewEventCheck } from '../../../exotel/index';
import { propertyRuns as numRuns } from '../samples';
import { flow, play, terminal, visit } from './events-of-a-call';

const at = (time: string, fields: Record<string, string>): CallEvent =>
	flow({ CurrentTime: `2019-04-08 ${time}`, DialWhomNumber: '09812345699', ...fields });
const menu = flow({ CallType: 'call-attempt', CurrentTime: '2019-04-08 03:18:01', digits: '"3"' });
const nobody = at('03:18:20', { CallType: 'incomplete', DialCallStatus: 'no-answer' });
const voicemail = at('03:19:00', {
	CallType: 'voicemail',
	DialCallStatus: 'no-answer',
	RecordingUrl: 'https://r.example/v.mp3',
});
const callBack = at('03:18:40', { CallType: 'incomplete', digits: '"1"' });
const callBackAgain = at('03:18:50', { CallType: 'incomplete', digits: '"1"' });
const spoke = at('03:19:10', { CallType: 'completed', DialCallStatus: 'completed' });
const rating = at('03:19:30', { CallType: 'completed', DialCallStatus: 'completed', digits: '"5"' });

const passedOn = (...events: CallEvent[]): string[] =>
	play(events).emitted.map(({ type, call: { outcome, digits, recordingUrl } }) =>
		[type, outcome, digits, recordingUrl].filter((part) => part !== null).join(' '),
	);

describe('what a caller pressed or recorded', () => {
	it('is passed on as progress after the end of an attempt to dial', () => {
		assert.deepEqual(passedOn(nobody, voicemail), ['terminal no-answer', 'dial no-answer https://r.example/v.mp3']);
		assert.deepEqual(passedOn(nobody, callBack, callBackAgain), [
			'terminal no-answer',
			'dial no-answer 1',
			'dial no-answer 1',
		]);
	});

	it('is passed on as progress after the conversation, and after the status callback of the end', () => {
		assert.deepEqual(passedOn(spoke, rating), ['terminal answered', 'dial answered 5']);
		assert.deepEqual(passedOn(terminal, rating).at(-1)?.split(' ').slice(0, 3), ['dial', 'answered', '5']);
		assert.deepEqual(passedOn(terminal, menu).length, 2, 'also what was pressed before the end and comes late');
		assert.deepEqual(passedOn(terminal, visit).length, 1, 'a visit without it is overtaken');
	});

	it('is part of the end when it comes with the first report of it', () => {
		assert.deepEqual(passedOn(voicemail), ['terminal no-answer https://r.example/v.mp3']);
		assert.deepEqual(passedOn(menu, rating), ['dial 3', 'terminal answered 5']);
	});

	it('is passed on once for each request, however often that comes', () => {
		const events = [nobody, voicemail, callBack, spoke, rating];
		assert.deepEqual(passedOn(...events, ...events), passedOn(...events));
		assert.deepEqual(passedOn(voicemail, voicemail), passedOn(voicemail));
		assert.deepEqual(passedOn(nobody, nobody), ['terminal no-answer']);
	});

	it('is told as each request says it, in whatever order they come', () => {
		const [first, second] = ['1', '0'].map((digits) => at('03:18:40', { CallType: 'call-attempt', digits }));
		assert.ok(first !== undefined && second !== undefined);
		const told = (...events: CallEvent[]): unknown[] => play(events).emitted.map(({ call: { digits } }) => digits);
		assert.deepEqual(told(first, second), ['1', '0'], 'in one second');
		const later = at('03:18:45', { CallType: 'call-attempt', digits: '2' });
		assert.deepEqual(told(later, first), ['2', '1'], 'the later one came first');
		assert.deepEqual(told(callBack, later), ['1', '2'], 'after the end of an attempt to dial');
		const other = at('03:19:20', { CallType: 'voicemail', RecordingUrl: 'https://r.example/w.mp3' });
		assert.deepEqual(
			play([other, voicemail]).emitted.map(({ call: { recordingUrl, recordingUrls } }) => [
				recordingUrl,
				...recordingUrls,
			]),
			[other, voicemail].map(({ call: { recordingUrl } }) => [recordingUrl, recordingUrl]),
		);
	});

	it('is known afterwards as it was pressed last', () => {
		const later = at('03:18:45', { CallType: 'call-attempt', digits: '2' });
		for (const order of [
			[callBack, later, terminal],
			[later, callBack, terminal],
		])
			assert.equal(play(order).emitted.find(({ source }) => source === 'v1-callback')?.call.digits, '2');
	});

	it('keeps the id of its request when that is progress by itself', () => {
		assert.equal(play([terminal, menu]).emitted.at(-1)?.id, menu.id);
	});

	it('never keeps back, doubles or corrects an end', () => {
		const corrected = passedOn(nobody, callBack, spoke, rating).filter((event) => event.startsWith('terminal'));
		assert.deepEqual(corrected, ['terminal no-answer', 'terminal answered 1']);
	});

	it('is the same timeline after any order, and every request is passed on', () => {
		const events = [menu, nobody, voicemail, callBack, callBackAgain, spoke, rating, terminal];
		const expected = play(events).timeline;
		const inputs = [menu, voicemail, callBack, callBackAgain, rating];
		fc.assert(
			fc.property(fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }), (order) => {
				const { timeline, emitted } = play(order);
				assert.deepEqual(timeline, expected);
				const times = new Set(emitted.map((event) => event.at));
				for (const input of inputs) assert.ok(times.has(input.at), input.id);
				assert.ok(emitted.filter(({ type }) => type === 'terminal').length <= 2);
			}),
			{ numRuns },
		);
	});

	it('is told apart by who keeps only the place, the end and the ids', () => {
		let state: NewEventCheck['state'] | null = null;
		const types: string[] = [];
		for (const event of [nobody, voicemail, voicemail, spoke, spoke, rating, rating]) {
			const told = asPassedOn(state, event);
			const check: NewEventCheck = isNewEvent(state, told);
			state = check.state;
			if (check.isNew) types.push(told.type);
		}
		assert.deepEqual(types, ['terminal', 'dial', 'terminal', 'dial']);
	});
});

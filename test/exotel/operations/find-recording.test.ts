/** The recording of a call: there, not yet there, or never. */
import assert from 'node:assert/strict';
import type { ExotelError } from '../../../exotel';
import { findRecording } from '../../../exotel/operations/find-recording';
import { answer, singapore } from '../samples';
import { options } from './paged-exotel';

const SID = 'b6cfaf5f5cef3ca0fc937749ef960e25';

/** What the node is told of a v1 call without a recording. */
async function toldOf(record: object): Promise<ExotelError> {
	const body = JSON.stringify({ Call: { Sid: SID, RecordingUrl: '', ...record } });
	const found = findRecording(
		singapore,
		{ sid: SID },
		{ api: 'v1' },
		options(async () => answer(body)),
	);
	return found.then(
		() => assert.fail('no recording'),
		(error: ExotelError) => error,
	);
}

const legs = (first: string, second: string) => ({ Details: { Leg1Status: first, Leg2Status: second } });

describe('the recording of a call', () => {
	it('may still come when no agent answered a call that Exotel took: its caller may have left a message', async () => {
		for (const record of [
			{ Direction: 'inbound', Status: 'completed', EndTime: null, ...legs('completed', 'no-answer') },
			{ Direction: 'inbound', Status: 'no-answer', EndTime: '2016-11-29 15:59:27' },
			{ Direction: 'outbound-api', Status: 'completed', ...legs('completed', 'busy') },
			{ Direction: 'inbound', Status: 'in-progress' },
		]) {
			const { kind, retryable, message, hint } = await toldOf(record);
			assert.deepEqual([kind, retryable], ['not-found', true], JSON.stringify(record));
			assert.match(message, /no recording yet/);
			assert.match(hint ?? '', /left a message/);
		}
	});

	it('never comes when a phone that was called was not answered', async () => {
		for (const Status of ['no-answer', 'busy', 'failed']) {
			const { kind, retryable, message, hint } = await toldOf({ Direction: 'outbound-api', Status });
			assert.deepEqual([kind, retryable], ['not-found', false], Status);
			assert.match(message, /nobody talked/);
			assert.match(hint ?? '', /answered.*messages/);
		}
	});
});

/** One poll: any SID that Exotel may give is polled, and what can never be polled is reported. */
import assert from 'node:assert/strict';
import { type Call } from '../../../exotel';
import { eventFromCall } from '../../../exotel/call/timeline';
import { readCall } from '../../../exotel/operations/find-call';
import { pollOnce } from '../../../exotel/tracking/poll-once';
import type { TrackerWarning } from '../../../exotel/tracking/announcements';
import { HandClock } from '../hand-clock';
import { answer, singapore } from '../samples';
import { scripted } from '../scripted-transport';

describe('one poll', () => {
	async function poll(sid: string, step: Parameters<typeof scripted>[0]) {
		const clock = new HandClock();
		const { transport, sent } = scripted(step);
		const warnings: TrackerWarning[] = [];
		const end = await pollOnce(
			{
				clock,
				async poll(polled, api) {
					const options = { transport, clock, account: singapore, maxAttempts: 1 };
					const { result, raw }: { result: Call; raw: unknown } = await readCall(
						singapore,
						{ sid: polled },
						api,
						options,
					);
					return eventFromCall(result, raw, '');
				},
				warn: (warning) => void warnings.push(warning),
			},
			{ sid, api: 'v1' },
		);
		return { end, sent: sent.length, warnings: warnings.map(({ code }) => code) };
	}
	const ended = (Sid: string) => answer(JSON.stringify({ Call: { Sid, Status: 'busy', Direction: 'outbound-api' } }));

	for (const sid of ['7', 'Call-7', 'ABCDEF', 'z'.repeat(64), 'b6cfaf5f5cef3ca0fc937749ef960e25']) {
		it(`finds the end of ${sid}`, async () => {
			const { end, warnings } = await poll(sid, ended(sid));
			assert.deepEqual([end?.call.sid, end?.call.outcome, warnings], [sid, 'busy', []]);
		});
	}

	it('reports a SID that cannot be polled, without a request', async () => {
		assert.deepEqual(await poll('../7', ended('7')), { end: null, sent: 0, warnings: ['poll-failed'] });
	});

	it('keeps quiet about what the next poll may find', async () => {
		for (const step of [answer('', 404), answer('', 400), answer('', 500), new Error('no connection')])
			assert.deepEqual((await poll('7', step)).warnings, []);
	});
});

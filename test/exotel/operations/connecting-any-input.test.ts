/** Connecting two numbers with any input: what is encoded can be decoded, and everything else is refused. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { connectNumbers } from '../../../exotel/index';
import { brokenRules, refused, runs, singapore } from '../samples';
import { two } from './placing';

describe('connect two numbers', () => {
	it('decodes to what was encoded, for any input it accepts', () => {
		const digits = fc.integer({ min: 6_000_000_000, max: 9_999_999_999 }).map((n) => `+91${n}`);
		fc.assert(
			fc.property(
				fc.record({
					from: digits,
					to: digits,
					customField: fc.string({ unit: 'binary' }),
					url: fc.webUrl({ withQueryParameters: true }),
					record: fc.boolean(),
					seconds: fc.integer({ min: 1, max: 14_400 }),
				}),
				({ from, to, customField, url, record, seconds }) => {
					fc.pre(from !== to && customField.trim() !== '');
					const sent = new URLSearchParams(
						connectNumbers.request(singapore, {
							...two,
							from,
							to,
							customField,
							statusCallbackUrl: url,
							record,
							timeLimitSeconds: seconds,
						}).body,
					);
					assert.deepEqual(Object.fromEntries(sent), {
						From: from,
						To: to,
						CallerId: '01130830003',
						TimeLimit: String(seconds),
						Record: String(record),
						CustomField: customField,
						StatusCallback: url,
					});
				},
			),
			runs,
		);
	});

	it('answers any input with a request or a list of broken rules', () => {
		const names = [
			'from',
			'to',
			'exoPhone',
			'record',
			'customField',
			'ringTimeSeconds',
			'statusCallbackEvents',
			'statusCallbackUrl',
			'waitAudioUrl',
		];
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom(...names), fc.anything()), fc.boolean(), (input, complete) => {
				try {
					const request = connectNumbers.request(singapore, { ...(complete ? two : {}), ...input } as never);
					assert.match(request.body ?? '', /^From=[^&]+&To=[^&]+&CallerId=[^&]+/);
				} catch (thrown) {
					assert.ok(
						brokenRules(
							refused(() => {
								throw thrown;
							}),
						).length > 0,
					);
				}
			}),
			runs,
		);
	});
});

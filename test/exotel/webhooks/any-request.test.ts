/** Whatever arrives and whatever is set up wrongly: a typed result or an input error, never another exception. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Account, ExotelError, type IncomingRequest, readAppletRequest, readCallEvent } from '../../../exotel';
import { propertyRuns as numRuns } from '../samples';

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const get = (query: Record<string, unknown>): IncomingRequest => ({
	method: 'GET',
	headers: {},
	query,
	receivedAt: 1_554_682_715_000,
});

describe('what is wrong on our side', () => {
	it('is named: an unknown time zone, an impossible clock', () => {
		const mars = { ...account, timeZone: 'Mars/Base' };
		const request = get({ CallSid: 'c1', CurrentTime: '2022-02-23 12:32:02' });
		for (const reader of [readCallEvent, readAppletRequest])
			assert.throws(
				() => reader(request, mars),
				(error: ExotelError) => error.violations[0]?.field === 'timeZone',
			);
		assert.throws(
			() => readCallEvent({ ...get({ CallSid: 'c1' }), receivedAt: NaN }, account),
			(error: ExotelError) => error.httpStatus === 400 && /not what Exotel sends/.test(error.message),
		);
	});
});

describe('any request', () => {
	const words = [
		'CallSid',
		'EventType',
		'Status',
		'Legs',
		'Legs[0][Status]',
		'call_details',
		'event_details',
		'CurrentTime',
		'DialWhomNumber',
		'From',
		'digits',
		'data',
		'files',
		'__proto__',
	];
	const anyFields = fc.dictionary(
		fc.oneof(fc.constantFrom(...words), fc.string()),
		fc.oneof(fc.anything(), fc.constantFrom('terminal', 'c1', '2019-04-08 03:17:59')),
	);
	const anyBody = fc.oneof(
		fc.uint8Array({ maxLength: 400 }),
		fc.string(),
		fc.json(),
		fc.anything(),
		anyFields,
		anyFields.map((fields) => {
			try {
				return JSON.stringify(fields);
			} catch {
				return '';
			}
		}),
		fc.constant(undefined),
	);
	const anyRequest = fc.record({
		method: fc.constantFrom('GET', 'POST'),
		headers: fc.record(
			{
				'content-type': fc.oneof(
					fc.constantFrom(
						'application/json',
						'multipart/form-data; boundary=x',
						'application/x-www-form-urlencoded',
					),
					fc.string(),
				),
				'Exotel-Version': fc.constantFrom('1.0', '1.1', '9'),
			},
			{ requiredKeys: [] },
		),
		body: anyBody,
		query: fc.oneof(fc.string(), anyFields, fc.constant(undefined)),
		path: fc.oneof(fc.webPath(), fc.constant(undefined)),
		receivedAt: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.double()),
	});

	it('gives an event or an input error, never another exception', () => {
		fc.assert(
			fc.property(anyRequest, (request) => {
				for (const reader of [readCallEvent, readAppletRequest]) {
					try {
						assert.equal(typeof reader(request as IncomingRequest, account).call.sid, 'string');
					} catch (error) {
						assert.ok(
							error instanceof ExotelError &&
								error.kind === 'input' &&
								(error.httpStatus === 400 || error.httpStatus === 413),
							String(error),
						);
					}
				}
			}),
			{ numRuns: numRuns * 5 },
		);
	});
});

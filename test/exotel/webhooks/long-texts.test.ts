/**
 * Texts made to stall whoever reads them with a slow expression: one character, nearly a megabyte long, in every field a
 * caller or a flow can fill. A quadratic expression needs minutes for one of them, far more than the suite's time limit.
 */
import assert from 'node:assert/strict';
import { type Account, ExotelError, type IncomingRequest, readAppletRequest, readCallEvent } from '../../../exotel';

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const LENGTH = 900_000;
const FIELDS = ['digits', 'CallSid', 'EventType', 'Status', 'CustomField', 'From', 'CurrentTime', 'DialWhomNumber'];

/** The text in the middle makes an expression that is bound to an end try every place. */
const pump = (character: string): string => `${character.repeat(LENGTH / 2)}x${character.repeat(LENGTH / 2)}x`;

describe('texts of a megabyte', function () {
	this.timeout(20_000);

	for (const character of ['"', ' ', '/', '.', '0', '+', '(', '[', '%', '&', '=', '<', ':', '-', '\\']) {
		it(`of ${JSON.stringify(character)} stall no reader, in no field`, () => {
			for (const field of FIELDS) {
				const fields = { CallSid: 'c1', CurrentTime: '2022-02-23 12:32:02', [field]: pump(character) };
				const json: IncomingRequest = {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(fields),
					receivedAt: 1_645_599_000_000,
				};
				const form = {
					...json,
					headers: { 'content-type': 'application/x-www-form-urlencoded' },
					body: Object.entries(fields)
						.map((pair) => pair.join('='))
						.join('&'),
				};
				for (const request of [json, form]) {
					for (const read of [readCallEvent, readAppletRequest]) {
						try {
							assert.equal(typeof read(request, account).call.sid, 'string');
						} catch (error) {
							assert.ok(error instanceof ExotelError && error.kind === 'input', String(error));
						}
					}
				}
			}
		});
	}
});

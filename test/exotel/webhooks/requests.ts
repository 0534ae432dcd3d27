/** Requests of Exotel as the tests read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, type CallEvent, type IncomingRequest, readCallEvent } from '../../../exotel';

export const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };

export const folder = join(__dirname, '../../fixtures/exotel/callbacks');

export const RECEIVED = 1_554_682_715_000;

export const RECEIVED_ISO = '2019-04-08T05:48:35+05:30';

export const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

export const json = (fields: object): IncomingRequest => ({
	method: 'POST',
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(fields),
	receivedAt: RECEIVED,
});

export const event = (fields: object): CallEvent => readCallEvent(json(fields), account);

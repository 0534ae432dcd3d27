/** What the tests of lists of calls share. */
import { listCalls } from '../../../exotel/index';
import type { RawInputOf } from '../../../exotel/operations/operation';
import { singapore } from '../samples';

export const base = 'https://api.exotel.com/v1/Accounts/acme1/Calls.json';

export const day = { createdAfter: '2019-12-03 00:00:00', createdBefore: '2019-12-04 00:00:00' };

export const sid = 'b6cfaf5f5cef3ca0fc937749ef960e25';

export function url(input: RawInputOf<typeof listCalls>): string {
	return listCalls.request(singapore, input).url;
}

/** What the tests of requests that make phones ring share. */
import type { connectNumbers } from '../../../exotel/index';
import type { RawInputOf } from '../../../exotel/operations/operation';
import { unmasked } from '../samples';

export const two: RawInputOf<typeof connectNumbers> = {
	from: '+919413740001',
	to: '+918867990002',
	exoPhone: '01130830003',
};

/** The `-d` parts of a curl sample, in order. */
export function parts(curl: string): [string, string][] {
	return [...curl.matchAll(/-d "([^"=]+)=([^"]*)"/g)].map(([, name = '', value = '']) => [name, unmasked(value)]);
}

/** All ExoPhones of an account, page after page. */
import type { Account } from '../account';
import type { SendOptions } from '../http/send';
import { EXOPHONES_PER_PAGE, listExoPhones, type ExoPhone } from './list-exophones';
import { perform } from './operation';

/** An end for a list that would have none. */
const MAX_PAGES = 100;

/**
 * All ExoPhones of an account, or the first `limit`. A page that is not full, or brings nothing new, is the last.
 * @throws ExotelError what the requests throw.
 */
export async function allExoPhones(
	account: Account,
	options: SendOptions,
	limit = Number.POSITIVE_INFINITY,
): Promise<ExoPhone[]> {
	const found = new Map<string, ExoPhone>();
	for (let page = 0; page < MAX_PAGES && found.size < limit; page += 1) {
		const before = found.size;
		const { result } = await perform(listExoPhones, account, { page }, options);
		for (const exoPhone of result) found.set(exoPhone.number, exoPhone);
		if (result.length < EXOPHONES_PER_PAGE || found.size === before) break;
	}
	return [...found.values()].slice(0, limit);
}

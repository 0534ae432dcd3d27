/** All ExoPhones of an account, page after page. */
import type { Account } from '../account';
import type { SendOptions } from '../http/send';
import { EXOPHONES_PER_PAGE, listExoPhones, type ExoPhone } from './list-exophones';
import { perform } from './operation';

/** An end for a list that would have none. */
const MAX_PAGES = 100;

/**
 * The ExoPhones of an account, page after page, each once. A page that is not full, or brings nothing new, is the last.
 * @throws ExotelError what the requests throw.
 */
export async function* exoPhonePages(account: Account, options: SendOptions): AsyncGenerator<ExoPhone[], void> {
	const known = new Set<string>();
	for (let page = 0; page < MAX_PAGES; page += 1) {
		const { result } = await perform(listExoPhones, account, { page }, options);
		const fresh = result.filter(({ number }) => !known.has(number) && known.add(number));
		if (fresh.length > 0) yield fresh;
		if (result.length < EXOPHONES_PER_PAGE || fresh.length === 0) return;
	}
}

/**
 * All ExoPhones of an account, or the first `limit`.
 * @throws ExotelError what the requests throw.
 */
export async function allExoPhones(
	account: Account,
	options: SendOptions,
	limit = Number.POSITIVE_INFINITY,
): Promise<ExoPhone[]> {
	const found: ExoPhone[] = [];
	if (limit <= 0) return found;
	for await (const page of exoPhonePages(account, options)) {
		found.push(...page);
		if (found.length >= limit) break;
	}
	return found.slice(0, limit);
}

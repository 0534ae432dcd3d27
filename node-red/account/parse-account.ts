/** Reads the settings of an account node. */
import { readAccount, type Account } from '../../exotel/index';
import type { Config } from '../host';

/** The account of a saved or typed form, or what is wrong with it. */
export function parseAccount({
	region,
	baseUrl,
	sid,
	timeZone,
	defaultCountry,
}: Config<'exotel-account'>): { read: Account } | { fault: unknown } {
	try {
		return { read: readAccount({ region, baseUrl, sid, timeZone, defaultCountry }) };
	} catch (fault) {
		return { fault };
	}
}

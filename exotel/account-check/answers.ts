/** What the answers of an account that works tell: clock, time zone, ExoPhones, country, guessed fields. */
import { defaultRules, type Account } from '../account';
import { asExotelError } from '../errors';
import { decodeBody } from '../http/response-body';
import type { SendOptions } from '../http/send';
import type { HttpResponse } from '../http/transport';
import { allExoPhones } from '../operations/all-exophones';
import type { ExoPhone } from '../operations/list-exophones';
import { asPayload, items } from '../payload';
import { readTime } from '../time';
import { fault, finding, type Finding } from './finding';
import { observeFields, type Observation } from './guesses';

/** Exotel's answer to the request for its list of calls. */
export interface Answered {
	response: HttpResponse | null;
	/** When it arrived, ms since 1970. */
	at: number;
	/** Gets what the account shows about guesses. */
	observations: Observation[];
	/** The form has API key and API token. */
	hasKey: boolean;
}

/** Searches for calls reach this much into the future at most, and Exotel's `Date` is up to a second old. */
const MOST_SKEW_MS = 120_000;
/** Time zones differ by quarters of an hour. */
const LEAST_ZONE_DIFFERENCE_MS = 600_000;

/** Looks at the answer and reads the ExoPhones. Never rejects. */
export async function examineAnswers(account: Account, options: SendOptions, answered: Answered): Promise<Finding[]> {
	const { response, at, observations, hasKey } = answered;
	const sentAt = Date.parse(response?.headers['date'] ?? '');
	const [exoPhones, guesses] = await Promise.all([
		exoPhoneFindings(account, options),
		observeFields(account, options),
	]);
	observations.push(...guesses);
	return [
		hasKey ? finding('good', 'account', 'works') : finding('note', 'apiKey', 'no-key'),
		...clockFindings(at - sentAt),
		...(response === null ? [] : zoneFindings(account, response, Number.isNaN(sentAt) ? at : sentAt)),
		...exoPhones,
	];
}

function clockFindings(skewMs: number): Finding[] {
	if (!(Math.abs(skewMs) > MOST_SKEW_MS)) return [];
	return [fault('account', 'clock', { detail: Math.round(skewMs / 1000), help: 'clock' })];
}

/** A call cannot have been made in the future: the time zone is wrong when it is right in Exotel's usual one. */
function zoneFindings({ timeZone }: Account, response: HttpResponse, now: number): Finding[] {
	const outer = asPayload(items(asPayload(decodeBody(response).value)?.Calls)[0]);
	const stamp = (asPayload(outer?.Call) ?? outer)?.DateCreated;
	const isAhead = (zone: string): boolean => {
		const made = readTime(stamp, zone);
		return made !== null && Date.parse(made) > now + LEAST_ZONE_DIFFERENCE_MS;
	};
	return isAhead(timeZone) && !isAhead(defaultRules.timeZone)
		? [fault('timeZone', 'time-zone', { detail: timeZone, help: 'time-zone' })]
		: [];
}

async function exoPhoneFindings(account: Account, options: SendOptions): Promise<Finding[]> {
	try {
		const found = await allExoPhones(account, options, 50);
		if (!found.some(({ voice }) => voice !== false))
			return [fault('account', 'no-exophones', { help: 'exophone' })];
		const count = finding('good', 'account', 'exophones', { detail: found.length === 50 ? '50+' : found.length });
		return [count, ...countryFindings(account, found)];
	} catch (thrown) {
		const { message, hint } = asExotelError(thrown);
		return [fault('account', 'exophones-unread', { message: `${message} ${hint}`, help: 'exophone' })];
	}
}

/** National numbers are read as those of the default country. */
function countryFindings({ defaultCountry }: Account, exoPhones: readonly ExoPhone[]): Finding[] {
	const countries = [
		...new Set(exoPhones.flatMap(({ country }) => (country === null ? [] : [country.toUpperCase()]))),
	];
	if (countries.length === 0 || countries.includes(defaultCountry)) return [];
	return [fault('defaultCountry', 'country', { detail: countries.join(', '), help: 'time-zone' })];
}

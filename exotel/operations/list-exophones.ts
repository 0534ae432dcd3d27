/**
 * The ExoPhones of an account (v2_beta), one page of 50: `GET /v2_beta/Accounts/<sid>/IncomingPhoneNumbers`. JSON only,
 * flat snake_case; the v1 list wraps each item and is read as well. Facts 1.1, 8 (no. 23); Exotel's page on ExoPhones.
 */
import { integer } from '../fields/field';
import { query, readingRequest, v2BetaUrl } from '../http/request';
import { decodeBody, unreadableResponse } from '../http/response-body';
import { asPayload, items, text, type Payload } from '../payload';
import { normalisePhone } from '../phone';
import { defineOperation } from './operation';

/** ExoPhones on one page of Exotel's list. */
export const EXOPHONES_PER_PAGE = 50;

/** One of the account's own numbers. */
export interface ExoPhone {
	/** E.164. */
	number: string;
	/** Exotel's id of the number: often the number itself. */
	sid: string | null;
	friendlyName: string | null;
	/** ISO 3166 code, e.g. `IN`. */
	country: string | null;
	/** Circle or region code, e.g. `KA`. */
	region: string | null;
	/** Whether calls can be made with it; null when Exotel does not say. */
	voice: boolean | null;
	/** Address of the flow that answers it. */
	flowUrl: string | null;
	/** Everything as Exotel sent it. */
	raw: Record<string, unknown>;
}

/** List one page of the ExoPhones of an account; all of them: `allExoPhones`. */
export const listExoPhones = defineOperation({
	name: 'listExoPhones',
	fields: {
		page: integer({
			label: 'Page',
			description: 'Exotel sends 50 ExoPhones at a time; the first page is 0.',
			parameter: 'Page',
			source: 'facts 1.1',
			min: 0,
			default: 0,
			example: 1,
		}),
	},
	request: (account, values) =>
		readingRequest(v2BetaUrl(account, `/IncomingPhoneNumbers${query([['Page', values.page]])}`)),
	read(response, account): ExoPhone[] {
		const body = asPayload(decodeBody(response).value);
		const list = body?.incoming_phone_numbers ?? body?.IncomingPhoneNumbers;
		if (list === undefined) throw unreadableResponse(response, 'a list of ExoPhones');
		return items(list).flatMap((item) => {
			const outer = asPayload(item);
			const exoPhone = exoPhoneFrom(asPayload(outer?.IncomingPhoneNumber) ?? outer, account.defaultCountry);
			return exoPhone === null ? [] : [exoPhone];
		});
	},
});

/** An item without a number is not an ExoPhone and is left out. */
function exoPhoneFrom(raw: Payload | null, defaultCountry: string): ExoPhone | null {
	const number = normalisePhone(raw?.phone_number ?? raw?.PhoneNumber, defaultCountry);
	if (raw === null || number === null) return null;
	const voice = asPayload(raw.capabilities ?? raw.Capabilities)?.voice;
	return {
		number,
		sid: text(raw.sid ?? raw.Sid),
		friendlyName: text(raw.friendly_name ?? raw.FriendlyName),
		country: text(raw.country ?? raw.Country),
		region: text(raw.region ?? raw.Region),
		voice: typeof voice === 'boolean' ? voice : null,
		flowUrl: text(raw.voice_url ?? raw.VoiceUrl),
		raw,
	};
}

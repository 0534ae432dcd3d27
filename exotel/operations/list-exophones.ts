/**
 * The ExoPhones of an account (v2_beta), one page of 50: `GET /v2_beta/Accounts/<sid>/IncomingPhoneNumbers`. JSON only,
 * flat snake_case; the v1 list wraps each item and is read as well. Exotel fact sheet 1.1, 8 (no. 23); Exotel's page on
 * ExoPhones.
 */

import { asPayload, items, text, type Payload } from '../payload';
import { inputError } from '../errors';
import { listExoPhonesFields } from '../fields/numbers';
import { readFields } from '../fields/reading';
import { normalisePhone } from '../phone';
import { toExotelError } from '../http/error-response';
import type { Operation } from './operation';
import { decodeBody, unreadableAnswer } from '../http/response-body';
import { query, v2BetaUrl } from '../http/encoding';
import { readingRequest } from '../http/request';

/** What `listExoPhones` takes. */
export interface ListExoPhonesInput {
	/** Page, from 0; 50 ExoPhones each. */
	page?: number;
}

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

/** List the ExoPhones of an account. */
export const listExoPhones: Operation<ListExoPhonesInput, ExoPhone[]> = {
	name: 'listExoPhones',
	request(account, input) {
		const { values, violations } = readFields(listExoPhonesFields, input, account);
		if (violations.length > 0) throw inputError(violations);
		return readingRequest(
			v2BetaUrl(account, `/IncomingPhoneNumbers${query([['Page', (values as ListExoPhonesInput).page]])}`),
		);
	},
	read(response, account) {
		const refusal = toExotelError(response, account);
		if (refusal !== null) throw refusal;
		const body = asPayload(decodeBody(response).value);
		const list = body?.incoming_phone_numbers ?? body?.IncomingPhoneNumbers;
		if (list === undefined) throw unreadableAnswer(response, 'a list of ExoPhones');
		return items(list).flatMap((item) => {
			const outer = asPayload(item);
			const exoPhone = exoPhoneFrom(asPayload(outer?.IncomingPhoneNumber) ?? outer, account.defaultCountry);
			return exoPhone === null ? [] : [exoPhone];
		});
	},
};

/** An item without a number is no ExoPhone and is left out. */
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

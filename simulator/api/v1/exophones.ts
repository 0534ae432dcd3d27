/**
 * The account's ExoPhones: `GET /v2_beta/Accounts/<sid>/IncomingPhoneNumbers` (JSON only, snake case), one of them by
 * sid, assigning it to a flow (`PUT`), and the older v1 list that wraps every item. Sources: the classic portal's
 * ExoPhone pages; public clients for the v1 form (facts 8.23).
 */
import { exoPhoneRecord, exoPhoneRecordV1 } from '../../wire/exophone-record';
import { formFields } from '../http/request';
import { json, type Answer } from '../../wire/answer';
import { restException, v1Answer } from '../../wire/v1-answer';
import type { ApiRequest } from '../http/api-request';
import type { ExoPhone } from '../../model/account';

const PAGE_SIZE = 50;

/** One page of the account's ExoPhones. */
export function listExoPhones({ simulation, account, incoming }: ApiRequest): Answer {
	const { exoPhones } = account;
	const page = Math.min(Number(/^\d{1,6}$/.exec(new Map(incoming.query).get('Page') ?? '')?.[0] ?? 0), 1000);
	const base = `${simulation.url}/v2_beta/Accounts/${account.sid}/IncomingPhoneNumbers`;
	const uri = (number: number) => `${base}?Page=${number}&PageSize=${PAGE_SIZE}`;
	const start = page * PAGE_SIZE;
	return json(200, {
		page,
		page_size: PAGE_SIZE,
		uri: uri(page),
		first_page_uri: uri(0),
		next_page_uri: start + PAGE_SIZE < exoPhones.length ? uri(page + 1) : null,
		previous_page_uri: page > 0 ? uri(page - 1) : null,
		incoming_phone_numbers: exoPhones.slice(start, start + PAGE_SIZE).map((phone) => exoPhoneRecord(phone)),
	});
}

/** One ExoPhone, by its sid. */
export function oneExoPhone(request: ApiRequest): Answer {
	const phone = requestedPhone(request);
	return phone ? json(200, exoPhoneRecord(phone)) : restException('json', 404, 'No matching results');
}

/** Changes name and flow of an ExoPhone. */
export async function assignExoPhone(request: ApiRequest): Promise<Answer> {
	const phone = requestedPhone(request);
	if (!phone) return restException('json', 404, 'No matching results');
	for (const [name, value] of await formFields(request.incoming)) {
		if (name === 'VoiceUrl') phone.voiceUrl = value.slice(0, 500);
		if (name === 'SMSUrl') phone.smsUrl = value.slice(0, 500);
		if (name === 'FriendlyName') phone.friendlyName = value.slice(0, 100);
	}
	return json(200, exoPhoneRecord(phone));
}

/** v1: every item wrapped in `IncomingPhoneNumber`. */
export function listExoPhonesV1({ account, format }: ApiRequest): Answer {
	const items = account.exoPhones.map((phone) => exoPhoneRecordV1(account.sid, phone));
	return v1Answer(
		format,
		200,
		{ IncomingPhoneNumbers: items.map((item) => ({ IncomingPhoneNumber: item })) },
		{ emptyElements: 'pair', xml: { IncomingPhoneNumbers: { IncomingPhoneNumber: items } } },
	);
}

function requestedPhone({ account, parameters }: ApiRequest): ExoPhone | undefined {
	return account.exoPhones.find(({ sid }) => sid === parameters.exophone_sid);
}

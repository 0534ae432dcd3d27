/**
 * The account's ExoPhones: `GET /v2_beta/Accounts/<sid>/IncomingPhoneNumbers` (JSON only, snake case), one of them by
 * sid, assigning it to a flow (`PUT`), and the older v1 list that wraps every item. Sources: the classic portal's
 * ExoPhone pages; public clients for the v1 form (Exotel fact sheet 8.23).
 */
import { naiveStamp } from '../../wire/stamps';
import { national } from '../../model/phone-numbers';
import { restException, v1Answer, type Format } from '../../wire/v1-answer';
import { formFields, type Incoming } from '../request';
import { json, type Answer } from '../../wire/answer';
import type { Account, ExoPhone } from '../../model/accounts';
import type { Exchange } from '../../engine/simulation';

const PAGE_SIZE = 50;

/** One page of the account's ExoPhones. */
export function listExoPhones(exchange: Exchange, account: Account, incoming: Incoming): Answer {
	const page = Math.min(Number(/^\d{1,6}$/.exec(new Map(incoming.query).get('Page') ?? '')?.[0] ?? 0), 1000);
	const uri = (number: number) =>
		`${exchange.url}/v2_beta/Accounts/${account.sid}/IncomingPhoneNumbers?Page=${number}&PageSize=${PAGE_SIZE}`;
	const start = page * PAGE_SIZE;
	return json(200, {
		page,
		page_size: PAGE_SIZE,
		uri: uri(page),
		first_page_uri: uri(0),
		next_page_uri: start + PAGE_SIZE < account.exoPhones.length ? uri(page + 1) : null,
		previous_page_uri: page > 0 ? uri(page - 1) : null,
		incoming_phone_numbers: account.exoPhones.slice(start, start + PAGE_SIZE).map((phone) => exoPhoneRecord(phone)),
	});
}

/** One ExoPhone, by its sid. */
export function oneExoPhone(account: Account, sid: string): Answer {
	const phone = account.exoPhones.find((candidate) => candidate.sid === sid);
	return phone ? json(200, exoPhoneRecord(phone)) : restException('json', 404, 'No matching results');
}

/** Changes name and flow of an ExoPhone. */
export async function assignExoPhone(account: Account, incoming: Incoming, sid: string): Promise<Answer> {
	const phone = account.exoPhones.find((candidate) => candidate.sid === sid);
	if (!phone) return restException('json', 404, 'No matching results');
	for (const [name, value] of await formFields(incoming)) {
		if (name === 'VoiceUrl') phone.voiceUrl = value.slice(0, 500);
		if (name === 'SMSUrl') phone.smsUrl = value.slice(0, 500);
		if (name === 'FriendlyName') phone.friendlyName = value.slice(0, 100);
	}
	return json(200, exoPhoneRecord(phone));
}

/** v1: every item wrapped in `IncomingPhoneNumber`. */
export function listExoPhonesV1(account: Account, format: Format): Answer {
	const items = account.exoPhones.map((phone) => ({
		Sid: phone.sid,
		AccountSid: account.sid,
		FriendlyName: phone.friendlyName,
		PhoneNumber: national(phone.number),
		DateCreated: naiveStamp(phone.createdAt),
		VoiceUrl: phone.voiceUrl,
		SmsUrl: phone.smsUrl,
	}));
	return v1Answer(
		format,
		200,
		{ IncomingPhoneNumbers: items.map((item) => ({ IncomingPhoneNumber: item })) },
		{ emptyElements: 'pair', xml: { IncomingPhoneNumbers: { IncomingPhoneNumber: items } } },
	);
}

function exoPhoneRecord(phone: ExoPhone): Record<string, unknown> {
	return {
		sid: phone.sid,
		phone_number: phone.number,
		friendly_name: phone.friendlyName,
		capabilities: { voice: true, sms: true },
		country: 'IN',
		region: 'KA',
		voice_url: phone.voiceUrl || null,
		sms_url: phone.smsUrl || null,
	};
}

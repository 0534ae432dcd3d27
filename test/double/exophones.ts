/**
 * `GET /v2_beta/Accounts/<sid>/IncomingPhoneNumbers` and the recordings. No seed describes the former: path, JSON
 * only, flat snake_case and RestException are (facts, not documented); the page around the list is from the vendor's
 * public page developer.exotel.com/api/exophone-details.
 */
import { findCall, type Account } from './account';
import { isRecorded } from './calls';
import type { Reply } from './http';
import { toNational } from './numbers';
import { jsonReply, refuse } from './v1-errors';

/** The account's ExoPhones; 50 a page. */
export function readExoPhones(account: Account, query: URLSearchParams): Reply {
	const page = Number(query.get('Page') ?? 0);
	const size = Number(query.get('PageSize') ?? 50);
	const uri = (at: number): string =>
		`${account.origin}/v2_beta/Accounts/${account.sid}/IncomingPhoneNumbers?Page=${at}&PageSize=${size}`;
	return jsonReply({
		page,
		page_size: size,
		uri: uri(page),
		first_page_uri: uri(0),
		next_page_uri: (page + 1) * size < account.exoPhones.length ? uri(page + 1) : null,
		previous_page_uri: page > 0 ? uri(page - 1) : null,
		incoming_phone_numbers: account.exoPhones.slice(page * size, (page + 1) * size).map((phone) => exoPhone(phone)),
	});
}

function exoPhone(phone: string): Record<string, unknown> {
	const national = toNational(phone);
	return {
		sid: national,
		phone_number: phone,
		friendly_name: national,
		capabilities: { voice: true, sms: false },
		country: 'IN',
		rental_price: '499.000000',
		currency: 'INR',
	};
}

/** The bytes of every recording: an MP3 tag and nothing to hear. */
export const recordingBytes: Buffer = Buffer.from('ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0000double', 'latin1');

/**
 * A recording; one that does not exist (yet) is 404 (facts, not documented). The caller has checked the credentials.
 */
export function readRecording(account: Account, sid: string): Reply {
	const call = findCall(account, sid);
	if (call === undefined || !call.ended || !isRecorded(call)) return refuse(404, 'No such recording', false);
	return { status: 200, headers: { 'Content-Type': 'audio/mpeg' }, body: recordingBytes };
}

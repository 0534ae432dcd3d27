/** ExoPhones as v2_beta and v1 show them (facts 8.23). */
import { naiveStamp } from './stamps';
import { national } from '../model/phone-numbers';
import type { ExoPhone } from '../model/account';

/** v2_beta: snake case. */
export function exoPhoneRecord(phone: ExoPhone): Record<string, unknown> {
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

/** v1: the older form. */
export function exoPhoneRecordV1(accountSid: string, phone: ExoPhone): Record<string, unknown> {
	return {
		Sid: phone.sid,
		AccountSid: accountSid,
		FriendlyName: phone.friendlyName,
		PhoneNumber: national(phone.number),
		DateCreated: naiveStamp(phone.createdAt),
		VoiceUrl: phone.voiceUrl,
		SmsUrl: phone.smsUrl,
	};
}

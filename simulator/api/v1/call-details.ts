/** `GET /v1/Accounts/<sid>/Calls/<CallSid>[.json][?details=true]` (seed 004). */
import { v1Answer, restException, type Format } from '../../wire/v1-answer';
import { detailsRecord, legDetails, legDetailsXml } from '../../wire/v1-record';
import { presigned, recordingReadyAt } from '../recordings';
import type { Account } from '../../model/accounts';
import type { Answer } from '../../wire/answer';
import type { Exchange } from '../../engine/simulation';
import type { Incoming } from '../request';

/** Answers one call of the account. */
export function callDetails(
	exchange: Exchange,
	account: Account,
	incoming: Incoming,
	callSid: string,
	format: Format,
): Answer {
	const query = new Map(incoming.query);
	const validity = query.get('RecordingUrlValidity');
	if (validity !== undefined && !isValidity(validity)) {
		return restException(format, 400, 'RecordingUrlValidity must be a whole number of minutes from 5 to 60');
	}
	const call = exchange.calls.findFor(account.sid, callSid);
	if (!call) return restException(format, 404, 'No matching results');
	const record = detailsRecord(exchange, call);
	if (validity !== undefined && recordingReadyAt(exchange, call) !== null) {
		record.PreSignedRecordingUrl = presigned(exchange, String(record.RecordingUrl), Number(validity));
	}
	if (query.get('details') !== 'true') return v1Answer(format, 200, { Call: record }, { emptyElements: 'pair' });
	return v1Answer(
		format,
		200,
		{ Call: { ...record, Details: legDetails(exchange, call, 'single') } },
		{ emptyElements: 'pair', xml: { Call: { ...record, Details: legDetailsXml(call) } } },
	);
}

/** Minutes a pre-signed recording URL may be valid: 5 to 60 (Exotel fact sheet 3.1). */
export function isValidity(written: string): boolean {
	return /^\d{1,3}$/.test(written) && Number(written) >= 5 && Number(written) <= 60;
}

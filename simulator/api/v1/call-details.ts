/** `GET /v1/Accounts/<sid>/Calls/<CallSid>[.json][?details=true]` (seed 004). */
import { detailsRecord, legDetails, legDetailsXml } from '../../wire/v1-record';
import { presignedRecording } from './presigned-recording';
import { printable } from '../http/printable';
import { restException, v1Answer } from '../../wire/v1-answer';
import type { Answer } from '../../wire/answer';
import type { ApiRequest } from '../http/api-request';

/** Answers one call of the account. */
export function callDetails({ simulation, account, incoming, format, parameters }: ApiRequest): Answer {
	const query = new Map(incoming.query);
	const refusal = simulation.settings.strictness === 'strict' ? undocumented(query) : null;
	if (refusal !== null) return restException(format, 400, refusal);
	const validity = query.get('RecordingUrlValidity');
	if (validity !== undefined && !isValidity(validity)) {
		return restException(format, 400, 'RecordingUrlValidity must be a whole number of minutes from 5 to 60');
	}
	const call = simulation.calls.findFor(account.sid, parameters.CallSid ?? '');
	if (!call) return restException(format, 404, 'No matching results');
	const { wire } = simulation;
	const record = {
		...detailsRecord(wire, call),
		...(validity === undefined ? {} : presignedRecording(wire, call, Number(validity))),
	};
	if (query.get('details') !== 'true') return v1Answer(format, 200, { Call: record }, { emptyElements: 'pair' });
	return v1Answer(
		format,
		200,
		{ Call: { ...record, Details: legDetails(wire, call, 'single') } },
		{ emptyElements: 'pair', xml: { Call: { ...record, Details: legDetailsXml(call) } } },
	);
}

/** What the documents do not have in the query; null if nothing. */
function undocumented(query: ReadonlyMap<string, string>): string | null {
	const unknown = [...query.keys()].find((name) => name !== 'details' && name !== 'RecordingUrlValidity');
	if (unknown !== undefined) return `Unknown parameter ${printable(unknown)}`;
	return isDetails(query.get('details')) ? null : 'details must be true or false';
}

/** Seed 004 has `details=true` only; left out, empty and `false` are the same. */
export function isDetails(value: string | undefined): boolean {
	return value === undefined || ['', 'true', 'false'].includes(value);
}

/** Minutes a pre-signed recording URL may be valid: 5 to 60 (facts 3.1). */
export function isValidity(value: string): boolean {
	return /^\d{1,3}$/.test(value) && Number(value) >= 5 && Number(value) <= 60;
}

/** How the fidelity tables are written, and the lists of fields that several of them share. */

/** How sure we are: in Exotel's documentation, seen in public code or captures, or our guess. */
export type Source = 'documented' | 'public code' | 'guess';

/** Fields with the same source. */
export interface FieldGroup {
	source: Source;
	/** Which page, repository or reasoning. */
	from: string;
	/** paths; `[]` is an array's entry. */
	fields: string[];
	note?: string;
}

/** One kind of answer or delivery. */
export interface Surface {
	/** Key used by the test. */
	key: string;
	/** Heading: endpoint as documented, or the delivery. */
	title: string;
	groups: FieldGroup[];
}

/** Fields of Exotel's own documentation. */
export function documented(from: string, fields: string[], note?: string): FieldGroup {
	return { source: 'documented', from, fields, note };
}
/** Fields seen in public code or captures. */
export function seen(from: string, fields: string[], note?: string): FieldGroup {
	return { source: 'public code', from, fields, note };
}
/** Fields of our own guess. */
export function guess(from: string, fields: string[], note?: string): FieldGroup {
	return { source: 'guess', from, fields, note };
}
/** The same prefix before every name. */
export function under(prefix: string, names: string[]): string[] {
	return names.map((name) => `${prefix}${name}`);
}

/** Fields of a v1 call record. */
export const callFields = [
	'Sid',
	'ParentCallSid',
	'DateCreated',
	'DateUpdated',
	'AccountSid',
	'To',
	'From',
	'PhoneNumberSid',
	'Status',
	'StartTime',
	'EndTime',
	'Duration',
	'Price',
	'Direction',
	'AnsweredBy',
	'ForwardedFrom',
	'CallerName',
	'Uri',
	'RecordingUrl',
];
/** `Details` of a v1 call. */
export const detailFields = [
	'ConversationDuration',
	'Leg1Status',
	'Leg2Status',
	'Legs[].Leg.Id',
	'Legs[].Leg.OnCallDuration',
];
/** An agent in a v2 record. */
const partyFields = ['user_id', 'user_name', 'contact_uri', 'group_id', 'group_name', 'status'];
/** Fields of a v2 call record. */
export const v2CallFields = [
	'call_sid',
	'direction',
	'virtual_number',
	'call_state',
	'call_status',
	...under('assigned_agent_details.', partyFields),
	...under('customer_details.', ['contact_name', 'contact_uri', 'status']),
	'created_time',
	'updated_time',
	'start_time',
	'end_time',
	'total_duration',
	'total_talk_time',
	'custom_field',
	'app_id',
	'app_name',
	'digits',
	'recordings',
];
/** The envelope of v2. */
export const envelopeFields = [
	'request_id',
	'method',
	'http_code',
	'metadata',
	'response.code',
	'response.error_data',
	'response.status',
];
/** Documented parameters of an applet request. */
export const appletFields = [
	'CallSid',
	'CallFrom',
	'CallTo',
	'Direction',
	'Created',
	'DialCallDuration',
	'StartTime',
	'EndTime',
	'CallType',
	'DialWhomNumber',
	'flow_id',
	'From',
	'To',
	'CurrentTime',
	'DialCallStatus',
	'digits',
	'CustomField',
	'RecordingUrl',
];
/** Parameters seen in captures only. */
export const capturedFields = [
	'ForwardedFrom',
	'tenant_id',
	'ProcessStatus',
	'OutgoingPhoneNumber',
	...under('Legs[0]', ['[Number]', '[Type]', '[OnCallDuration]', '[CallerId]', '[CauseCode]', '[Cause]']),
];
/** Public captures of agent pass-throughs and Passthru requests. */
export const FRAPPE = 'frappe/exotel_integration, exotel_test_data.py';

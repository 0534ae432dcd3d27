/** What Exotel sends, as the benchmarks send it: status callbacks in their three encodings, and a Connect request. */

export const BOUNDARY = 'exonodes-bench';

/** Content types by encoding. */
export const contentTypes = {
	JSON: 'application/json',
	form: 'application/x-www-form-urlencoded',
	multipart: `multipart/form-data; boundary=${BOUNDARY}`,
};

/** A call SID; each number has its own. */
export const callSid = (index) => `492205107c5fb48f4ac25d1f${String(10_000_000 + index)}`;

/** The terminal callback of seed 004 with numbers as Exotel sends them. */
export function callback(index) {
	return {
		CallSid: callSid(index),
		EventType: 'terminal',
		DateCreated: '2019-04-08 03:17:59',
		DateUpdated: '2019-04-08 03:18:35',
		Status: 'completed',
		To: `+918867${String(990000 + (index % 9999))}`,
		From: `0941374${String(1000 + (index % 8999))}`,
		PhoneNumberSid: '01130830000',
		StartTime: '2019-04-08 03:17:59',
		EndTime: '2019-04-08 03:18:36',
		Direction: 'outbound-api',
		RecordingUrl:
			'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme1/492205107c5fb48f4ac25d1f77759339.mp3',
		ConversationDuration: 32,
		Legs: [
			{ OnCallDuration: 41, Status: 'completed' },
			{ OnCallDuration: 32, Status: 'completed' },
		],
	};
}

/** The fields of a callback as a form has them. */
function flatFields({ Legs, ...fields }) {
	const legs = Legs.flatMap((leg, index) =>
		Object.entries(leg).map(([key, value]) => [`Legs[${index}][${key}]`, String(value)]),
	);
	return [...Object.entries(fields).map(([name, value]) => [name, String(value)]), ...legs];
}

function multipart(pairs) {
	const part = ([name, value]) =>
		`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
	return `${pairs.map(part).join('')}--${BOUNDARY}--\r\n`;
}

/** The body of a callback by encoding. */
export const encoders = {
	JSON: (fields) => JSON.stringify(fields),
	form: (fields) => new URLSearchParams(flatFields(fields)).toString(),
	multipart: (fields) => multipart(flatFields(fields)),
};

/** The query of a Connect request. */
export const connectQuery = (index) =>
	new URLSearchParams({
		CallSid: callSid(index),
		CallFrom: '09812345678',
		CallTo: '08047112233',
		CallStatus: 'ringing',
		Direction: 'incoming',
		Created: 'Wed, 23 Feb 2022 12:31:59',
		DialCallDuration: '0',
		StartTime: '2022-02-23 12:31:59',
		EndTime: '1970-01-01 05:30:00',
		DialWhomNumber: '',
		CallType: 'call-attempt',
		From: '09812345678',
		To: '08047112233',
		CurrentTime: '2022-02-23 12:32:01',
		flow_id: '123456',
	}).toString();

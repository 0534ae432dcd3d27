/**
 * The refusals of v1. Seed 004 documents no error body; `RestException` with a numeric Status and a Message is
 * (facts, not documented), and so is its XML twin. The messages are ours and name the rule that was broken.
 */
import type { Reply } from './http';
import { writeXml } from './xml';

/** A refusal in the format the path asked for; `status` is the HTTP status. */
export function refuse(status: number, message: string, json: boolean): Reply {
	if (json) return jsonReply({ RestException: { Status: status, Message: message } }, status);
	return xmlReply(
		writeXml([
			[
				'RestException',
				[
					['Status', status],
					['Message', message],
				],
			],
		]),
		status,
	);
}

/** A JSON answer; `status` is the HTTP status. */
export function jsonReply(body: unknown, status = 200): Reply {
	return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** An XML answer; `status` is the HTTP status. */
export function xmlReply(body: string, status = 200): Reply {
	return { status, headers: { 'Content-Type': 'application/xml' }, body };
}

/** What the check of an account says: one finding per thing that was looked at, in the order of *Going live*. */
import { helpAddress, type HelpEntry } from '../errors';

/** What a finding may say. The words are the host's: its form has names of its own for the fields. */
export const findingKeys = [
	// The form.
	...(['field', 'type-again', 'undeployed', 'no-password'] as const),
	// What Exotel answered.
	...(['works', 'no-key', 'key-or-token', 'sid', 'other-region', 'kyc', 'forbidden', 'plan', 'rate-limit'] as const),
	...(['base-url', 'unreadable', 'failed'] as const),
	// No answer of Exotel.
	...(['dns', 'tls', 'timeout', 'unreachable'] as const),
	// What the answers tell.
	...(['clock', 'time-zone', 'exophones', 'no-exophones', 'exophones-unread', 'country'] as const),
	// How Exotel reaches the host.
	...(['public-url.missing', 'public-url.unreadable', 'public-url.private', 'public-url.http'] as const),
	'public-url.repeated',
	...(['public-url.untested', 'public-url.reached', 'public-url.unreachable'] as const),
	...(['public-url.no-node-routes', 'public-url.login-missing', 'public-url.login-refused'] as const),
	...(['public-url.login-again', 'token.unusable'] as const),
	...(['callback.none', 'callback.seen'] as const),
] as const;

/** What a finding says. */
export type FindingKey = (typeof findingKeys)[number];

/** One thing that was looked at. */
export interface Finding {
	/** The field of the form, such as `apiKey` or `publicUrl`, or `account`. */
	about: string;
	/** `note`: nothing is wrong, and something is left to do. */
	level: 'good' | 'note' | 'fault';
	key: FindingKey;
	/** A word the text may quote: a status, a code, a region, a number of things. */
	detail?: string;
	/** The core's or Exotel's sentence. */
	message?: string;
	/** Address of what the documents say about it. */
	help?: string;
}

/** What a finding may have besides. */
export interface Details {
	detail?: string | number;
	message?: string;
	help?: HelpEntry;
}

/** A finding that something is wrong. */
export function fault(about: string, key: FindingKey, details: Details = {}): Finding {
	return finding('fault', about, key, details);
}

/** A finding that something is right, or left to do. */
export function finding(level: Finding['level'], about: string, key: FindingKey, details: Details = {}): Finding {
	const { detail, message, help } = details;
	return {
		about,
		level,
		key,
		...(detail === undefined ? {} : { detail: String(detail) }),
		...(message === undefined ? {} : { message }),
		...(help === undefined ? {} : { help: helpAddress(help) }),
	};
}

/** What a host hands in to have an account checked, and what it gets. */
import type { Account } from '../account';
import type { SendOptions } from '../http/send';
import type { Finding } from './finding';

/** How requests of one account are sent. */
export interface OpenAccount {
	options: SendOptions;
	/** Called when the requests are done. */
	close?(): void;
}

/** What a host hands in. */
export interface CheckedAccount {
	/** `Node-RED 5.0.7`; for the report. */
	host: string;
	/** The form: `region`, `baseUrl`, `sid`, `timeZone`, `defaultCountry`, `apiKey`, `apiToken`; nothing is trusted. */
	form: Readonly<Record<string, unknown>>;
	/** Opens the account, or the same one in the other region. */
	open(account: Account): OpenAccount;
	/** Why Exotel must not be asked with this form. */
	refused?: readonly Finding[];
	/** The address under which Exotel reaches the host; without it nothing is said about callbacks. */
	address?: { url: string; reach?(): Promise<Finding> };
	/** The webhook token; without it nothing is said about it. */
	webhookToken?: string;
	/** When the last callback for the account arrived, ISO 8601; null when none has. */
	lastCallbackAt?(account: Account): string | null;
}

/** What the check found. */
export interface AccountCheck {
	findings: Finding[];
	/** Text to paste into an issue: no key, no token, no whole phone number, no SID, no address. */
	report: string;
}

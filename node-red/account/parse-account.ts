/** Reads the settings and secrets of an account node. */
import { readAccount, type Account, type Violation } from '../../exotel/index';
import type { Config } from '../host';

/** The secrets of an account node. All are `password` credentials: Node-RED never sends them back to the editor. */
export interface AccountSecrets {
	apiKey?: string;
	apiToken?: string;
	webhookToken?: string;
	/** Still accepted while addresses with the old token are being replaced. */
	previousWebhookToken?: string;
	/** What Node-RED (`httpNodeAuth`) or a proxy asks for before a request reaches a webhook. */
	webhookUser?: string;
	webhookPassword?: string;
}

/** A value as text: an environment variable may be a number. Undefined for one of another type. */
export function textOf(value: unknown): string | undefined {
	return typeof value === 'string' || Number.isFinite(value) ? String(value) : undefined;
}

/** The secrets as text, and which of them have none: their environment variable has another type. */
export function parseSecrets(given: Readonly<Partial<Record<keyof AccountSecrets, unknown>>>): {
	secrets: AccountSecrets;
	violations: Violation[];
} {
	const secrets: Record<string, string> = {};
	const violations: Violation[] = [];
	for (const [field, value] of Object.entries(given)) {
		const secret = textOf(value);
		if (secret !== undefined) secrets[field] = secret;
		else if (value !== undefined && value !== null)
			violations.push({ field, rule: 'text', message: `Account: ${wordsOf(field)} must be text.` });
	}
	return { secrets, violations };
}

/** As the form names it: "webhook user". */
const wordsOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The account of a saved or typed form, or what is wrong with it. */
export function parseAccount({
	region,
	baseUrl,
	sid,
	timeZone,
	defaultCountry,
}: Config<'exotel-account'>): { read: Account } | { fault: unknown } {
	try {
		return { read: readAccount({ region, baseUrl, sid: textOf(sid) ?? sid, timeZone, defaultCountry }) };
	} catch (fault) {
		return { fault };
	}
}

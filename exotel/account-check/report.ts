/** The report of a check, to paste into an issue: the keys of the findings, without what names the account's owner. */
import { apiHosts, type Account } from '../account';
import { redactQuote } from '../redact';
import type { CheckedAccount } from './checked-account';
import type { Finding } from './finding';
import type { Observation } from './guesses';

/** Shorter values are no secret that could be told from a word. */
const SHORTEST = 3;

/** Writes the report. */
export function reportOf(
	{ host, form, address, webhookToken }: CheckedAccount,
	account: Account | null,
	{ findings, observations }: { findings: readonly Finding[]; observations: readonly Observation[] },
): string {
	const hidden: [value: unknown, name: string][] = [
		[form['apiKey'], 'key'],
		[form['apiToken'], 'token'],
		[webhookToken, 'webhook token'],
		[address?.url, 'address'],
		[hostOf(address?.url), 'address'],
		[form['baseUrl'], 'server'],
		[account?.region === 'custom' ? hostOf(apiHosts(account).voice) : '', 'server'],
		[form['sid'], 'SID'],
	];
	const clean = (text: string): string => {
		let rest = text;
		for (const [value, name] of hidden) {
			if (typeof value === 'string' && value.trim().length >= SHORTEST)
				rest = rest.replaceAll(value.trim(), `<${name}>`);
		}
		return redactQuote(rest);
	};
	const settings =
		account === null
			? 'unreadable'
			: `${account.region}, time zone ${account.timeZone}, default country ${account.defaultCountry}`;
	const lines = findings.map(({ level, about, key, detail = '', message = '' }) =>
		[`[${level}] ${about}: ${key}`, clean(detail), clean(message)].filter((part) => part !== '').join(' – '),
	);
	const guesses = observations.map(({ result, guess, detail }) => `[${result}] ${guess} – ${clean(detail)}`);
	return [
		`Exotel account check on ${host}`,
		`Account: ${settings}`,
		...lines,
		...(guesses.length === 0 ? [] : ['Guesses of docs/fidelity.md:', ...guesses]),
	].join('\n');
}

function hostOf(url = ''): string {
	return URL.canParse(url) ? new URL(url).host : '';
}

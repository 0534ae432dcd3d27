/**
 * Goes through the list of *Going live* and names the missing step: the fields of the account, what Exotel says to its
 * key, ExoPhones, time zone and country, the public address, the webhook token, the last callback. It only reads; no
 * call is placed.
 */
import { readAccount, type Account } from '../account';
import { asExotelError, ExotelError } from '../errors';
import { readAccountKey } from '../net/internal-url';
import { publicUrlFault } from '../net/public-url';
import { send, type SendOptions } from '../http/send';
import type { HttpResponse } from '../http/transport';
import { isUsableToken } from '../webhooks/sender';
import { examineAnswers } from './answers';
import type { AccountCheck, CheckedAccount } from './checked-account';
import { fault, finding, type Finding } from './finding';
import { observeRefusal, type Observation } from './guesses';
import { refusalFinding } from './refusal';
import { reportOf } from './report';
import { testAccount } from '../operations/test-account';
import { toIso } from '../time';

/** A person waits for the result; two regions have to fit. */
const DEADLINE_MS = 12_000;
const LIMITS = { deadlineMs: DEADLINE_MS, timeoutMs: DEADLINE_MS / 2, maxAttempts: 1 };
const OTHER_REGION: Partial<Record<Account['region'], 'singapore' | 'mumbai'>> = {
	singapore: 'mumbai',
	mumbai: 'singapore',
};

/** Checks an account. Never rejects because of what is wrong with it. */
export async function checkAccount(checked: CheckedAccount): Promise<AccountCheck> {
	const { account, broken } = readForm(checked.form);
	const observations: Observation[] = [];
	const findings = [...(checked.refused ?? broken)];
	if (findings.length === 0 && account !== null) findings.push(...(await askExotel(checked, account, observations)));
	findings.push(...(await callbackFindings(checked, account)));
	return { findings, report: reportOf(checked, account, { findings, observations }) };
}

/** The account of a form, null while it cannot be read, and one finding per broken rule. */
function readForm(form: CheckedAccount['form']): { account: Account | null; broken: Finding[] } {
	const settings = brokenRules(() => readAccount(form));
	const account = settings.length === 0 ? readAccount(form) : null;
	const secrets = brokenRules(() => readAccountKey(account, { key: form['apiKey'], token: form['apiToken'] }));
	return { account, broken: [...settings, ...secrets] };
}

function brokenRules(read: () => unknown): Finding[] {
	try {
		read();
		return [];
	} catch (thrown) {
		return asExotelError(thrown).violations.map(({ field, message }) =>
			fault(formField(field), 'field', { message, help: 'field' }),
		);
	}
}

/** The forms' name for a field of the core. */
function formField(field: string): string {
	if (field === 'key') return 'apiKey';
	return field === 'token' ? 'apiToken' : field;
}

/** What came of the request that proves SID, key, token and region. */
interface Tested {
	error: ExotelError | null;
	response: HttpResponse | null;
	at: number;
}

async function askExotel(checked: CheckedAccount, account: Account, observations: Observation[]): Promise<Finding[]> {
	const opened = checked.open(account);
	const options = { ...opened.options, ...LIMITS };
	try {
		const tested = await test(account, options);
		const { error, response } = tested;
		// An account on this machine may have none.
		const hasKey = Boolean(checked.form['apiKey'] && checked.form['apiToken']);
		if (error === null) return await examineAnswers(account, options, { ...tested, observations, hasKey });
		const isElsewhere = await worksElsewhere(checked, account, error);
		if (response !== null) observations.push(...observeRefusal(response, isElsewhere));
		const other = OTHER_REGION[account.region];
		return isElsewhere && other !== undefined
			? [fault('region', 'other-region', { detail: other, help: 'region' })]
			: [refusalFinding(error, account)];
	} finally {
		opened.close?.();
	}
}

/** True when the other region accepts the account that this one refuses. */
async function worksElsewhere({ open }: CheckedAccount, account: Account, { kind }: ExotelError): Promise<boolean> {
	const region = OTHER_REGION[account.region];
	if (region === undefined || !['auth', 'region', 'not-found', 'forbidden'].includes(kind)) return false;
	const other = { ...account, region };
	const { options, close } = open(other);
	try {
		return (await test(other, { ...options, ...LIMITS })).error === null;
	} finally {
		close?.();
	}
}

async function test(account: Account, options: SendOptions): Promise<Tested> {
	let response: HttpResponse | null = null;
	const transport: SendOptions['transport'] = async (request, how) =>
		(response = await options.transport(request, how));
	try {
		const sent = await send(testAccount.request(account, {}), { ...options, transport });
		testAccount.read(sent.response, account);
		return { error: null, response: sent.response, at: options.clock.now() };
	} catch (error) {
		const known = error instanceof ExotelError ? error : new ExotelError('exotel', 'The test failed.');
		return { error: known, response, at: options.clock.now() };
	}
}

/** How Exotel reaches the host: as far as that can be told from here. */
async function callbackFindings(checked: CheckedAccount, account: Account | null): Promise<Finding[]> {
	const { address, webhookToken, lastCallbackAt } = checked;
	if (address === undefined) return [];
	const reached = await addressFinding(address, checked.form['region'] === 'custom');
	if (address.url === '') return [reached];
	const isTokenUsable = webhookToken === undefined || isUsableToken(webhookToken);
	const token = isTokenUsable ? [] : [fault('webhookToken', 'token.unusable', { help: 'no-token' })];
	if (account === null || lastCallbackAt === undefined) return [reached, ...token];
	const at = lastCallbackAt(account);
	const callback =
		at === null
			? finding('note', 'publicUrl', 'callback.none', { help: 'no-callbacks' })
			: finding('good', 'publicUrl', 'callback.seen', { detail: toIso(Date.parse(at), account.timeZone) });
	return [reached, ...token, callback];
}

async function addressFinding(
	{ url, reach }: NonNullable<CheckedAccount['address']>,
	isOwnServer: boolean,
): Promise<Finding> {
	const help = 'no-callbacks';
	const wrong = publicUrlFault(url);
	if (wrong === 'missing') return finding('note', 'publicUrl', 'public-url.missing', { help });
	if (wrong === 'unreadable') return fault('publicUrl', 'public-url.unreadable', { help });
	// The simulator on this machine reaches a private address; Exotel does not.
	if (wrong === 'private' && !isOwnServer) return fault('publicUrl', 'public-url.private', { help });
	const reached = await reach?.();
	if (reached?.level === 'fault') return reached;
	if (wrong === null && new URL(url).protocol === 'http:') return fault('publicUrl', 'public-url.http', { help });
	return reached ?? finding('note', 'publicUrl', 'public-url.untested', { help });
}

/**
 * The "Test account" button: one cheap request that proves SID, key and region, and – when it fails – a second one to
 * the other region, so that the answer names what is wrong instead of "401".
 */
import { ExotelError, readAccount, readAccountKey, testAccount, type Account } from '../../exotel/index';
import { AccountConnection, parseAccount, type AccountSecrets } from './account-connection';
import type { Config, Red } from '../host';

/** One line of the test's result. */
export interface Finding {
	/** The field of the form it is about. */
	about: string;
	good: boolean;
	/** Last part of the catalogue key `exotel-account.finding.<key>`. */
	key: string;
	/** A word the text may quote: a status, a code, a region. */
	detail?: string;
	/** The core's sentence, where the catalogue has none. */
	message?: string;
}

const OTHER_REGION: Record<string, string> = { singapore: 'mumbai', mumbai: 'singapore' };
/** A person waits for the result; two regions have to fit. */
const DEADLINE_MS = 12_000;

/** What is wrong with the fields of the form, without a request. */
export function settingFindings(config: Config, secrets: AccountSecrets): Finding[] {
	return [
		...fieldFindings(() =>
			readAccount({
				region: config['region'],
				baseUrl: config['baseUrl'],
				sid: config['sid'],
				timeZone: config['timeZone'],
				defaultCountry: config['defaultCountry'],
			}),
		),
		...fieldFindings(() => readAccountKey(accountOf(config), { key: secrets.apiKey, token: secrets.apiToken })),
	];
}

/** The account of a saved or typed form; null while it cannot be read. */
export function accountOf(config: Config): Account | null {
	const parsed = parseAccount(config);
	return 'read' in parsed ? parsed.read : null;
}

/** Tests the account as it stands in the form. Never rejects. */
export async function examineAccount(RED: Red, config: Config, secrets: AccountSecrets): Promise<Finding[]> {
	const written = settingFindings(config, secrets);
	if (written.length > 0) return written;

	const failure = await tryAccount(RED, config, secrets);
	if (failure === null) return [{ about: 'account', good: true, key: 'works' }];
	const other = OTHER_REGION[accountOf(config)?.region ?? ''];
	if (other !== undefined && ['auth', 'region', 'not-found', 'forbidden'].includes(failure.kind)) {
		if ((await tryAccount(RED, { ...config, region: other }, secrets)) === null)
			return [{ about: 'region', good: false, key: 'other-region', detail: other }];
	}
	return [explain(failure)];
}

function explain(failure: ExotelError): Finding {
	const message = failure.hint === '' ? failure.message : `${failure.message} ${failure.hint}`;
	if (failure.httpStatus === 401) return { about: 'apiKey', good: false, key: 'key-or-token', message };
	if (failure.httpStatus === 404) return { about: 'sid', good: false, key: 'sid', message };
	if (failure.kind === 'forbidden') return { about: 'account', good: false, key: 'forbidden', message };
	if (failure.kind === 'network')
		return { about: 'region', good: false, key: 'unreachable', detail: failure.code ?? '', message };
	return { about: 'account', good: false, key: 'failed', message };
}

/** The error of a test request, or null when it worked. */
async function tryAccount(RED: Red, config: Config, secrets: AccountSecrets): Promise<ExotelError | null> {
	const connection = new AccountConnection(RED, config, secrets);
	try {
		await connection.perform(testAccount, {}, { deadlineMs: DEADLINE_MS, timeoutMs: DEADLINE_MS / 2 });
		return null;
	} catch (reason) {
		return reason instanceof ExotelError ? reason : new ExotelError('exotel', 'The test failed.');
	} finally {
		connection.close();
	}
}

/** One finding per broken rule. */
function fieldFindings(read: () => unknown): Finding[] {
	try {
		read();
		return [];
	} catch (reason) {
		const violations = reason instanceof ExotelError ? reason.violations : [];
		if (violations.length === 0)
			return [
				{
					about: 'account',
					good: false,
					key: 'failed',
					message: reason instanceof Error ? reason.message : '',
				},
			];
		return violations.map((violation) => ({
			about: formField(violation.field),
			good: false,
			key: 'field',
			message: violation.message,
		}));
	}
}

/** The form's name for a field of the core. */
function formField(field: string): string {
	if (field === 'key') return 'apiKey';
	return field === 'token' ? 'apiToken' : field;
}

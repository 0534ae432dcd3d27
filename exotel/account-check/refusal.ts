/** What an error of a reading request says about the account. */
import type { Account } from '../account';
import type { ErrorKind, ExotelError, HelpEntry } from '../errors';
import { isErrorBody } from '../http/error-response';
import { certificateErrors, nameErrors } from '../http/retry';
import { fault, type Finding, type FindingKey } from './finding';

type Wrong = [about: string, key: FindingKey, help: HelpEntry];

const byStatus: Partial<Record<number, Wrong>> = {
	401: ['apiKey', 'key-or-token', '401'],
	402: ['account', 'plan', '402'],
	404: ['sid', 'sid', 'region'],
	429: ['account', 'rate-limit', '429'],
};
const byKind: Partial<Record<ErrorKind, Wrong>> = {
	'not-found': ['sid', 'sid', 'region'],
	region: ['sid', 'sid', 'region'],
	'rate-limit': ['account', 'rate-limit', '429'],
};

const BASE_URL =
	"A server answers that is not Exotel's. Check the Base URL: that of the simulator ends after its port.";

/** What is wrong when Exotel refuses, or does not answer, the request that reads the list of calls. */
export function refusalFinding(error: ExotelError, { region }: Account): Finding {
	const { kind, code, httpStatus } = error;
	if (kind === 'network') return networkFinding(error);
	const message = `${error.message} ${error.hint}`.trim();
	if (region === 'custom' && httpStatus === 404 && !isErrorBody(error.raw))
		return fault('baseUrl', 'base-url', { message: BASE_URL, help: 'region' });
	const known = byStatus[httpStatus ?? 0] ?? byKind[kind];
	if (known !== undefined) {
		const [about, key, help] = known;
		// The hint names the other region, which has been asked.
		return fault(about, key, { message: about === 'account' ? message : error.message, help });
	}
	if (kind === 'forbidden') {
		const isKyc = code === '340030' || /\bKYC\b/i.test(error.message);
		return fault('account', isKyc ? 'kyc' : 'forbidden', { message, help: isKyc ? 'kyc' : '403' });
	}
	const isAnswered = httpStatus !== null && httpStatus < 400;
	return fault('account', isAnswered ? 'unreadable' : 'failed', { message, help: 'exotel-error' });
}

/** The platform's words are its own: the code says what happened. */
function networkFinding({ code, message, hint }: ExotelError): Finding {
	const key = networkKey(code ?? '');
	// The host's sentence for `unreachable` says what happened; without a code, in the platform's words.
	const detail = code ?? message.replace(/^[^:]*: /, '');
	const about = key === 'unreachable' ? hint : `${networkWords[key]} (${code}). ${hint}`;
	return fault('region', key, { detail, help: 'network', message: about });
}

const networkWords = {
	dns: 'The name of the server is not known',
	tls: 'The certificate or encryption of the server was not accepted',
	timeout: 'The server did not answer in time',
};

function networkKey(code: string): keyof typeof networkWords | 'unreachable' {
	if (nameErrors.has(code)) return 'dns';
	if (certificateErrors.has(code) || /^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code)) return 'tls';
	return ['ETIMEDOUT', 'ECONNABORTED', 'DEADLINE', 'UND_ERR_CONNECT_TIMEOUT'].includes(code)
		? 'timeout'
		: 'unreachable';
}

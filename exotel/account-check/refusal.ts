/** What an error of a reading request says about the account. */
import type { ErrorKind, ExotelError, HelpEntry } from '../errors';
import { certificateErrors, nameErrors } from '../http/retry';
import { fault, type Finding, type FindingKey } from './finding';

const byStatus: Partial<Record<number, [about: string, key: FindingKey, help: HelpEntry]>> = {
	401: ['apiKey', 'key-or-token', '401'],
	402: ['account', 'plan', '402'],
	404: ['sid', 'sid', 'region'],
	429: ['account', 'rate-limit', '429'],
};
const byKind: Partial<Record<ErrorKind, [about: string, key: FindingKey, help: HelpEntry]>> = {
	'not-found': ['sid', 'sid', 'region'],
	region: ['sid', 'sid', 'region'],
	'rate-limit': ['account', 'rate-limit', '429'],
};

/** What is wrong when Exotel refuses, or does not answer, the request that reads the list of calls. */
export function refusalFinding(error: ExotelError): Finding {
	const { kind, code, httpStatus, message } = error;
	if (kind === 'network') return networkFinding(code ?? '', message);
	const known = byStatus[httpStatus ?? 0] ?? byKind[kind];
	if (known !== undefined) return fault(known[0], known[1], { message, help: known[2] });
	if (kind === 'forbidden' && (code === '340030' || /\bKYC\b/i.test(message)))
		return fault('account', 'kyc', { message, help: 'kyc' });
	const explained = `${message} ${error.hint}`.trim();
	if (kind === 'forbidden') return fault('account', 'forbidden', { message: explained, help: '403' });
	const isAnswered = httpStatus !== null && httpStatus < 400;
	return fault('account', isAnswered ? 'unreadable' : 'failed', { message: explained, help: 'exotel-error' });
}

function networkFinding(code: string, message: string): Finding {
	const key = networkKey(code);
	const detail = code === '' ? 'no code' : code;
	// The platform's words about the others are its own; the code says it all.
	return fault('region', key, { detail, help: 'network', ...(key === 'unreachable' && { message }) });
}

function networkKey(code: string): FindingKey {
	if (nameErrors.has(code)) return 'dns';
	if (certificateErrors.has(code) || /^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code)) return 'tls';
	return ['ETIMEDOUT', 'ECONNABORTED', 'DEADLINE', 'UND_ERR_CONNECT_TIMEOUT'].includes(code)
		? 'timeout'
		: 'unreachable';
}

/**
 * Which path belongs to whom, and who may enter: v1 with a capital `Accounts`, v2 with a small one (Exotel fact sheet
 * 1.2).
 */
import { accountDetails } from './v1/account';
import { agentCallDetails, makeAgentCall } from './v2/calls';
import { assignExoPhone, listExoPhones, listExoPhonesV1, oneExoPhone } from './v1/exophones';
import { bulkDetails } from './v1/bulk';
import { callDetails } from './v1/call-details';
import { connect } from './v1/connect';
import { control } from './control/api';
import { downloadRecording } from './recordings';
import { badGateway, tooMany } from './failures';
import { listUsers } from './v2/users';
import { numberDetails } from './v1/numbers';
import { restException, type Format } from '../wire/v1-answer';
import { servePage } from './page';
import { v2Error, v2Refusal, type V2Request } from '../wire/v2-envelope';
import { BadRequest, type Incoming } from './request';
import { CUT, text, type Reply } from '../wire/answer';
import type { Account } from '../model/accounts';
import type { Exchange } from '../engine/simulation';

/** A request that has been let in. */
interface Visit {
	exchange: Exchange;
	account: Account;
	incoming: Incoming;
	/** v1 and v2_beta: by the suffix of the path */
	format: Format;
	v2: V2Request;
	/** the last variable part of the path, decoded: call SID, number, … */
	name: string;
}

/** One endpoint of the simulated APIs. */
export interface ApiRoute {
	method: 'GET' | 'POST' | 'PUT';
	/** as the documentation writes it; the fidelity table uses it */
	endpoint: string;
	/** groups: account, name; `.json` is taken off before */
	path: RegExp;
	serve: (visit: Visit) => Promise<Reply> | Reply;
}

/** All endpoints of the simulated APIs. */
export const API_ROUTES: readonly ApiRoute[] = [
	{
		method: 'POST',
		endpoint: '/v1/Accounts/<sid>/Calls/connect[.json]',
		path: /^\/v1\/Accounts\/([^/]+)\/Calls\/connect()$/,
		serve: ({ exchange, account, incoming, format }) => connect(exchange, account, incoming, format),
	},
	{
		method: 'GET',
		endpoint: '/v1/Accounts/<sid>/Calls/<CallSid>[.json]',
		path: /^\/v1\/Accounts\/([^/]+)\/Calls\/([^/]+)$/,
		serve: ({ exchange, account, incoming, format, name }) =>
			callDetails(exchange, account, incoming, name, format),
	},
	{
		method: 'GET',
		endpoint: '/v1/Accounts/<sid>/Calls[.json]',
		path: /^\/v1\/Accounts\/([^/]+)\/Calls()$/,
		serve: ({ exchange, account, incoming, format }) => bulkDetails(exchange, account, incoming, format),
	},
	{
		method: 'GET',
		endpoint: '/v1/Accounts/<sid>/Numbers/<number>[.json]',
		path: /^\/v1\/Accounts\/([^/]+)\/Numbers\/([^/]+)$/,
		serve: ({ format, name }) => numberDetails(name, format),
	},
	{
		method: 'GET',
		endpoint: '/v1/Accounts/<sid>[.json]',
		path: /^\/v1\/Accounts\/([^/]+)()$/,
		serve: ({ account, format }) => accountDetails(account, format),
	},
	{
		method: 'GET',
		endpoint: '/v1/Accounts/<sid>/IncomingPhoneNumbers[.json]',
		path: /^\/v1\/Accounts\/([^/]+)\/IncomingPhoneNumbers()$/,
		serve: ({ account, format }) => listExoPhonesV1(account, format),
	},
	{
		method: 'GET',
		endpoint: '/v2_beta/Accounts/<sid>/IncomingPhoneNumbers',
		path: /^\/v2_beta\/Accounts\/([^/]+)\/IncomingPhoneNumbers()$/,
		serve: ({ exchange, account, incoming }) => listExoPhones(exchange, account, incoming),
	},
	{
		method: 'GET',
		endpoint: '/v2_beta/Accounts/<sid>/IncomingPhoneNumbers/<exophone_sid>',
		path: /^\/v2_beta\/Accounts\/([^/]+)\/IncomingPhoneNumbers\/([^/]+)$/,
		serve: ({ account, name }) => oneExoPhone(account, name),
	},
	{
		method: 'PUT',
		endpoint: '/v2_beta/Accounts/<sid>/IncomingPhoneNumbers/<exophone_sid>',
		path: /^\/v2_beta\/Accounts\/([^/]+)\/IncomingPhoneNumbers\/([^/]+)$/,
		serve: ({ account, incoming, name }) => assignExoPhone(account, incoming, name),
	},
	{
		method: 'POST',
		endpoint: '/v2/accounts/<sid>/calls',
		path: /^\/v2\/accounts\/([^/]+)\/calls()$/,
		serve: ({ exchange, account, incoming, v2 }) => makeAgentCall(exchange, account, incoming, v2),
	},
	{
		method: 'GET',
		endpoint: '/v2/accounts/<sid>/calls/<call_sid>',
		path: /^\/v2\/accounts\/([^/]+)\/calls\/([^/]+)$/,
		serve: ({ exchange, account, name, v2 }) => agentCallDetails(exchange, account, name, v2),
	},
	{
		method: 'GET',
		endpoint: '/v2/accounts/<sid>/users',
		path: /^\/v2\/accounts\/([^/]+)\/users()$/,
		serve: ({ account, incoming, v2 }) => listUsers(account, incoming, v2),
	},
];

const RECORDING = /^\/exotelrecordings\/([^/]+)\/([0-9a-z]{32})\.mp3$/;

/** Finds who serves a request and lets him. */
export async function route(exchange: Exchange, incoming: Incoming): Promise<Reply> {
	const { path } = incoming;
	if (path === '/' || path === '/_simulator')
		return text(302, 'text/plain', 'The page is at /_simulator/', { Location: '/_simulator/' });
	if (path.startsWith('/_simulator/api/')) return control(exchange, incoming);
	if (path.startsWith('/_simulator/')) return servePage(incoming);
	const recording = RECORDING.exec(path);
	if (recording) return downloadRecording(exchange, incoming, decoded(recording[1]), recording[2]);
	const family = /^\/(v1|v2_beta)\/Accounts\/([^/]+)|^\/(v2)\/accounts\/([^/]+)/.exec(path);
	if (!family)
		return text(
			404,
			'text/plain',
			'Not found. The simulated APIs are under /v1/Accounts/… and /v2/accounts/…, the page is at /_simulator/.\n',
		);
	return api(
		exchange,
		incoming,
		family[1] === 'v1' || family[1] === 'v2_beta' ? family[1] : 'v2',
		decoded((family[2] ?? family[4]).replace(/\.json$/, '')),
	);
}

async function api(
	exchange: Exchange,
	incoming: Incoming,
	family: 'v1' | 'v2_beta' | 'v2',
	accountSid: string,
): Promise<Reply> {
	const format: Format = family === 'v2_beta' || incoming.path.endsWith('.json') ? 'json' : 'xml';
	const path = family === 'v2' ? incoming.path : incoming.path.replace(/\.json$/, '');
	const v2: V2Request = { method: incoming.method, requestId: exchange.requestId(accountSid) };
	const refuse = (status: number, message: string, headers?: Record<string, string>): Reply =>
		family === 'v2'
			? v2Refusal(v2, status, message, { headers })
			: restException(format, status, message, { headers });

	const admitted = exchange.accounts.admits(incoming.headers.authorization, accountSid);
	if (admitted === 'no') {
		const challenge = { 'WWW-Authenticate': 'Basic realm="Exotel API"' };
		return family === 'v2'
			? v2Error(v2, 1010)
			: refuse(401, 'Authentication is required to view this page', challenge);
	}
	const account = admitted === 'yes' ? exchange.accounts.find(accountSid) : null;
	if (!account) return family === 'v2' ? v2Error(v2, 1017) : refuse(404, 'Account not found');

	const matches = API_ROUTES.map((candidate) => ({ candidate, match: candidate.path.exec(path) })).filter(
		({ match }) => match !== null,
	);
	if (matches.length === 0) return refuse(404, 'Resource not found');
	const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
	const chosen = matches.find(({ candidate }) => candidate.method === method);
	if (!chosen?.match)
		return refuse(405, `Method ${incoming.method} is not allowed here`, {
			Allow: matches.map(({ candidate }) => candidate.method).join(', '),
		});

	if (method === 'GET') {
		const trouble = readingTrouble(exchange, accountSid, refuse);
		if (trouble !== null) return trouble;
	}
	const slow = exchange.chaos.amount('slowAnswerSeconds', { accountSid });
	if (slow > 0) await exchange.hold(slow);
	try {
		return await chosen.candidate.serve({
			exchange,
			account,
			incoming,
			format,
			v2,
			name: decoded(chosen.match[2]),
		});
	} catch (error) {
		if (error instanceof BadRequest) return refuse(error.status, error.message);
		throw error;
	}
}

/** Chaos switches that hit reading requests as well; those that dial do not apply here. */
function readingTrouble(
	exchange: Exchange,
	accountSid: string,
	refuse: (status: number, message: string, headers?: Record<string, string>) => Reply,
): Reply | null {
	const { chaos } = exchange;
	const subject = { accountSid };
	if (chaos.strikes('cutBefore', subject)) return CUT;
	if (chaos.strikes('tooManyRequests', subject))
		return tooMany(
			exchange,
			(status, message, extra) => refuse(status, message, extra?.headers),
			chaos.amount('retryAfterSeconds', subject) || 30,
		);
	if (chaos.strikes('unavailable', subject)) return refuse(503, 'Service Unavailable; ');
	if (chaos.strikes('badGateway', subject)) return badGateway();
	return chaos.strikes('serverError', subject) ? refuse(500, 'Internal Server Error') : null;
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

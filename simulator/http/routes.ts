/** Which path belongs to whom, and who may enter: v1 with a capital `Accounts`, v2 with a small one (Exotel fact sheet 1.2). */
import { callDetails } from '../v1/call-details';
import { connect } from '../v1/connect';
import { restException, type Format } from '../v1/answer';
import { control } from '../control/api';
import { servePage } from '../control/page';
import { hold } from '../failures';
import { BadRequest, type Incoming } from './request';
import { text, type Reply } from './answer';
import type { Account } from '../accounts';
import type { Exchange } from '../exchange';

interface V1Visit {
	exchange: Exchange;
	account: Account;
	incoming: Incoming;
	format: Format;
	/** the last variable part of the path, decoded: call SID, number, … */
	name: string;
}

interface V1Route {
	method: string;
	/** groups: account, name; `.json` is taken off before */
	path: RegExp;
	serve: (visit: V1Visit) => Promise<Reply> | Reply;
}

const V1_ROUTES: V1Route[] = [
	{
		method: 'POST',
		path: /^\/v1\/Accounts\/([^/]+)\/Calls\/connect()$/,
		serve: ({ exchange, account, incoming, format }) => connect(exchange, account, incoming, format),
	},
	{
		method: 'GET',
		path: /^\/v1\/Accounts\/([^/]+)\/Calls\/([^/]+)$/,
		serve: ({ exchange, account, incoming, format, name }) => callDetails(exchange, account, incoming, name, format),
	},
];

export async function route(exchange: Exchange, incoming: Incoming): Promise<Reply> {
	const { path } = incoming;
	if (path === '/' || path === '/_simulator') return text(302, 'text/plain', 'The page is at /_simulator/', { Location: '/_simulator/' });
	if (path.startsWith('/_simulator/api/')) return control(exchange, incoming);
	if (path.startsWith('/_simulator/')) return servePage(incoming);
	if (path.startsWith('/v1/')) return v1(exchange, incoming);
	return text(404, 'text/plain', 'Not found. The simulated APIs are under /v1/Accounts/… and /v2/accounts/…, the page is at /_simulator/.\n');
}

async function v1(exchange: Exchange, incoming: Incoming): Promise<Reply> {
	const format: Format = incoming.path.endsWith('.json') ? 'json' : 'xml';
	const path = incoming.path.replace(/\.json$/, '');
	const matches = V1_ROUTES.map((candidate) => ({ candidate, match: candidate.path.exec(path) })).filter(({ match }) => match !== null);
	const accountSid = decoded(/^\/v1\/Accounts\/([^/]+)/.exec(path)?.[1] ?? '');
	const entry = enter(exchange, incoming, accountSid);
	if (typeof entry === 'number') {
		if (entry === 401) return restException(format, 401, 'Authentication is required to view this page', { headers: { 'WWW-Authenticate': 'Basic realm="Exotel API"' } });
		return restException(format, entry, 'Account not found');
	}
	if (matches.length === 0) return restException(format, 404, 'Resource not found');
	const chosen = matches.find(({ candidate }) => candidate.method === incoming.method);
	if (!chosen?.match) return restException(format, 405, `Method ${incoming.method} is not allowed here`, { headers: { Allow: matches.map(({ candidate }) => candidate.method).join(', ') } });
	const slow = exchange.chaos.amount('slowAnswerSeconds', { accountSid });
	if (slow > 0) await hold(exchange, slow);
	try {
		return await chosen.candidate.serve({ exchange, account: entry, incoming, format, name: decoded(chosen.match[2]) });
	} catch (error) {
		if (error instanceof BadRequest) return restException(format, error.status, error.message);
		throw error;
	}
}

/** The account if the caller may enter, else the HTTP status that keeps him out. */
function enter(exchange: Exchange, incoming: Incoming, accountSid: string): Account | 401 | 404 {
	const admitted = exchange.accounts.admits(incoming.headers.authorization, accountSid);
	if (admitted === 'no') return 401;
	return (admitted === 'yes' && exchange.accounts.find(accountSid)) || 404;
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

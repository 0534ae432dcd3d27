/** What is served under which path: the simulated APIs, the recordings, the control API and the page. */
import { admission } from './http/basic-auth';
import { apiRoutes } from './routes';
import { BadRequest, type Incoming } from './http/request';
import { control } from './control/api';
import { downloadRecording } from './recordings';
import { foreignRefusal } from './http/trust';
import { injectedReadingFailure } from '../engine/injected-failure';
import { PathPattern, Router, type PathParameters } from './http/router';
import { readingFailureReply, type Refuse } from './http/failures';
import { restException, type Format } from '../wire/v1-answer';
import { servePage } from './page';
import { text } from '../wire/answer';
import { v2Error, v2Refusal, type V2Request } from '../wire/v2-envelope';
import type { Reply } from './http/reply';
import type { Simulation } from '../engine/simulation';

type Surface = (simulation: Simulation, incoming: Incoming, parameters: PathParameters) => Promise<Reply> | Reply;

const surfaces = (
	[
		['/', redirectToPage],
		['/_simulator', redirectToPage],
		['/_simulator/api/*', control],
		['/_simulator/*', (_simulation, incoming) => servePage(incoming)],
		['/exotelrecordings/<sid>/<call>.mp3', downloadRecording],
		['/v1/Accounts/<sid>[.json]', serveV1],
		['/v1/Accounts/<sid>/*', serveV1],
		['/v2_beta/Accounts/<sid>[.json]', serveV1],
		['/v2_beta/Accounts/<sid>/*', serveV1],
		['/v2/accounts//*', serveV2],
		['/v2/accounts/<sid>', serveV2],
		['/v2/accounts/<sid>/*', serveV2],
	] satisfies [string, Surface][]
).map(([path, serve]) => ({ pattern: new PathPattern(path), serve }));

/** Serves one request. */
export async function serve(simulation: Simulation, incoming: Incoming): Promise<Reply> {
	const refusal = foreignRefusal(simulation, incoming);
	if (refusal) return refusal;
	for (const surface of surfaces) {
		const parameters = surface.pattern.match(incoming.path);
		if (parameters) return surface.serve(simulation, incoming, parameters);
	}
	return text(
		404,
		'text/plain',
		'Not found. The simulated APIs are under /v1/Accounts/… and /v2/accounts/…, the page is at /_simulator/.\n',
	);
}

function redirectToPage(): Reply {
	return text(302, 'text/plain', 'The page is at /_simulator/', { Location: '/_simulator/' });
}

/** The words of one API for what is refused before a handler is found. */
interface Wording {
	format: Format;
	envelope: V2Request;
	refuse: Refuse;
	unauthenticated: () => Reply;
	unknownAccount: () => Reply;
}

function serveV1(simulation: Simulation, incoming: Incoming, { sid = '' }: PathParameters): Promise<Reply> {
	const json = incoming.path.startsWith('/v2_beta') || incoming.path.endsWith('.json');
	const format = json ? 'json' : 'xml';
	const refuse: Refuse = (status, message, extra) => restException(format, status, message, extra);
	return serveApi(simulation, incoming, sid, {
		format,
		envelope: { method: incoming.method, requestId: simulation.requestId(sid) },
		refuse,
		unauthenticated: () =>
			refuse(401, 'Authentication is required to view this page', {
				headers: { 'WWW-Authenticate': 'Basic realm="Exotel API"' },
			}),
		unknownAccount: () => refuse(404, 'Account not found'),
	});
}

function serveV2(simulation: Simulation, incoming: Incoming, { sid = '' }: PathParameters): Promise<Reply> {
	const envelope = { method: incoming.method, requestId: simulation.requestId(sid) };
	if (sid === '') return Promise.resolve(v2Error(envelope, 1001));
	return serveApi(simulation, incoming, sid, {
		format: 'json',
		envelope,
		refuse: (status, message, extra) => v2Refusal(envelope, status, message, extra),
		unauthenticated: () => v2Error(envelope, 1010),
		unknownAccount: () => v2Error(envelope, 1017),
	});
}

const apiRouter = new Router(apiRoutes);

async function serveApi(
	simulation: Simulation,
	incoming: Incoming,
	accountSid: string,
	wording: Wording,
): Promise<Reply> {
	const { refuse, format, envelope, unknownAccount } = wording;
	const admitted = admission(simulation.accounts, incoming.headers.authorization, accountSid);
	if (admitted === 'no') return wording.unauthenticated();
	const account = admitted === 'yes' ? simulation.accounts.find(accountSid) : null;
	if (!account) return unknownAccount();
	const found = apiRouter.find(incoming.method, incoming.path);
	if (found.kind === 'unknown-path') return refuse(404, 'Resource not found');
	if (found.kind === 'method-not-allowed')
		return refuse(405, `Method ${incoming.method} is not allowed here`, { headers: { Allow: found.allow } });
	if (incoming.method === 'GET' || incoming.method === 'HEAD') {
		const failure = injectedReadingFailure(simulation, accountSid);
		const reply = failure && readingFailureReply({ simulation, refuse, unknownAccount }, failure, { accountSid });
		if (reply !== null) return reply;
	}
	const slow = simulation.chaos.amount('slowAnswerSeconds', { accountSid });
	if (slow > 0) await simulation.hold(slow);
	try {
		const { handler, parameters } = found;
		return await handler({ simulation, account, incoming, format, envelope, parameters, refuse, unknownAccount });
	} catch (error) {
		if (error instanceof BadRequest) return refuse(error.status, error.message);
		throw error;
	}
}

/** The HTTP server of the double: records every request, plays faults, checks the credentials, finds the right page. */
import http, { type Server, type ServerResponse } from 'node:http';
import type { Account, Fault, Made } from './account';
import { report } from './callbacks';
import { readExoPhones, readRecording } from './exophones';
import { receive, reply, resetAfterWrite, resetBeforeWrite, type ReceivedRequest, type Reply } from './http';
import { readCalls } from './v1-bulk';
import { connect } from './v1-connect';
import { refuse } from './v1-errors';
import { readCall, readNumber } from './v1-read';
import { makeCall, readV2Call, v2Refuse } from './v2';

/** The page a proxy in front of a service shows; its wording is nobody's. */
const htmlPage: Reply = {
	status: 502,
	headers: { 'Content-Type': 'text/html' },
	body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
};

/** The server, not listening yet. */
export function createServer(account: Account): Server {
	return http.createServer((message, response) => {
		const at = Date.now();
		account.answering += 1;
		let counts = true;
		const done = (): void => {
			if (counts) account.answering -= 1;
			counts = false;
		};
		response.once('close', done);
		receive(message, at).then(
			(request) => {
				account.requests.push(request);
				answer(account, request, response, done);
			},
			// The client went away before its request was whole: there is nobody to answer.
			() => response.destroy(),
		);
	});
}

function answer(account: Account, request: ReceivedRequest, response: ServerResponse, done: () => void): void {
	const fault = account.faults.get(request.method)?.shift();
	if (fault?.reset === true) return resetBeforeWrite(response);
	if (fault?.status !== undefined) return later(fault, () => reply(response, faultReply(fault, fault.status ?? 503)));
	later(fault, () => {
		const made = route(account, request);
		void reportFirst(account, made).then(() => {
			play(made, response);
			if (made.script?.answer === 'timeout') done();
		});
	});
}

function later(fault: Fault | undefined, act: () => void): void {
	if (fault?.delay === undefined) act();
	else setTimeout(act, fault.delay);
}

function faultReply({ body = '', headers = {} }: Fault, status: number): Reply {
	return { status, headers: { 'Content-Type': 'application/json', ...headers }, body };
}

/** Sends what the script wants reported before the answer; what becomes of it does not matter to the answer. */
async function reportFirst(account: Account, { script, sid }: Made): Promise<void> {
	if (sid === null) return;
	for (const event of script?.reportsFirst ?? []) {
		// Throws for an event that nobody asked for.
		await report(account, sid, event, {}).catch(() => undefined);
	}
}

/** Answers a POST by its script, anything else with its page. */
function play({ reply: normal, script }: Made, response: ServerResponse): void {
	const wanted = script?.answer ?? 'normal';
	if (wanted === 'normal') return reply(response, normal);
	if (wanted === 'reset-before-write') return resetBeforeWrite(response);
	if (wanted === 'reset-after-write') return resetAfterWrite(response, normal);
	if (wanted === 'html') return reply(response, htmlPage);
	// "timeout" never answers; the connection stays until the client or close() ends it.
	if (wanted !== 'timeout') reply(response, wanted);
}

function page(it: Reply): Made {
	return { reply: it, script: null, sid: null };
}

/** Finds the page. Paths are compared as the documents spell them: v1 `Accounts`, v2 `accounts`. */
function route(account: Account, request: ReceivedRequest): Made {
	const v2 = request.path.startsWith('/v2/');
	const [path, json] = request.path.endsWith('.json') ? [request.path.slice(0, -5), true] : [request.path, false];
	if (!authorized(account, request)) {
		// The body of v1 is (facts, not documented); seed 001 documents that of v2.
		return page(
			v2
				? v2Refuse(request.method, [401, 1010, 'Authentication failed'])
				: refuse(401, 'Authentication failed', json),
		);
	}
	const parts = path.slice(1).split('/').map(decoded);
	const query = new URLSearchParams(request.query);
	const key = `${request.method} ${parts[0]}/${parts[1]}`;
	if (request.method === 'GET' && parts[0] === 'exotelrecordings')
		return page(readRecording(account, (parts[2] ?? '').replace(/\.mp3$/, '')));
	if (parts[2] !== account.sid) {
		return page(
			v2 ? v2Refuse(request.method, [404, 1017, 'AccountSid not found']) : refuse(404, 'Account not found', json),
		);
	}
	const [, , , resource, id, more] = parts;
	if (key === 'POST v1/Accounts' && resource === 'Calls' && id === 'connect' && more === undefined)
		return connect(account, request, json);
	if (key === 'GET v1/Accounts' && more === undefined) {
		if (resource === 'Calls' && id === undefined) return page(readCalls(account, query, json));
		if (resource === 'Calls' && id !== undefined) return page(readCall(account, id, query, json));
		if (resource === 'Numbers' && id !== undefined) return page(readNumber(account, id, json));
	}
	if (resource === 'calls' && more === undefined) {
		if (key === 'POST v2/accounts' && id === undefined) return makeCall(account, request);
		if (key === 'GET v2/accounts' && id !== undefined) return page(readV2Call(account, id));
	}
	if (key === 'GET v2_beta/Accounts' && resource === 'IncomingPhoneNumbers' && id === undefined)
		return page(readExoPhones(account, query));
	return page(refuse(404, 'No such resource', json));
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

/** Seed 001: "use Basic Authentication" with API key and token. */
function authorized(account: Account, request: ReceivedRequest): boolean {
	const match = /^Basic +([A-Za-z0-9+/=]+)$/.exec(request.headers.authorization ?? '');
	return (
		match?.[1] !== undefined &&
		Buffer.from(match[1], 'base64').toString('utf8') === `${account.key}:${account.token}`
	);
}

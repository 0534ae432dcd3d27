/** The other side in the tests of the double: a client of its API and a receiver of its requests. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Double } from './index';
import { receive, reply, send, type ReceivedRequest, type Reply, type Response } from './http';

/** What one agent and one customer of the tests are called. */
export const people = { agent: '+919812300002', customer: '+919812300003' };

/** Sends a request with the account's credentials; gives up after 2000 ms. */
export function api(
	double: Double,
	method: string,
	path: string,
	options: { body?: string; type?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
	const { key, token } = double.account;
	const headers: Record<string, string> = {
		Authorization: `Basic ${Buffer.from(`${key}:${token}`).toString('base64')}`,
		...(options.body === undefined ? {} : { 'Content-Type': options.type ?? 'application/x-www-form-urlencoded' }),
		...options.headers,
	};
	return send(`${double.origin}${path}`, { method, headers, body: options.body, timeoutMs: 2000 });
}

/** Makes a v1 call between the two people, or with other parameters. */
export function connect(double: Double, more: Record<string, string> = {}, suffix = '.json'): Promise<Response> {
	const body = new URLSearchParams({ From: people.agent, To: people.customer, CallerId: '08045680001', ...more });
	for (const [name, value] of Object.entries(more)) if (value === '') body.delete(name);
	return api(double, 'POST', `/v1/Accounts/Exotel/Calls/connect${suffix}`, { body: body.toString() });
}

/** Makes a v1 call and returns its id. */
export async function connected(double: Double, more: Record<string, string> = {}): Promise<string> {
	const response = await connect(double, more);
	if (response.status !== 200) throw new Error(response.body);
	return (JSON.parse(response.body) as { Call: { Sid: string } }).Call.Sid;
}

/** Makes a v2 call, with other fields if given. */
export function makeCall(double: Double, more: Record<string, unknown> = {}): Promise<Response> {
	const body = JSON.stringify({
		from: { user_contact_uri: '+919953100001' },
		to: { customer_contact_uri: people.customer },
		virtual_number: '+918045680001',
		...more,
	});
	return api(double, 'POST', '/v2/accounts/Exotel/calls', { body, type: 'application/json' });
}

/** A server that keeps what it gets and answers what the test says. */
export interface Receiver {
	/** `http://127.0.0.1:<port>`. */
	origin: string;
	got: ReceivedRequest[];
	/** The next answers; 200 without a body when there is none. Null never answers. */
	answers: Array<Reply | null>;
	close(): Promise<void>;
}

/** Starts a receiver on a free port. */
export async function startReceiver(): Promise<Receiver> {
	const got: ReceivedRequest[] = [];
	const answers: Array<Reply | null> = [];
	const server = http.createServer((message, response) => {
		void receive(message, Date.now()).then((request) => {
			got.push(request);
			const answer = answers.length > 0 ? answers.shift() : { status: 200 };
			if (answer !== null && answer !== undefined) reply(response, answer);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		got,
		answers,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** What came of a case, in the one form in which both hosts are compared. */
import type { Data } from '../recorded/case';
import type { SharedCase } from './description';

/** Something that came out of a node. */
export type Told = { result: unknown } | { error: { kind: unknown; text: string } };

/** What came of a case. */
export interface Happened {
	/** Requests to Exotel. */
	requests: unknown[];
	/** What came out of the nodes, in its order. */
	told: Told[];
	/** What Exotel was answered. */
	answers: { status: unknown; type: unknown; body: unknown }[];
}

export function isData(value: unknown): value is Data {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function dataOf(value: unknown): Data {
	return isData(value) ? value : {};
}

/**
 * Sentences as one text: n8n has a message and a description, Node-RED a list and a hint, so only n8n needs a full stop
 * behind each. In small letters, because each names a field as its form does, and n8n's forms write titles with capitals.
 */
export function sentence(...parts: unknown[]): string {
	return parts
		.filter((part) => part !== '' && part !== undefined && part !== null)
		.map(String)
		.join(' ')
		.replace(/\.(?= |$)/g, '')
		.toLowerCase();
}

/** The requests that left, without what each host says about itself. */
export function requestsOf(shared: SharedCase, recording: Data): unknown[] {
	const all = (recording['requests'] as Data[]).map(({ method, path, query, body, headers }) => {
		const { authorization } = dataOf(headers);
		return { method, path, query, body: bodyOf(String(body)), authorization };
	});
	// n8n cannot be told of an end that comes before it waits, so it reads the call once; Node-RED listens already.
	return 'follows' in shared && shared.follows === true ? all.filter(({ method }) => method === 'POST') : all;
}

function bodyOf(body: string): unknown {
	if (body.startsWith('{')) {
		const { status_callback: callbacks, recording, ...rest } = dataOf(JSON.parse(body));
		const [first] = Array.isArray(callbacks) ? (callbacks as Data[]) : [];
		const own = isOwnCallback(String(first?.['url']));
		// Node-RED also announces that somebody answered, so it asks for that event too.
		const users = [callbacks]
			.flat()
			.map((each) => ({ ...dataOf(each), url: withAnyAttempt(String(dataOf(each)['url'])) }));
		const callback = first === undefined ? {} : { status_callback: own ? 'the attempt’s own' : users };
		return { ...rest, ...callback, ...(recording !== undefined && recording !== false && { recording }) };
	}
	const form = [...new URLSearchParams(body)];
	const own = form.some(([name, value]) => name === 'StatusCallback' && isOwnCallback(value));
	return form.flatMap(([name, value]) => {
		// The form of Node-RED has a switch that is off; n8n has an option that was not added. Both mean the same.
		if (name === 'Record' && value === 'false') return [];
		if (own && name === 'StatusCallback') return [[name, 'the attempt’s own']];
		// Node-RED also announces ringing and answered, and n8n reads JSON itself: each asks for what it needs.
		if (own && /^StatusCallback(Events|ContentType)/.test(name)) return [];
		return [[name, withAnyAttempt(value)]];
	});
}

/** Where the users of these descriptions receive callbacks themselves. */
const USERS_OWN = /^https:\/\/crm\.example\.com\//;
const isOwnCallback = (url: string): boolean => !USERS_OWN.test(url) && /[?&]attempt=/.test(url);
/** Every attempt has an id of its own. */
const withAnyAttempt = (value: string): string =>
	USERS_OWN.test(value) ? value.replace(/([?&]attempt=).+$/, '$1…') : value;

/** What the hosts have to agree on. */
export function comparable(shared: SharedCase, { requests, told, answers }: Happened): unknown {
	if ('publicUrl' in shared && shared.publicUrl !== undefined) {
		// How a host gets a public address is told in its own words; what counts is that both refuse the same ones.
		const refused = told.some((one) => 'error' in one && /no public address/.test(one.error.text));
		return { requests, refused };
	}
	// n8n gives out everything when the run has ended, Node-RED one by one: only the requests tell the pace.
	if ('times' in shared) return { requests };
	const seen = answers.map(({ status, type, body }) => {
		if (shared.operation === 'applet')
			return { status, ...(status === 401 || status === 403 ? {} : { type }), body };
		// Exotel reads nothing but the status of a 200, and each host has its own words for it.
		return status === 200 ? { status } : { status, body };
	});
	return { requests, told, answers: seen };
}

/**
 * The one way to an answer, for every host: from what the user filled in, or wrote by hand, to the response Exotel
 * gets. An answer that Exotel would drop is never built.
 */
import type { Account } from '../account';
import { inputError } from '../errors';
import type { FieldDescription } from '../fields/field';
import { isBlank } from '../fields/parse-value';
import { exceededIn, MOST_JSON, parseJson } from '../json';
import { asPayload, type Payload } from '../payload';
import type { AppletKind, AppletRequest } from '../webhooks/applet-request';
import { answerVersion, type AppletAnswer, jsonAnswer, nobodyAnswer, passthruAnswer, switchCaseAnswer } from './answer';
import { checkAnswer } from './check-answer';
import { connectAnswer, type ConnectAnswerInput } from './connect-answer';
import { connectAnswerFields } from './connect-answer-fields';
import {
	gatherAnswer,
	type GatherAnswerInput,
	greetingAnswer,
	type GreetingAnswerInput,
	ownGreeting,
} from './spoken-answers';

/**
 * The kinds of answer a form offers: to Connect, to Connect without dialling, to a Gather, to a Greeting, to a
 * Passthru, to a Switch Case, and one written by hand.
 */
export const answerKinds = ['connect', 'nobody', 'gather', 'greeting', 'branch', 'case', 'own'] as const;

/** One of the kinds of answer. */
export type AnswerKind = (typeof answerKinds)[number];

/** What a form or a message gives for an answer; only what belongs to `kind` is looked at. */
export interface AnswerInput {
	kind: unknown;
	connect?: ConnectAnswerInput;
	gather?: GatherAnswerInput;
	greeting?: GreetingAnswerInput;
	/** `first` or `second`. */
	branch?: unknown;
	caseName?: unknown;
	/** The user's own answer: JSON text or an object; for a Greeting, what is read out. */
	own?: unknown;
}

/** The part of an applet request that decides which answers fit. */
export type AnsweredRequest = Pick<AppletRequest, 'kind' | 'version'>;

const REFUSED_HINT = 'Correct the answer; this caller got the fallback.';

/**
 * Builds the answer.
 * @throws ExotelError of kind `input` that names every field that is wrong.
 */
export function buildAnswer(
	request: AnsweredRequest,
	input: AnswerInput,
	account: Pick<Account, 'defaultCountry'>,
): AppletAnswer {
	const kind = answerKinds.find((known) => known === input.kind);
	if (kind === undefined) throw refused('answer', `Answer must be one of: ${answerKinds.join(', ')}.`);
	checkFits(request, kind);
	switch (kind) {
		case 'nobody':
			return nobodyAnswer(answerVersion(request));
		case 'gather':
			return gatherAnswer(input.gather ?? {});
		case 'greeting':
			return greetingAnswer(input.greeting ?? {});
		case 'branch':
			return passthruAnswer(isFirstBranch(input.branch));
		case 'case':
			return switchCaseAnswer(input.caseName);
		case 'own':
			return checkedAnswer(request, { httpStatus: 200, body: input.own });
		case 'connect':
			return connectAnswer(answerVersion(request), withoutSwitchesOff(input.connect ?? {}), account);
	}
}

/** What each applet takes, besides an answer written by hand, and how that is said. */
const fitting: Record<AppletKind, { kinds: readonly AnswerKind[]; what: string; name: string }> = {
	connect: { kinds: ['connect', 'nobody'], what: 'say who to connect to', name: 'Connect' },
	gather: { kinds: ['gather'], what: 'say which keys to wait for', name: 'Gather' },
	greeting: { kinds: ['greeting'], what: 'say what the caller hears', name: 'Greeting' },
	passthru: { kinds: ['branch', 'case'], what: 'be a branch or a case', name: 'Passthru' },
};

function checkFits(request: AnsweredRequest, kind: AnswerKind): void {
	const { kinds, what, name } = fitting[request.kind];
	if (kind === 'own' || kinds.includes(kind)) return;
	throw inputError(
		[{ field: 'answer', rule: 'applet', message: `Answer must ${what}: the request came from a ${name} applet.` }],
		'Use one answer node for each kind of request, with a Switch node before them.',
	);
}

const switches: readonly string[] = Object.entries<FieldDescription>(connectAnswerFields).flatMap(([name, { kind }]) =>
	kind === 'boolean' ? name : [],
);

/**
 * A switch that is off is left out: off is what Exotel does anyway, and some switches are charged for or have to be
 * enabled, so they are mentioned only when they are on.
 */
function withoutSwitchesOff(input: ConnectAnswerInput): ConnectAnswerInput {
	const given: Payload = asPayload(input) ?? {};
	const off = switches.filter((name) => given[name] === false || given[name] === 'false');
	if (off.length === 0) return input;
	return Object.fromEntries(Object.entries(given).filter(([name]) => !off.includes(name)));
}

const firstWords: readonly string[] = ['first', 'true', 'yes', '1', '200'];
const secondWords: readonly string[] = ['second', 'false', 'no', '0', '302'];

/**
 * True for the first branch of a Passthru, false for the second.
 * @throws ExotelError of kind `input` for any other word.
 */
export function isFirstBranch(branch: unknown): boolean {
	const word = typeof branch === 'object' ? '' : String(branch).trim().toLowerCase();
	if (firstWords.includes(word)) return true;
	if (secondWords.includes(word)) return false;
	throw refused('branch', 'Branch must be first (true) or second (false).');
}

/**
 * The last check before Exotel: the user's own answer – as JSON, or through a host's own response node – is
 * compared with the rules of the request.
 * @throws ExotelError of kind `input` that names every broken rule.
 */
export function checkedAnswer(request: AnsweredRequest, written: { httpStatus: number; body: unknown }): AppletAnswer {
	const { httpStatus, body } = written;
	if (request.kind === 'passthru') return checkedPassthru(httpStatus, body);
	if (httpStatus !== 200) {
		const { name } = fitting[request.kind];
		throw refused('httpStatus', `A ${name} applet takes an answer with the status 200 only, not ${httpStatus}.`);
	}
	if (request.kind === 'greeting') return ownGreeting(greetingText(body));
	const value = parseOwn(body);
	const violations = checkAnswer(request.kind === 'gather' ? 'gather' : answerVersion(request), value);
	if (violations.length > 0) throw inputError(violations, REFUSED_HINT);
	return typeof body === 'string' ? { ...jsonAnswer(value), body } : jsonAnswer(value);
}

/** An object has nothing to read out. */
function greetingText(body: unknown): string {
	if (typeof body !== 'object' || body === null || body instanceof Uint8Array)
		return isBlank(body) ? '' : asText(body);
	throw refused('own', 'A Greeting applet takes a text, not an object.', 'text');
}

/**
 * Only two statuses mean something to a Passthru: its branches. The body is the choice of a Switch Case, or
 * nothing.
 */
function checkedPassthru(httpStatus: number, body: unknown): AppletAnswer {
	if (httpStatus === 302) return passthruAnswer(false);
	if (httpStatus === 200) return { ...passthruAnswer(true), body: isBlank(body) ? '' : asText(body) };
	const branches = '200 (first branch) and 302 (second branch)';
	throw refused('httpStatus', `A Passthru understands the statuses ${branches}, not ${httpStatus}.`);
}

/** The answer as the value it stands for.
 * @throws ExotelError of kind `input` when it is not JSON.
 */
export function parseOwn(body: unknown): unknown {
	try {
		const value = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
		checkSize(value);
		// As it will be written: what an object makes of itself is checked, not the object.
		return value === undefined ? value : parseJson(typeof value === 'string' ? value : JSON.stringify(value));
	} catch (thrown) {
		const isDeep = thrown instanceof RangeError;
		const message = isDeep
			? 'nested too deep, or has too many values'
			: 'not valid JSON. Check the quotes and commas';
		throw refused('own', `Own answer is ${message}.`, 'json');
	}
}

/** @throws RangeError for what is not to be written as JSON: a list may have more values than memory has room for. */
function checkSize(value: unknown): void {
	if (exceededIn(value, MOST_JSON) !== null) throw new RangeError();
}

function asText(body: unknown): string {
	if (body instanceof Uint8Array) return new TextDecoder().decode(body);
	if (typeof body === 'string') return body;
	// A function or symbol has no JSON, whatever the type of `stringify` says.
	try {
		checkSize(body);
		const json: unknown = JSON.stringify(body);
		return typeof json === 'string' ? json : '';
	} catch {
		throw refused('own', 'Own answer is no text and cannot be written as JSON.', 'json');
	}
}

function refused(field: string, message: string, rule = 'choice'): Error {
	return inputError([{ field, rule, message }], REFUSED_HINT);
}

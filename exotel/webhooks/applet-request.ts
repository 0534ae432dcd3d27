/**
 * Reads the request of an applet: which number should this caller be connected to (Connect 1.0, Connect 1.1 of the
 * contact centre), what should the caller hear (Gather, Greeting), or which branch should the flow take (Passthru)?
 * Parameters: seed 002, facts 7.1, 7.4 to 7.6. The caller is on the line and waits.
 */
import type { Account } from '../account';
import type { Call, PreviousAttempt } from '../call/call';
import { lowerText, text } from '../payload';
import { isInputError } from '../errors';
import { normalisePhone } from '../phone';
import { readDialStatus, readFlowCall, readPreviousAttempt } from './flow-request';
import { decodeIncoming, header, type IncomingRequest, queryEntries, unreadable } from './incoming';

/** Query parameter of our addresses that says which applet sends the request. */
const APPLET_PARAMETER = 'applet';

/** The applets that request an answer. */
export const appletKinds = ['connect', 'gather', 'greeting', 'passthru'] as const;

/** One of the applets that request an answer. */
export type AppletKind = (typeof appletKinds)[number];

/** A decoded applet request. */
export interface AppletRequest {
	/** Which applet sent it; see `appletOf`. */
	kind: AppletKind;
	/** Version the response must have; null for a Greeting, a Passthru or an unknown version. */
	version: '1.0' | '1.1' | null;
	/** The running call. */
	call: Call;
	/** Keys the caller pressed before, without the quotes Exotel puts around them. */
	digits: string | null;
	flowId: string | null;
	/**
	 * Exotel's word for how far the flow came: `call-attempt`, `completed`, `client-hangup`, `incomplete`, `voicemail`.
	 */
	callType: string | null;
	dialCallStatus: string | null;
	/** The agent dialled last: E.164, SIP address, or null. */
	dialledAgent: string | null;
	customField: string | null;
	recordingUrl: string | null;
	/** When the applet sends its request again or follows another Connect; null when nothing was dialled before. */
	previousAttempt: PreviousAttempt | null;
	/** Exactly what was received, decoded. */
	raw: unknown;
}

function readVersion(value: string | null): AppletRequest['version'] {
	const version = value?.trim();
	return version === '1.0' || version === '1.1' ? version : null;
}

/** The word of the address for the applet; null when it has none. */
function appletWord(request: IncomingRequest): string | null {
	const [, value] = queryEntries(request).find(([name]) => name === APPLET_PARAMETER) ?? [];
	return lowerText(value);
}

function isAppletKind(word: unknown): word is AppletKind {
	return appletKinds.some((kind) => kind === word);
}

/**
 * Which applet sent a request: the one its address names (`?applet=gather`), else the one that is `expected` here.
 * Without either, `connect` when the request names a version in a header and `passthru` when not: Gather sends the same
 * header as Connect, and Greeting none, so only their addresses tell them apart (facts 7.6). It is all that a fallback
 * needs when nothing else can be read. Never throws; an unknown word in the address counts as none.
 */
export function appletOf(
	request: IncomingRequest,
	expected: AppletKind | null = null,
): Pick<AppletRequest, 'kind' | 'version'> {
	const version = header(request, 'exotel-version');
	const word = namedApplet(request);
	const kind = word ?? expected ?? (version === null ? 'passthru' : 'connect');
	return { kind, version: kind === 'connect' || kind === 'gather' ? readVersion(version) : null };
}

/** The applet that the address names; null for none, an unknown one or a query that cannot be read. */
function namedApplet(request: IncomingRequest): AppletKind | null {
	try {
		const word = appletWord(request);
		return isAppletKind(word) ? word : null;
	} catch {
		return null;
	}
}

/**
 * The address of a webhook for one applet. Connect and Passthru need no mark in it: their requests differ.
 * @param url an http(s) address, its query included
 */
export function appletUrl(url: string, applet: AppletKind): string {
	if (applet === 'connect' || applet === 'passthru') return url;
	return `${url}${url.includes('?') ? '&' : '?'}${APPLET_PARAMETER}=${applet}`;
}

/**
 * Reads an applet request. `expected` is as for `appletOf`.
 * @throws ExotelError of kind `input`, and nothing else, when it is not one or its address names an unknown applet; a
 * fallback must then still be sent.
 */
export function readAppletRequest(
	request: IncomingRequest,
	account: Account,
	expected: AppletKind | null = null,
): AppletRequest {
	const fields = decodeIncoming(request, [APPLET_PARAMETER]);
	try {
		const word = appletWord(request);
		if (word !== null && !isAppletKind(word)) {
			throw unreadable(`"applet" in its address must be one of ${appletKinds.join(', ')}`);
		}
		const { kind, version } = appletOf(request, expected);
		const call = readFlowCall(fields, account, version === '1.1' ? 'v2' : 'v1');
		const dialled = normalisePhone(fields.DialWhomNumber, account.defaultCountry);
		return {
			kind,
			version,
			call,
			digits: call.digits,
			flowId: call.flowId,
			callType: text(fields.CallType),
			dialCallStatus: readDialStatus(fields),
			dialledAgent: dialled,
			customField: call.customField,
			recordingUrl: call.recordingUrl,
			previousAttempt: readPreviousAttempt(fields, account),
			raw: fields,
		};
	} catch (thrown) {
		throw isInputError(thrown) ? thrown : unreadable('its fields are not what Exotel sends');
	}
}

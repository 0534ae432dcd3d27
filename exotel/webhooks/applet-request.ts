/**
 * Reads the request of an applet: which number should this caller be connected to (Connect 1.0, Connect 1.1 of the
 * contact centre), or which branch should the flow take (Passthru)? Parameters: seed 002, facts 7.1, 7.4, 7.5. The
 * caller is on the line and waits.
 */
import type { Account } from '../account';
import type { Call } from '../call/call';
import { amount, text } from '../payload';
import { isInputError } from '../errors';
import { normalisePhone } from '../phone';
import { readDialStatus, readFlowCall } from './flow-request';
import { decodeIncoming, header, type IncomingRequest, unreadable } from './incoming';

/** How the previous attempt went, when the applet sends its request again or follows another Connect. */
export interface PreviousAttempt {
	/** The agent who was dialled: E.164, SIP address, or null. */
	dialled: string | null;
	/** Exotel's word: `completed`, `busy`, `no-answer`, `failed`, `canceled`, or one it may add. */
	status: string | null;
	/** From dialling to the end, ringing included. */
	durationSeconds: number | null;
}

/** A decoded applet request. */
export interface AppletRequest {
	/** `connect` when the request names its applet version in a header, else `passthru`. */
	kind: 'connect' | 'passthru';
	/** Version the response must have; null for a Passthru or an unknown version. */
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
	/** Null when nothing was dialled before. */
	previousAttempt: PreviousAttempt | null;
	/** Exactly what was received, decoded. */
	raw: unknown;
}

function readVersion(value: string | null): AppletRequest['version'] {
	const version = value?.trim();
	return version === '1.0' || version === '1.1' ? version : null;
}

/**
 * Which applet sent a request, as far as its headers say: all that a fallback needs when nothing else can be read.
 * Never throws.
 */
export function appletOf(request: IncomingRequest): Pick<AppletRequest, 'kind' | 'version'> {
	const version = header(request, 'exotel-version');
	return { kind: version === null ? 'passthru' : 'connect', version: readVersion(version) };
}

/**
 * Reads an applet request.
 * @throws ExotelError of kind `input`, and nothing else, when it is not one; a fallback must then still be sent.
 */
export function readAppletRequest(request: IncomingRequest, account: Account): AppletRequest {
	const fields = decodeIncoming(request);
	try {
		const { kind, version } = appletOf(request);
		const call = readFlowCall(fields, account, version === '1.1' ? 'v2' : 'v1');
		const status = readDialStatus(fields);
		const dialled = normalisePhone(fields.DialWhomNumber, account.defaultCountry);
		const attempted = status !== null || dialled !== null;
		return {
			kind,
			version,
			call,
			digits: call.digits,
			flowId: call.flowId,
			callType: text(fields.CallType),
			dialCallStatus: status,
			dialledAgent: dialled,
			customField: call.customField,
			recordingUrl: call.recordingUrl,
			previousAttempt: attempted ? { dialled, status, durationSeconds: amount(fields.DialCallDuration) } : null,
			raw: fields,
		};
	} catch (thrown) {
		throw isInputError(thrown) ? thrown : unreadable('its fields are not what Exotel sends');
	}
}

/**
 * The only door of the core: the Exotel voice API in plain TypeScript. Hosts import from here and nowhere past it.
 * Requests and their answers: `api/`; sending: `send`, `createPacer`; what Exotel sends: `webhooks/`; what it is
 * answered: `applets/`.
 */

export { apiHosts, authorization, readAccount, readApiKey } from './account';
export type { Account, AccountInput, ApiHosts, ApiKey, Region } from './account';
export { ExotelError, inputError } from './errors';
export type { ErrorDetails, ErrorKind, Violation } from './errors';
export { knownErrorCodes, meaningOfCode } from './http/error-codes';
export type { CodeMeaning } from './http/error-codes';
export type { Clock, HttpRequest, HttpResponse, Transport, TransportOptions } from './http/transport';

export type { Operation } from './operations/operation';
export { connectAgent } from './operations/connect-agent';
export type { ConnectAgentInput } from './operations/connect-agent';
export { connectFlow } from './operations/connect-flow';
export type { ConnectFlowInput } from './operations/connect-flow';
export { connectNumbers } from './operations/connect-numbers';
export type { ConnectNumbersInput } from './operations/connect-numbers';
export { downloadRecording } from './operations/download-recording';
export type { DownloadRecordingInput, Recording } from './operations/download-recording';
export { getAgentCall } from './operations/get-agent-call';
export type { GetAgentCallInput } from './operations/get-agent-call';
export { getCall } from './operations/get-call';
export type { GetCallInput } from './operations/get-call';
export { earliestCall, listCalls, longestRangeMs } from './operations/list-calls';
export type { CallPage, ListCallsInput } from './operations/list-calls';
export { listExoPhones } from './operations/list-exophones';
export type { ExoPhone, ListExoPhonesInput } from './operations/list-exophones';
export { lookupNumber } from './operations/lookup-number';
export type { CodeAndName, LookupNumberInput, NumberDetails } from './operations/lookup-number';
export { testAccount } from './operations/test-account';
export { callsBetween } from './operations/calls-between';
export type { CallsBetweenFilters, CallsBetweenPage } from './operations/calls-between';
export { circleNames, operatorNames } from './operations/circles-and-operators';

export { newAttemptId, perform, send } from './http/send';
export type { Performed, SendOptions } from './http/send';
export { createPacer } from './http/pacing';
export type { Pacer, PacerOptions, TurnOptions } from './http/pacing';
export { toExotelError } from './http/error-response';
export type { Asked } from './http/error-response';
export { redactSecrets } from './redact';

export { checkField, fields } from './fields/fields';
export type { FieldDescription, FieldKind, FieldOption } from './fields/description';
export type { ReadingRules } from './fields/reading';

export { emptyCall, unknownCall } from './call/call';
export type {
	Agent,
	ApiVersion,
	Call,
	CallEvent,
	CallEventSource,
	CallEventType,
	KnownOfCall,
	Leg,
	Outcome,
	OutcomeReason,
	Party,
} from './call/call';

// --- What Exotel sends and what it expects back: calls, events, timelines, webhooks, applets
// --------------------------------
export type { ParsedPhone } from './phone';
export { normalisePhone, parsePhone, samePhone } from './phone';
export { readTime, toIso, writeTime } from './time';
export { callFromV1 } from './call/record-v1';
export { callFromV2 } from './call/record-v2';
export type { Payload } from './payload';
export type { CallOutcome, EndedCall } from './call/outcome';
export { determineOutcome } from './call/outcome';
export type { Advance, Timeline } from './call/timeline';
export { advance, callOf, emptyTimeline, eventFromCall } from './call/timeline';
export type { IncomingRequest } from './webhooks/incoming';
export { decodeIncoming } from './webhooks/incoming';
export { readCallEvent } from './webhooks/call-event';
export type { AppletRequest, PreviousAttempt } from './webhooks/applet-request';
export { readAppletRequest } from './webhooks/applet-request';
export type { SenderCheck, SenderRules, SenderSettings } from './webhooks/sender';
export { attemptOf, parseSenderRules } from './webhooks/sender';
export { parseAddressList } from './net/addresses';
export type { AddressList } from './net/addresses';
export { callbackUrl, canReceiveCallbacks, publicUrlFault } from './net/public-url';
export type { PublicUrlFault } from './net/public-url';
export type { AppletAnswer, ConnectVersion } from './applets/answer';
export { nobodyAnswer, passthruAnswer, switchCaseAnswer } from './applets/answer';
export type { ConnectAnswerInput } from './applets/connect-answer';
export { connectAnswer } from './applets/connect-answer';
export { checkAnswer } from './applets/check-answer';
export type { Limit } from './applets/limits';
export { connectLimits } from './applets/limits';
export { CallTracker } from './tracking/call-tracker';
export type {
	Announcement,
	EventAnnouncement,
	PlacedAnnouncement,
	TrackerHost,
	TrackerWarning,
	UnknownAnnouncement,
} from './tracking/announcements';
export { findMissedEnds, MISSED_END_GRACE_MS, MISSED_END_LOOK_BACK_MS, missedEnd } from './tracking/missed-ends';
export type { MissedEndRule, MissedEndsSearch } from './tracking/missed-ends';
export { pollAfterMs } from './tracking/poll-scheduler';
export type { AttemptStart, SeenState, StoredRecord } from './tracking/records';
export { isNewEvent, settlementOf, settles, withPlacedCall } from './tracking/seen-events';
export type { KnownAttempt, NewEventCheck, Settlement } from './tracking/seen-events';
export { MAX_STORE_BYTES, MemoryStore, TrackerStore } from './tracking/store';
export type { CallStore, MemoryStoreOptions, TrackerStoreOptions } from './tracking/store';

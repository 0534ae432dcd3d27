/**
 * The public entry of the core: the Exotel voice API in plain TypeScript. Hosts import from here and nowhere past it.
 */

// The account, and what a host hands in: transport, clock, pacer.
export { accountId, authorization, defaultRegion, defaultRules, hasSameHosts, readAccount } from './account';
export type { Account, ApiKey, Region } from './account';
export { keepForAccount, keepNewest } from './newest-entries';
export { ExotelError, helpAddress, inputError } from './errors';
export type { ErrorKind, Violation } from './errors';
export { mostBytesOf, readBody, refuseTooLarge, tooLargeError } from './http/body-limits';
export { joinSignals } from './http/join-signals';
export { handedOn } from './http/recording-memory';
export { pacerOf } from './http/pacers';
export { stoppedError, type SendOptions } from './http/send';
export type { Clock, HttpRequest, HttpResponse, Transport, TransportOptions } from './http/transport';

// Fields: what forms show and requests are checked by.
export { namesOf } from './fields/field';
export type { Field, FieldDescription, FieldName, FieldOption, FieldSet, RawInput } from './fields/field';
export { readLimit, readSwitch } from './fields/limit';
export { checkField, comesLater, mostItems } from './fields/parse-fields';
export { splitList } from './fields/split-list';

// Operations: one call of the API each, and what is made of several.
export { newAttemptId, perform } from './operations/operation';
export type { CheckRules, FieldNameOf, FieldRules, Operation, Performed } from './operations/operation';
export { allExoPhones, exoPhonePages } from './operations/all-exophones';
export type { ExoPhone } from './operations/list-exophones';
export { callsBetween, filterViolations } from './operations/calls-between';
export type { CallsBetweenFilters, CallsBetweenPage } from './operations/calls-between';
export { connectAgent } from './operations/connect-agent';
export { connectFlow } from './operations/connect-flow';
export { connectNumbers } from './operations/connect-numbers';
export { downloadRecording } from './operations/download-recording';
export type { Recording } from './operations/download-recording';
export { redactQuote } from './redact';
export { findCall, readEnd } from './operations/find-call';
export { findRecording } from './operations/find-recording';
export type { PlacingInput } from './operations/placing-input';
export { requestedCall } from './operations/requested-call';
export { getCall } from './operations/get-call';
export { listCalls } from './operations/list-calls';
export { lookupNumber } from './operations/lookup-number';
export { testAccount } from './operations/test-account';
export { isObject } from './payload';

// The check of an account.
export { checkAccount } from './account-check/account-check';
export type { AccountCheck, CheckedAccount } from './account-check/checked-account';
export { fault, finding, type Finding, type FindingKey } from './account-check/finding';

// Calls and events.
export { callbackSources, callEventTypes, isEnd, unknownCall, withKnown } from './call/call';
export type {
	ApiVersion,
	Call,
	CallEvent,
	callOutcomes,
	KnownOfCall,
	Outcome,
	OutcomeReason,
	Party,
} from './call/call';
export { isUnfinished } from './call/unfinished';
export { samePhone } from './phone';
export { readTime, writeTime } from './time';

// What Exotel sends, and who may send it.
export { appletKinds, appletOf, appletUrl, readAppletRequest } from './webhooks/applet-request';
export type { AppletKind, AppletRequest } from './webhooks/applet-request';
export { readCallEvent } from './webhooks/call-event';
export { MAX_BODY_SIZE, type IncomingRequest } from './webhooks/incoming';
export { acceptedTokens, pathToken } from './webhooks/path-token';
export {
	attemptOf,
	isUsableToken,
	listOrWritten,
	MIN_TOKEN_LENGTH,
	parseSenderRules,
	refuseWithoutToken,
} from './webhooks/sender';
export type { SenderCheck, SenderRules } from './webhooks/sender';
export { parseAddressList } from './addresses';
export { callbackAddresses, withAttempt } from './operations/callback-addresses';
export type { CallbackAddress } from './operations/callback-addresses';
export { isExotelServer, isOnThisMachine, mayCarryKey, publicAddressesOf, readAccountKey } from './net/internal-url';
export { callbackUrl, canReceiveCallbacks, publicUrlFault, TOKEN_PARAMETER } from './net/public-url';

// What an applet is answered.
export { usableAnswer, usableOwnAnswer } from './applets/usable-answer';
export type { UsableAnswer } from './applets/usable-answer';
export type { AnswerInput, AnswerKind } from './applets/build-answer';
export { headAnswer } from './applets/answer';
export { connectAnswerFields, onlyInVersion } from './applets/connect-answer-fields';
export { gatherAnswerFields } from './applets/gather-answer-fields';
export { greetingAnswerFields } from './applets/greeting-answer-fields';
export { appletTimeoutSeconds, menuDigits } from './applets/limits';
export { answerRules } from './applets/answer-rules';
export { fallbackWordsFault } from './applets/spoken-words';
export { fallbackAnswer, fallbackFields, fallbackViolations, usualWords } from './applets/fallback';
export type { Fallback } from './applets/fallback';
export type { AppletAnswer, ConnectVersion } from './applets/answer';

// Following calls to their end.
export { CallTracker } from './tracking/call-tracker';
export type { Announcement, TrackerHost, TrackerWarning } from './tracking/announcements';
export { EndConfirmation, EndsBeingConfirmed, isConfirming, needsConfirmation } from './tracking/end-confirmation';
export { EndCounts, HealthMonitor, type TrackingHealth } from './tracking/health';
export { earliestSearch, missedEnd, readWindow } from './tracking/missed-ends';
export type { FoundCall } from './tracking/missed-ends';
export { afterReading, endSearchState, newEnds, nextWindow, takeBack } from './tracking/ended-calls';
export { pollAfterMs } from './tracking/poll-scheduler';
export { ENDED_KEPT_MS, hasEnded, isStoredRecord } from './tracking/records';
export type { AttemptStart, SeenState, StoredRecord } from './tracking/records';
export {
	asPassedOn,
	isNewEvent,
	isOver,
	leaveOut,
	mergeSeenStates,
	settlementOf,
	withPlacedCall,
	type NewEventCheck,
} from './tracking/seen-events';
export type { CallStore } from './tracking/call-store';
export { MemoryStore, recordValue } from './tracking/memory-store';
export { TrackerStore } from './tracking/store';

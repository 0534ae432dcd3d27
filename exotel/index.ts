/**
 * The only door of the core: the Exotel voice API in plain TypeScript. Hosts import from here and nowhere past it.
 * Requests and their answers: `api/`; sending: `send`, `createPacer`; what Exotel sends: `webhooks/`; what it is
 * answered: `applets/`.
 */

export { apiHosts, authorization, readAccount, readApiKey } from './account';
export type { Account, AccountInput, ApiHosts, ApiKey, Region } from './account';
export { ExotelError, inputError } from './errors';
export type { ErrorDetails, ErrorKind, Violation } from './errors';
export { knownErrorCodes, meaningOfCode } from './error-codes';
export type { CodeMeaning } from './error-codes';
export type { Clock, HttpRequest, HttpResponse, Transport, TransportOptions } from './http';

export type { ApiCall } from './api/api-call';
export { connectAgent } from './api/connect-agent';
export type { ConnectAgentInput } from './api/connect-agent';
export { connectFlow } from './api/connect-flow';
export type { ConnectFlowInput } from './api/connect-flow';
export { connectNumbers } from './api/connect-numbers';
export type { ConnectNumbersInput } from './api/connect-numbers';
export { downloadRecording } from './api/download-recording';
export type { DownloadRecordingInput, Recording } from './api/download-recording';
export { getAgentCall } from './api/get-agent-call';
export type { GetAgentCallInput } from './api/get-agent-call';
export { getCall } from './api/get-call';
export type { GetCallInput } from './api/get-call';
export { earliestCall, listCalls, longestRangeMs } from './api/list-calls';
export type { CallPage, ListCallsInput } from './api/list-calls';
export { listExoPhones } from './api/list-exophones';
export type { ExoPhone, ListExoPhonesInput } from './api/list-exophones';
export { lookupNumber } from './api/lookup-number';
export type { CodeAndName, LookupNumberInput, NumberDetails } from './api/lookup-number';
export { testAccount } from './api/test-account';
export { callsBetween } from './calls-between';
export type { CallsBetweenFilters, CallsBetweenPage } from './calls-between';
export { circleNames, operatorNames } from './circles-and-operators';

export { newAttemptId, perform, send } from './send';
export type { Performed, SendOptions } from './send';
export { createPacer } from './pacing';
export type { Pacer, PacerOptions, TurnOptions } from './pacing';
export { refusalOf } from './refusal';
export type { Asked } from './refusal';
export { withoutSecrets } from './secrecy';

export { checkField, fields } from './fields/fields';
export type { FieldDescription, FieldKind, FieldOption } from './fields/description';
export type { ReadingRules } from './fields/reading';

export type { Agent, Call, CallEvent, CallEventSource, CallEventType, Leg, Outcome, Party } from './call/call';

// --- What Exotel sends and what it expects back: calls, events, timelines, webhooks, applets
// --------------------------------
export type { ParsedPhone } from './phone';
export { normalisePhone, parsePhone, samePhone } from './phone';
export { readTime, toIso, writeTime } from './time';
export { callFromV1 } from './call/record-v1';
export { callFromV2 } from './call/record-v2';
export type { Payload } from './call/values';
export type { EndedCall, Verdict } from './call/outcome';
export { judge } from './call/outcome';
export type { Advance, Timeline } from './call/timeline';
export { advance, callOf, emptyTimeline, eventFromCall } from './call/timeline';
export type { IncomingRequest } from './webhooks/incoming';
export { decodeIncoming } from './webhooks/incoming';
export { readCallEvent } from './webhooks/call-event';
export type { AppletQuestion, PreviousAttempt } from './webhooks/applet-question';
export { readAppletQuestion } from './webhooks/applet-question';
export type { SenderRules, SenderVerdict } from './webhooks/sender';
export { attemptOf, callbackUrl, checkAddressRule, checkSender } from './webhooks/sender';
export type { AppletAnswer, ConnectVersion } from './applets/answer';
export { nobodyAnswer, passthruAnswer, switchCaseAnswer } from './applets/answer';
export type { ConnectAnswerInput } from './applets/connect-answer';
export { connectAnswer } from './applets/connect-answer';
export { checkAnswer } from './applets/check-answer';
export type { Limit } from './applets/limits';
export { connectLimits } from './applets/limits';

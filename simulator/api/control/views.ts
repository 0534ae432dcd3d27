/** Calls as the control API and the page show them: times in ISO 8601, and only plain JSON. */
import type { Call, Leg } from '../../model/call';
import { presigned, recordingReadyAt, recordingUrl } from '../../model/recording';
import { isoStamp } from '../../wire/stamps';
import type { CallRow, CallStage, CallView, LegView, RecordingView } from './shapes';
import type { WireContext } from '../../wire/context';

/** How long the page's link to a recording is good, in simulated minutes: a day. */
const LISTEN_MINUTES = 1440;

/** One row of the list. */
export function callRow(call: Call): CallRow {
	return {
		sid: call.sid,
		account: call.accountSid,
		api: call.api,
		kind: call.kind,
		direction: call.direction === 'inbound' ? 'inbound' : 'outbound',
		from: call.from,
		to: call.to,
		exoPhone: call.exoPhone,
		flow: call.flowId,
		state: call.endedAt === null ? 'active' : 'ended',
		stage: stageOf(call),
		status: call.status,
		outcome: call.outcome,
		createdAt: isoStamp(call.createdAt),
		endedAt: stampOrNull(call.endedAt),
		talkSeconds: call.conversationSeconds,
		deliveries: call.deliveries.length,
		failedDeliveries: call.deliveries.filter((delivery) => delivery.error !== null).length,
		flags: call.flags,
	};
}

/** Everything about one call. */
export function callView(wire: WireContext, call: Call): CallView {
	const { deliveries: _attempts, ...row } = callRow(call);
	return {
		call: {
			...row,
			startedAt: isoStamp(call.startedAt),
			updatedAt: isoStamp(call.updatedAt),
			legs: call.legs.map(legView),
			customField: call.customField,
			digits: call.digits,
			agent: call.agent && { id: call.agent.id, name: call.agent.name, contact: call.agent.contact },
			recording: recordingView(wire, call),
			statusCallback: call.statusCallback ?? (call.eventCallbacks.length > 0 ? call.eventCallbacks : null),
		},
		timeline: call.timeline.map((moment) => ({
			...moment,
			at: isoStamp(moment.at),
			second: (moment.at - call.createdAt) / 1000,
		})),
		deliveries: call.deliveries.map((delivery) => ({
			...delivery,
			at: isoStamp(delivery.at),
			retryAt: stampOrNull(delivery.retryAt),
		})),
		questions: call.appletRequests.map((request) => ({ ...request, at: isoStamp(request.at) })),
		heard: call.heard.map((line) => ({ at: isoStamp(line.at), line: line.line })),
	};
}

function recordingView(wire: WireContext, call: Call): RecordingView | null {
	const url = recordingUrl(wire.baseUrl, call);
	const readyAt = recordingReadyAt(call, wire.quirks.recordingDelaySeconds);
	if (url === null || readyAt === null) return null;
	return {
		url,
		readyAt: isoStamp(readyAt),
		ready: readyAt <= wire.now,
		listenUrl: presigned(url, Math.floor(wire.now / 1000) + LISTEN_MINUTES * 60),
	};
}

function legView(leg: Leg): LegView {
	return {
		party: leg.party,
		number: leg.number,
		status: leg.status,
		dialledAt: stampOrNull(leg.dialledAt),
		ringingAt: stampOrNull(leg.ringingAt),
		answeredAt: stampOrNull(leg.answeredAt),
		endedAt: stampOrNull(leg.endedAt),
		ringingSeconds: leg.ringingSeconds,
		onCallSeconds: leg.onCallSeconds,
	};
}

/** The list has no legs; this is what it says about them while the call runs. */
function stageOf(call: Call): CallStage {
	if (call.endedAt !== null) return null;
	const [first, second] = call.legs;
	if (second.answeredAt !== null && second.endedAt === null) return 'talking';
	if ([first, second].some((leg) => leg.ringingAt !== null && leg.answeredAt === null && leg.endedAt === null))
		return 'ringing';
	return first.answeredAt === null ? 'dialling' : 'on-the-line';
}

function stampOrNull(time: number | null): string | null {
	return time === null ? null : isoStamp(time);
}

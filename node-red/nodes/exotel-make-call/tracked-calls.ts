/** The calls of a *make call* node: what each announcement of the tracker becomes as a message. */
import { unknownCall, type AttemptStart, type Call, type Party } from '../../../exotel/index';
import type { CallsByNode } from '../../calls/calls-by-node';
import { instanceOf, type InstanceParts, type Routed } from '../../calls/instance';
import type { NodeAnnouncement, NodeCalls, ResponseDetails } from '../../calls/node-calls';
import { amount, text, type Config } from '../../host';
import type { Look, StatusLine } from '../../messages/status';
import type { NodeScope } from '../../node-scope';
import { ranges } from '../../ranges';

const OUTPUTS = { placed: 0, progress: 1, ended: 2, unknown: 2 } as const;

const LOOKS: Record<string, Look> = {
	answered: 'good',
	ended: 'good',
	placed: 'working',
	ringing: 'working',
	dial: 'working',
	'agent-busy': 'working',
	'agent-free': 'working',
	unknown: 'waiting',
	failed: 'failed',
};

/** The state under the node. */
interface Shown {
	look: Look | undefined;
	/** The text, of the node's own catalogue. */
	key: string;
	numbers?: Record<string, number>;
}

/** What the node says about itself. */
export interface TrackedCallsPlan extends Pick<InstanceParts, 'poll' | 'confirmsEnds'> {
	config: Config<'exotel-make-call'>;
	status: StatusLine;
	/** The path of the node's webhook; null without one. */
	path: string | null;
	/** False when nothing but the response is announced. */
	follows: boolean;
	/** @throws ExotelError when there is no account. */
	canReceiveCallbacks(): boolean;
}

/** The tracked calls of one node, and the three ends a request can have. */
export interface TrackedCalls {
	calls: NodeCalls;
	announcePlaced(start: AttemptStart, call: Call, details: ResponseDetails): Promise<void>;
	announceUnknown(start: AttemptStart, details: ResponseDetails): Promise<void>;
	refused(attemptId: string): Promise<void>;
}

/** Who is on that side: the first one rung is the agent, except in a call to a flow, which has one side. */
function personOf(party: Party, mode: string): 'agent' | 'customer' {
	return party === 'from' && mode !== 'flow' ? 'agent' : 'customer';
}

/** What the node shows for what happened last: who rings or answered, and of the end the outcome. */
function shownFor(announcement: NodeAnnouncement, mode: string): Shown {
	if (announcement.type === 'progress') {
		const { type, party } = announcement.event;
		const isNamed = party !== null && (type === 'ringing' || type === 'answered');
		return { look: LOOKS[type], key: isNamed ? `${personOf(party, mode)}-${type}` : type };
	}
	if (announcement.type !== 'ended') return { look: LOOKS[announcement.type], key: announcement.type };
	const { outcome, talkSeconds, unansweredBy } = announcement.event.call;
	if (outcome === 'answered' && talkSeconds !== null)
		return { look: 'good', key: 'talked', numbers: { seconds: talkSeconds } };
	if (outcome === 'no-answer' && unansweredBy !== null)
		return { look: 'idle', key: `${personOf(unansweredBy, mode)}-no-answer` };
	return { look: LOOKS[outcome ?? 'ended'] ?? 'idle', key: outcome ?? 'ended' };
}

function routeOf(announcement: NodeAnnouncement, requesting: ReadonlyMap<string, ResponseDetails>): Routed {
	const { attemptId, context } = announcement;
	const output = OUTPUTS[announcement.type];
	if (announcement.type === 'placed') {
		if (announcement.learntFrom === 'response') {
			const { msg, exotel } = announcement.details;
			return { output, message: Object.assign(msg, { payload: announcement.call, exotel }) };
		}
		// The whole message is still there while its request is under way; after a restart only what was kept.
		const details = attemptId === null ? undefined : requesting.get(attemptId);
		const exotel = { attemptId, ...details?.exotel, learntFrom: 'callback', raw: announcement.event.raw };
		return { output, message: { ...(details?.msg ?? context), payload: announcement.call, exotel } };
	}
	if (announcement.type === 'unknown') {
		const { call: payload, reason, callSids, details } = announcement;
		const sids = callSids.length > 0 ? { callSids } : {};
		const exotel = { attemptId, raw: null, ...details?.exotel, reason, ...sids };
		return { output, message: { ...(details?.msg ?? context), payload, exotel } };
	}
	const { event } = announcement;
	const { call, raw, ...facts } = event;
	const exotel = { event: facts, attemptId, raw };
	return { output, message: { ...context, payload: announcement.type === 'ended' ? call : event, exotel } };
}

/** Attaches a node to its calls until it is closed. */
export function trackCalls(all: CallsByNode, scope: NodeScope, plan: TrackedCallsPlan): TrackedCalls {
	const { config, status, follows } = plan;
	const mode = text(config, 'mode');
	const quietMs = amount(config, 'patienceMinutes', ranges.patienceMinutes) * 60_000;
	const canReceiveCallbacks = (): boolean => {
		try {
			return plan.canReceiveCallbacks();
		} catch {
			return false;
		}
	};
	const sent = (announcement: NodeAnnouncement): void => {
		const count = calls.tracker.openCalls;
		const { look = 'quiet', key, numbers } = shownFor(announcement, mode);
		if (count > 1) status.show('working', 'open', { count });
		else status.show(look, key, numbers);
	};
	const calls: NodeCalls = all.attach(
		scope,
		plan.path,
		instanceOf(scope, {
			storeName: text(config, 'store'),
			route: (announcement) => routeOf(announcement, calls.requesting),
			sent,
			poll: (sid, api, signal) => plan.poll(sid, api, signal),
			confirmsEnds: () => plan.confirmsEnds?.() === true,
			quietMs: () => (canReceiveCallbacks() ? quietMs : null),
		}),
	);
	const { tracker } = calls;
	return {
		calls,
		async announcePlaced({ attemptId }, call, details) {
			if (follows) await tracker.placed(attemptId, call, details);
			else calls.announce({ type: 'placed', learntFrom: 'response', attemptId, context: {}, call, details });
		},
		async announceUnknown(start, details) {
			if (follows) return tracker.unknown(start, details);
			const { attemptId, api, requested } = start;
			const call = unknownCall(null, api, 'no-response', requested);
			calls.announce({
				type: 'unknown',
				attemptId,
				context: {},
				call,
				reason: 'no-response',
				callSids: [],
				details,
			});
		},
		async refused(attemptId) {
			if (follows) await tracker.refused(attemptId);
		},
	};
}

/**
 * The id of an event: the same thing reported twice (a repeated delivery, the callback and a later poll, form and JSON)
 * has one id; two different things never share one. It is built from what Exotel says, never from when it arrived.
 */
import { createHash } from 'crypto';
import type { AgentEventType, CallStepType, Party } from './call';

/**
 * The end of a call: one id, whichever source reports it, except a flow that reports no answer (`flowEventId`):
 * the flow may still dial another number.
 */
export function terminalEventId(sid: string): string {
	return `${sid}:call:terminal`;
}

/** A step of a call, from a status callback. The leg is part of the id; `-` when the legs do not say. */
export function callEventId(sid: string, type: string, party: Party | null): string {
	return `${sid}:call:${wordOf(type)}:${party ?? '-'}`;
}

/** A word of Exotel's in an id; what is no word is hashed, because ids are kept. */
function wordOf(word: string): string {
	return /^[\w-]{1,40}$/.test(word) ? word : createHash('sha256').update(word).digest('hex').slice(0, 16);
}

/** What tells one request of a flow from every other. */
export interface FlowVisit {
	type: CallStepType;
	/** What it says of the flow; hashed, because it has numbers in it and ids end up in logs. */
	facts: readonly (string | null)[];
	/** Exotel's clock, ISO 8601, or `-`. */
	at: string;
}

/** A request of a flow to one of our URLs. Several may come in one second, so what they say is part of it. */
export function flowEventId(sid: string, { type, facts, at }: FlowVisit): string {
	return `${sid}:flow:${type}:${shortHash(JSON.stringify([sid, ...facts]))}:${at}`;
}

function shortHash(value: string): string {
	return createHash('sha256').update(value).digest('hex').slice(0, 12);
}

/** What tells one step of one attempt to reach one agent from every other. */
export interface AgentStep {
	type: AgentEventType;
	/** Exotel's word for the step; null when there is none. */
	step: string | null;
	/** The agent's number or SIP address. */
	contact: string | null;
	/** Exotel's clock, ISO 8601, or `-`. */
	at: string;
}

/**
 * A step of one attempt to reach one agent. Several agents ring under one call id and one agent may be tried twice, so
 * the agent and Exotel's clock are part of it; the number itself is not, because ids end up in logs.
 */
export function agentEventId(sid: string, { type, step, contact, at }: AgentStep): string {
	const who = contact === null ? '-' : shortHash(`${sid} ${contact}`);
	return `${sid}:${type}:${step === null ? '-' : wordOf(step)}:${who}:${at}`;
}

/** State, step, agent and clock out of the id of an agent's event. */
const AGENT_EVENT_ID = /:agent-(busy|free):([\w-]+):(-|[\da-f]{12}):(.+)$/;
/** Clock out of the id of a flow's request. */
const FLOW_EVENT_ID = /:flow:\w+:[\da-f]{12}:(.+)$/;

/**
 * True when `seen` tells that the attempt to reach an agent is over which the agent's event `id` belongs to: an end of
 * an attempt to reach the same agent is later, or in the same second. A `dial` in the same second is a new attempt if
 * each attempt that has ended by then is known to have begun; else it is the late beginning of the one that has ended.
 */
export function isOverBy(seen: readonly string[], id: string): boolean {
	const step = agentStepOf(id);
	const others = seen.flatMap((other) => agentStepOf(other) ?? []).filter(({ who }) => who === step?.who);
	if (step === null) return false;
	const ends = others.filter(({ state }) => state === 'free');
	if (ends.some(({ time }) => time > step.time)) return true;
	if (!ends.some(({ time }) => time === step.time)) return false;
	if (step.word !== 'dial') return true;
	const begun = others.filter(({ state, word, time }) => state === 'busy' && word === 'dial' && time <= step.time);
	return ends.filter(({ time }) => time <= step.time).length > begun.length;
}

/** What the id of an agent's event says of it; `time` in ms, NaN without a clock. Null for any other id. */
function agentStepOf(id: string): { state: string; word: string; who: string; time: number } | null {
	const [, state, word, who, at] = AGENT_EVENT_ID.exec(id) ?? [];
	if (state === undefined || word === undefined || who === undefined || at === undefined) return null;
	return { state, word, who, time: Date.parse(at) };
}

/** A call has a handful of events; only one that tries dozens of agents, or visits a flow's URLs as often, has more. */
const MAX_IDS = 100;

/** When the event happened by Exotel's clock, ms; an id without a clock (a call has few) counts as the latest. */
function timeOf(id: string): number {
	const at = AGENT_EVENT_ID.exec(id)?.[4] ?? FLOW_EVENT_ID.exec(id)?.[1] ?? '';
	const time = Date.parse(at);
	return Number.isNaN(time) ? Infinity : time;
}

/** The latest ids. Equally late ones are told apart by their text, so that the order of arrival never matters. */
function latest(ids: readonly string[]): readonly string[] {
	if (ids.length <= MAX_IDS) return ids;
	return ids
		.map((id) => ({ id, time: timeOf(id) }))
		.sort((a, b) => (a.time === b.time ? compareTexts(a.id, b.id) : a.time - b.time))
		.slice(-MAX_IDS)
		.map(({ id }) => id);
}

function compareTexts(a: string, b: string): number {
	return a < b ? -1 : 1;
}

/**
 * The ids to remember of a call, sorted: the latest 100 of agents, the latest 100 of anything else. Neither can make
 * the other be forgotten.
 */
export function keptIds(ids: Iterable<string>): string[] {
	const all = [...new Set(ids)];
	if (all.length <= MAX_IDS) return all.sort();
	const isOfAgent = (id: string): boolean => AGENT_EVENT_ID.test(id);
	return [...latest(all.filter(isOfAgent)), ...latest(all.filter((id) => !isOfAgent(id)))].sort();
}

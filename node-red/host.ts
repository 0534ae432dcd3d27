/**
 * The parts of Node-RED this package talks to, under one name each, and the reading of a node's saved configuration.
 */
import type { Node, NodeAPI, NodeDef, NodeMessage, NodeMessageInFlow, NodeStatusFill, NodeStatusShape } from 'node-red';

/** The API object Node-RED hands to every node file. */
export type Red = NodeAPI;
/** A node at run time. */
export type RedNode<Credentials extends object = object> = Node<Credentials>;
export type { NodeDef, NodeStatusFill, NodeStatusShape };
/** A message that arrived at a node. */
export type Message = NodeMessageInFlow;
/** A message on its way out. */
export type OutMessage = NodeMessage;
/** What `send` takes: one message, or one entry per output. */
export type Outgoing = OutMessage | (OutMessage | OutMessage[] | null)[];

/** A node's configuration as the editor saved it, whichever version of this package that was. */
export type SavedConfig = NodeDef & Record<string, unknown>;

/**
 * The properties that no field of the core describes, by type of node: those its form saves are those the node reads.
 */
export interface OwnProperties {
	'exotel-account':
		| ('region' | 'baseUrl' | 'sid' | 'timeZone' | 'defaultCountry')
		| ('publicUrl' | 'requestsPerMinute' | 'allowedAddresses' | 'trustedProxies' | 'anyoneMayCall' | 'confirmEnds');
	'exotel-applet':
		| ('path' | 'deadlineSeconds' | 'fallback' | 'fallbackNumbers' | 'fallbackGather' | 'fallbackGreeting')
		| ('fallbackBranch' | 'fallbackCase');
	'exotel-applet-answer': 'answer' | 'branch' | 'caseName' | 'own' | 'callSid';
	'exotel-call-events': 'path' | 'events' | 'sources' | 'split' | 'store' | 'sweepMinutes' | 'outputs';
	'exotel-get-call': 'api';
	'exotel-get-recording': 'sid' | 'output' | 'filename' | 'waitSeconds';
	'exotel-list-calls': 'range' | 'output' | 'pace' | 'limit';
	'exotel-lookup-number': never;
	'exotel-make-call': 'mode' | 'follow' | 'ringing' | 'callbackPath' | 'patienceMinutes' | 'store';
}

/** A type of node. */
export type NodeType = keyof OwnProperties;

/** A node's configuration in today's form: every property is what a person or an import left there. */
export type Config<Type extends NodeType> = Pick<NodeDef, keyof NodeDef> & {
	[Property in OwnProperties[Type] | 'account' | 'configVersion']?: unknown;
};

/** The properties of a value that came with a message; none when it is not an object. */
export function properties(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A property of a configuration as text; blank when it is missing. */
export function text<Saved extends object>(config: Saved, property: keyof Saved & string, fallback = ''): string {
	const value: unknown = config[property];
	if (typeof value === 'string') return value.trim() === '' ? fallback : value.trim();
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : fallback;
}

/** A property of a configuration as a tick box; text `true` counts as ticked (environment variables are text). */
export function ticked<Saved extends object>(config: Saved, property: keyof Saved & string, fallback = false): boolean {
	const value: unknown = config[property];
	if (value === undefined || value === null || value === '') return fallback;
	return value === true || value === 'true';
}

/** Bounds of a number, and its value when it is missing or unreadable. */
export interface Range {
	fallback: number;
	min: number;
	max: number;
}

/** A property of a configuration as a number within bounds; anything unreadable gives the fallback. */
export function amount<Saved extends object>(
	config: Saved,
	property: keyof Saved & string,
	{ fallback, min, max }: Range,
): number {
	const value = Number(text(config, property, String(fallback)));
	return Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;
}

/** A setting of Node-RED's `settings.js`, also one its types do not name. */
export function settingOf(RED: Red, name: string): unknown {
	const value: unknown = Reflect.get(RED.settings, name);
	return value;
}

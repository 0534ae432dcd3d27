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

/**
 * A node's configuration as the editor saved it: every property is what a person, an import or an old version left
 * there.
 */
export type Config = NodeDef & Record<string, unknown>;

/** The properties of a value that came with a message; none when it is not an object. */
export function properties(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A property of a configuration as text; blank when it is missing. */
export function text(config: Record<string, unknown>, property: string, fallback = ''): string {
	const value = config[property];
	if (typeof value === 'string') return value.trim() === '' ? fallback : value.trim();
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : fallback;
}

/** A property of a configuration as a tick box; text `true` counts as ticked (environment variables are text). */
export function ticked(config: Record<string, unknown>, property: string, fallback = false): boolean {
	const value = config[property];
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
export function amount(config: Record<string, unknown>, property: string, { fallback, min, max }: Range): number {
	const value = Number(text(config, property, String(fallback)));
	return Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : fallback;
}

/** A setting of Node-RED's `settings.js`, also one its types do not name. */
export function settingOf(RED: Red, name: string): unknown {
	const value: unknown = Reflect.get(RED.settings, name);
	return value;
}

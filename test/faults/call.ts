/** The one call of a cell: how a node is told to place it, what a host has to offer, and what it tells of the call. */
import type { Data } from '../recorded/case';
import { EXO_PHONE, type People } from './exotel';

/** The three ways to place a call. */
export const modes = ['numbers', 'flow', 'agent'] as const;
export type Mode = (typeof modes)[number];

/** What a flow or workflow was told about how the call went. */
export interface Told {
	sid: string | null;
	outcome: string;
	reason: string | null;
	/** Which node told it. */
	by: 'the calling node' | 'Completed Calls Trigger';
	/** The number of the call, out of the message that placed it; null where it did not come along. */
	order: number | null;
	/** Milliseconds since 1970. */
	at: number;
}

/** The message that places a call. */
export interface Order {
	/** Comes along with whatever the flow is told of the call. */
	order: number;
	/** What differs from the fields of the node. */
	fields?: Data;
}

/** A host with one node that places a call and follows it. */
export interface Host {
	readonly name: 'Node-RED' | 'n8n';
	open(mode: Mode): Promise<void>;
	/** The message that makes the node place the call. */
	place(order?: Order): Promise<void>;
	/** Stops the host; `kill` leaves it no time to write anything. */
	down(how: 'stop' | 'kill'): Promise<void>;
	/** Starts the host with what it had stored. */
	up(): Promise<void>;
	/** When a workflow is to be woken, milliseconds since 1970; null when none is. */
	wakesAt(): number | null;
	wake(): Promise<void>;
	/** Looks for ends that no report brought, where the host has a node of its own for that. */
	search(): Promise<void>;
	told(): Told[];
	/** Progress of the call as `type party`, in its order. */
	progress(): string[];
	/** Errors, and runs that ended without saying anything. */
	problems(): string[];
	close(): Promise<void>;
}

/** The one call of a cell. */
export const ONE: Order = { order: 4711 };

/** What is filled in at the node. */
export function fieldsOf(mode: Mode, { from, to, agent }: People): Data {
	if (mode === 'flow') return { from, flowId: '926' };
	return mode === 'agent' ? { agentContact: agent, to } : { from, to };
}

const operations = { numbers: 'connectNumbers', flow: 'connectFlow', agent: 'connectAgent' } as const;

/** The settings of n8n's node that places the call and waits for its outcome. */
export const waitingNode = (mode: Mode, fields: Data): Data => ({
	resource: 'call',
	operation: operations[mode],
	...fields,
	exoPhone: { __rl: true, mode: 'number', value: EXO_PHONE },
	waitForOutcome: true,
});

/** n8n's node that finds what no execution can tell. */
export const completedCalls = { node: 'exotelCompletedCallsTrigger', settings: {} };

/** What a node tells in its output. */
export function toldOf(payload: Data, { by, order, at }: Pick<Told, 'by' | 'order' | 'at'>): Told {
	const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
	return {
		sid: text(payload['sid']),
		outcome: String(payload['outcome']),
		reason: text(payload['reason']),
		by,
		order,
		at,
	};
}

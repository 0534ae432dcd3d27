/**
 * The little line under a node. Colours are the house's (Node-RED core): blue dot = working, green dot = good, yellow
 * ring = waiting, red ring = failed, grey = nothing to do. Texts are catalogue keys where they carry no number, so that
 * every editor shows its own language; with a number they are translated here, in the server's language. Under 25
 * characters.
 */
import type { NodeStatusFill, NodeStatusShape } from '../host';
import type { NodeScope } from '../node-scope';
import type { ErrorKind } from '../../exotel/index';

/** Texts all nodes share live in the account's catalogue. */
const SHARED = '@exonodes/node-red-exotel/exotel-account:status.';

/** Each state's colour. */
const LOOKS: Record<string, { fill: NodeStatusFill; shape: NodeStatusShape }> = {
	working: { fill: 'blue', shape: 'dot' },
	good: { fill: 'green', shape: 'dot' },
	waiting: { fill: 'yellow', shape: 'ring' },
	failed: { fill: 'red', shape: 'ring' },
	idle: { fill: 'grey', shape: 'ring' },
	quiet: { fill: 'grey', shape: 'dot' },
};

/** The states a node can show. */
export type Look = 'working' | 'good' | 'waiting' | 'failed' | 'idle' | 'quiet';

/**
 * Writes the status of one node; silent when nothing changed. Closing the node clears it, as with the core's function
 * node: else a node that was disabled would go on showing `listening`. Nothing is written after that.
 */
export interface StatusLine {
	/** Shows a text of the node's own catalogue, or a shared one when `key` starts with a dot. */
	show(look: Look, key: string, numbers?: Record<string, string | number>): void;
	/** Shows a failure by its kind; `account`: what is wrong is in the account and not in the node. */
	fail(kind: ErrorKind | 'account'): void;
	clear(): void;
}

/** Makes the status line of a node. */
export function statusLine(scope: NodeScope): StatusLine {
	const { RED, node, signal } = scope;
	let shown = '';
	const write = (look: Look, text: string): void => {
		if (signal.aborted || shown === look + text) return;
		shown = look + text;
		node.status({ ...LOOKS[look], text });
	};
	const clear = (): void => {
		if (shown === '') return;
		shown = '';
		node.status({});
	};
	scope.onClose(clear);
	return {
		show(look, key, numbers) {
			const full = key.startsWith('.') ? SHARED + key.slice(1) : `${node.type}.status.${key}`;
			write(look, numbers === undefined ? full : RED._(full, numbers));
		},
		fail(kind) {
			write('failed', SHARED + kind);
		},
		clear,
	};
}

/**
 * The tracked calls of all nodes of one Node-RED. A node that is deleted is forgotten – after the deploy, because
 * another one may take its place: a node of the same type that has its path now goes on with its calls, so that nothing
 * that was acknowledged is lost. Those of a disabled node are kept until it is enabled, but it places no calls.
 */
import type { Deploys } from '../deploys';
import type { Red, RedNode } from '../host';
import type { NodeScope } from '../node-scope';
import { NodeCalls, type CallsInstance } from './node-calls';

/** Calls without a node. */
interface Orphan {
	/** Type and path of the node; its own id where it has no path. */
	place: string;
	calls: NodeCalls;
}

/** Calls by node id. */
export class CallsByNode {
	readonly #red: Red;
	readonly #deploys: Deploys;
	readonly #byNode = new Map<string, NodeCalls>();
	/** Calls of nodes that the deploy under way has deleted or disabled, by node id. */
	readonly #orphans = new Map<string, Orphan>();
	/** Calls of nodes that an earlier deploy has disabled, by node id. */
	readonly #disabled = new Map<string, Orphan>();

	constructor(RED: Red, deploys: Deploys) {
		this.#red = RED;
		this.#deploys = deploys;
		this.#tidyAfterDeploys();
	}

	/** The calls of a node; `path` is its webhook's, null without one. */
	of(node: RedNode, path: string | null): NodeCalls {
		let calls = this.#byNode.get(node.id);
		if (calls === undefined) {
			calls = this.#adopted(node.id, placeOf(node, path)) ?? new NodeCalls(this.#deploys);
			this.#byNode.set(node.id, calls);
		}
		return calls;
	}

	/** Ties an instance to the calls of its node until it is closed. */
	attach(scope: NodeScope, path: string | null, instance: CallsInstance): NodeCalls {
		const { node } = scope;
		const calls = this.of(node, path);
		calls.prepare(instance);
		const cancel = this.#deploys.afterStart(() => calls.attach(instance));
		scope.onClose((removed) => {
			cancel();
			calls.detach(instance);
			if (removed) {
				this.#byNode.delete(node.id);
				this.#orphans.set(node.id, { place: placeOf(node, path), calls });
			}
			return calls.flush();
		});
		return calls;
	}

	/** Those that were live until this deploy know most; a disabled node may have been replaced while it was. */
	#adopted(id: string, place: string): NodeCalls | undefined {
		const ofPlace = (kept: Map<string, Orphan>): string | undefined =>
			[...kept].find(([, orphan]) => orphan.place === place)?.[0];
		return (
			taken(this.#orphans, ofPlace(this.#orphans))?.calls ??
			taken(this.#disabled, id)?.calls ??
			taken(this.#disabled, ofPlace(this.#disabled))?.calls
		);
	}

	#tidyAfterDeploys(): void {
		this.#deploys.afterStart(() => {
			const gone = [...this.#byNode.keys()].filter((id) => !isPresent(this.#red.nodes.getNode(id)));
			if (gone.length + this.#orphans.size + this.#disabled.size > 0) this.#forgetDeleted(gone);
			this.#tidyAfterDeploys();
		});
	}

	/** Nodes of a deleted subflow are closed as if they were redeployed, disabled ones as if they were deleted. */
	#forgetDeleted(gone: readonly string[]): void {
		const saved = new Set<string>();
		this.#red.nodes.eachNode((node) => void saved.add(node.id));
		// A node in a subflow is named `<instance>-<node>`.
		const isSaved = (id: string): boolean => saved.has(id) || id.split('-').every((part) => saved.has(part));
		for (const id of this.#disabled.keys()) if (!isSaved(id)) taken(this.#disabled, id)?.calls.dispose();
		for (const [id, orphan] of this.#orphans) {
			if (isSaved(id)) {
				orphan.calls.disable();
				taken(this.#disabled, id)?.calls.dispose();
				this.#disabled.set(id, orphan);
			} else orphan.calls.dispose();
		}
		this.#orphans.clear();
		for (const id of gone) {
			if (isSaved(id)) this.#byNode.get(id)?.disable();
			else taken(this.#byNode, id)?.dispose();
		}
	}
}

function placeOf({ id, type }: RedNode, path: string | null): string {
	return `${type} ${path ?? id}`;
}

/** What a map has under a key, and has no more. */
function taken<Kept>(kept: Map<string, Kept>, id: string | undefined): Kept | undefined {
	const value = id === undefined ? undefined : kept.get(id);
	if (id !== undefined) kept.delete(id);
	return value;
}

/** Node-RED's types promise a node; there is none for an unknown, deleted or disabled id. */
function isPresent(node: unknown): boolean {
	return node !== null && node !== undefined;
}

/**
 * The tracked calls of all nodes of one Node-RED. A node that is deleted is forgotten – after the deploy, because
 * another one may take its place: a node of the same type that has its path now goes on with its calls, so that nothing
 * that was acknowledged is lost. Those of a disabled node are kept until it is enabled, but it places no calls.
 */
import type { Deploys } from '../deploys';
import type { Red, RedNode } from '../host';
import type { NodeScope } from '../node-scope';
import { NodeCalls, type CallsInstance } from './node-calls';

/** Calls of a node that the deploy under way has deleted or disabled. */
interface Orphan {
	/** Type and path of the node; null when it has no path. */
	place: string | null;
	calls: NodeCalls;
}

/** Calls by node id. */
export class CallsByNode {
	readonly #red: Red;
	readonly #deploys: Deploys;
	readonly #byNode = new Map<string, NodeCalls>();
	/** By node id as well. */
	readonly #orphans = new Map<string, Orphan>();

	constructor(RED: Red, deploys: Deploys) {
		this.#red = RED;
		this.#deploys = deploys;
		this.#tidyAfterDeploys();
	}

	/** The calls of a node; `path` is its webhook's, null without one. */
	of(node: RedNode, path: string | null): NodeCalls {
		let calls = this.#byNode.get(node.id);
		if (calls === undefined) {
			calls = this.#adopted(placeOf(node, path)) ?? new NodeCalls(this.#deploys);
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

	#adopted(place: string | null): NodeCalls | undefined {
		for (const [id, orphan] of this.#orphans) {
			if (place === null || orphan.place !== place) continue;
			this.#orphans.delete(id);
			return orphan.calls;
		}
		return undefined;
	}

	#tidyAfterDeploys(): void {
		this.#deploys.afterStart(() => {
			const gone = [...this.#byNode.keys()].filter((id) => !isPresent(this.#red.nodes.getNode(id)));
			if (gone.length + this.#orphans.size > 0) this.#forgetDeleted(gone);
			this.#tidyAfterDeploys();
		});
	}

	/** Nodes of a deleted subflow are closed as if they were redeployed, disabled ones as if they were deleted. */
	#forgetDeleted(gone: readonly string[]): void {
		const saved = new Set<string>();
		this.#red.nodes.eachNode((node) => void saved.add(node.id));
		// A node in a subflow is named `<instance>-<node>`.
		const isSaved = (id: string): boolean => saved.has(id) || id.split('-').every((part) => saved.has(part));
		for (const [id, { calls }] of this.#orphans) {
			if (!isSaved(id) || this.#byNode.has(id)) {
				calls.dispose();
				continue;
			}
			calls.disable();
			this.#byNode.set(id, calls);
		}
		this.#orphans.clear();
		for (const id of gone) {
			if (isSaved(id)) continue;
			this.#byNode.get(id)?.dispose();
			this.#byNode.delete(id);
		}
	}
}

function placeOf(node: RedNode, path: string | null): string | null {
	return path === null ? null : `${node.type} ${path}`;
}

/** Node-RED's types promise a node; there is none for an unknown, deleted or disabled id. */
function isPresent(node: unknown): boolean {
	return node !== null && node !== undefined;
}

/**
 * The tracked calls of all nodes of one Node-RED. A node that is deleted is forgotten – after the deploy, because
 * another one may take its place: a node of the same type that has its path now goes on with its calls, so that nothing
 * that was acknowledged is lost.
 */
import type { Deploys } from '../deploys';
import type { Red, RedNode } from '../host';
import type { NodeScope } from '../node-scope';
import { NodeCalls, type CallsInstance } from './node-calls';

/** Calls by node id. */
export class CallsByNode {
	readonly #red: Red;
	readonly #deploys: Deploys;
	readonly #byNode = new Map<string, NodeCalls>();
	/** Calls of nodes deleted in this deploy, by type and path. */
	readonly #orphans = new Map<string, NodeCalls>();

	constructor(RED: Red, deploys: Deploys) {
		this.#red = RED;
		this.#deploys = deploys;
		this.#tidyAfterDeploys();
	}

	/** The calls of a node; `path` is its webhook's, null without one. */
	of(node: RedNode, path: string | null): NodeCalls {
		const orphan = path === null ? undefined : this.#orphans.get(`${node.type} ${path}`);
		let calls = this.#byNode.get(node.id);
		if (calls === undefined) {
			calls = orphan ?? new NodeCalls(this.#deploys);
			this.#orphans.delete(`${node.type} ${path}`);
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
			if (!removed) return;
			this.#byNode.delete(node.id);
			if (path === null) calls.dispose();
			else this.#adoptable(`${node.type} ${path}`, calls);
		});
		return calls;
	}

	#adoptable(key: string, calls: NodeCalls): void {
		this.#orphans.get(key)?.dispose();
		this.#orphans.set(key, calls);
	}

	#tidyAfterDeploys(): void {
		this.#deploys.afterStart(() => {
			for (const calls of this.#orphans.values()) calls.dispose();
			this.#orphans.clear();
			this.#forgetDeleted();
			this.#tidyAfterDeploys();
		});
	}

	/** Nodes inside a deleted subflow are closed as if they were being redeployed. */
	#forgetDeleted(): void {
		const gone = [...this.#byNode.keys()].filter((id) => !isPresent(this.#red.nodes.getNode(id)));
		if (gone.length === 0) return;
		const saved = new Set<string>();
		this.#red.nodes.eachNode((node) => void saved.add(node.id));
		for (const id of gone) {
			// Disabled nodes are saved; a node in a subflow is named `<instance>-<node>`.
			if (saved.has(id) || id.split('-').every((part) => saved.has(part))) continue;
			this.#byNode.get(id)?.dispose();
			this.#byNode.delete(id);
		}
	}
}

/** Node-RED's types promise a node; there is none for an unknown, deleted or disabled id. */
function isPresent(node: unknown): boolean {
	return node !== null && node !== undefined;
}

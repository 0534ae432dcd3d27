/**
 * The tracked calls of all nodes of one Node-RED. A node that is deleted is forgotten – after the deploy, because
 * another one may take its place: a node of the same type that has its path now goes on with its calls, so that nothing
 * that was acknowledged is lost. Those of a disabled node are kept until it is enabled, but it places no calls.
 */
import type { Deploys } from '../deploys';
import type { Red, RedNode } from '../host';
import type { NodeScope } from '../node-scope';
import { NodeCalls, type CallsInstance } from './node-calls';

/** Calls, and which node they belong to. */
interface Kept {
	/** Type and path of the node; its own id where it has no path. */
	place: string;
	/** Type and id of the node, which it keeps when it becomes part of a subflow, or is taken out of one. */
	origin: string;
	calls: NodeCalls;
}

/** Calls by node id. */
export class CallsByNode {
	readonly #red: Red;
	readonly #deploys: Deploys;
	readonly #byNode = new Map<string, Kept>();
	/** Calls of nodes that the deploy under way has deleted or disabled, by node id. */
	readonly #orphans = new Map<string, Kept>();
	/** Calls of nodes that an earlier deploy has disabled, by node id. */
	readonly #disabled = new Map<string, Kept>();

	constructor(RED: Red, deploys: Deploys) {
		this.#red = RED;
		this.#deploys = deploys;
		this.#tidyAfterDeploys();
	}

	/** The calls of a node; `path` is its webhook's, null without one. */
	of(node: RedNode, path: string | null): NodeCalls {
		const [place, origin] = [placeOf(node, path), originOf(node)];
		const calls =
			this.#byNode.get(node.id)?.calls ?? this.#adopted(node.id, place, origin) ?? new NodeCalls(this.#deploys);
		this.#byNode.set(node.id, { place, origin, calls });
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
			const kept = removed ? taken(this.#byNode, node.id) : undefined;
			if (kept !== undefined) this.#orphans.set(node.id, kept);
			return calls.flush();
		});
		return calls;
	}

	/**
	 * Those that were live until this deploy know most; a disabled node may have been replaced while it was. A node
	 * that is moved into a subflow or out of one has another name, under which nothing is known.
	 */
	#adopted(id: string, place: string, origin: string): NodeCalls | undefined {
		const ofPlace = (kept: Kept): boolean => kept.place === place;
		const ofOrigin = (kept: Kept): boolean => kept.origin === origin;
		const ofSameOrigin = [...this.#byNode].flatMap(([other, kept]) => (ofOrigin(kept) ? [other] : []));
		const isSaved = ofSameOrigin.length === 0 ? null : this.#saved();
		const moved = ofSameOrigin.find((other) => isSaved?.(other) === false);
		return (
			taken(this.#orphans, keyOf(this.#orphans, ofPlace) ?? keyOf(this.#orphans, ofOrigin)) ??
			taken(this.#byNode, moved) ??
			taken(this.#disabled, id) ??
			taken(this.#disabled, keyOf(this.#disabled, ofPlace))
		)?.calls;
	}

	/** Tells whether the flows have a node with this id, live or disabled. */
	#saved(): (id: string) => boolean {
		const saved = new Map<string, { type: string; z?: string }>();
		this.#red.nodes.eachNode((node) => void saved.set(node.id, node));
		const isOfSubflow = (id: string): boolean => saved.get(saved.get(id)?.z ?? '')?.type === 'subflow';
		// A node of a subflow is named `<instance>-<node>`; its own id is no node that could be enabled.
		return (id) =>
			saved.has(id)
				? !isOfSubflow(id)
				: id.split('-').every((part, index) => saved.has(part) && isOfSubflow(part) === index > 0);
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
		const isSaved = this.#saved();
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
			if (isSaved(id)) this.#byNode.get(id)?.calls.disable();
			else taken(this.#byNode, id)?.calls.dispose();
		}
	}
}

/** What has '_alias' is a node of a subflow: that is its id in there. */
function originOf({ id, type, _alias = id }: RedNode & { _alias?: string }): string {
	return `${type} ${_alias}`;
}

function placeOf({ id, type }: RedNode, path: string | null): string {
	return `${type} ${path ?? id}`;
}

function keyOf<Kept>(kept: Map<string, Kept>, isIt: (value: Kept) => boolean): string | undefined {
	return [...kept].find(([, value]) => isIt(value))?.[0];
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

/** The flows of one simulator, by id and account. */
import { FlowError } from './flow-error';
import { MAX_FLOWS, readFlow, readFlowId, readFlows } from './flow-reading';
import type { Flow } from './flow';

/** The flows of a simulator. */
export class Flows {
	#flows = new Map<string, Flow>();

	/**
	 * Sets a flow.
	 * @param account null = the one that the definition names, else all
	 * @throws FlowError naming what is wrong with it
	 */
	set(id: string, definition: unknown, account: string | null): Flow {
		readFlowId(id);
		const given = readFlow(definition);
		if (given.id !== undefined && given.id !== id)
			throw new FlowError(['id'], `must be ${id}, as in the address, or be left out`);
		if (account !== null && given.account !== null && given.account !== account)
			throw new FlowError(['account'], `must be ${account}, as in the address, or be left out`);
		const flow = { id, account: account ?? given.account, applets: given.applets };
		this.#put([flow], this.#flows);
		return flow;
	}

	/**
	 * Sets many flows, or none if one of them is wrong.
	 * @param document what `{ flows: list() }` gives, or one flow with its id
	 * @param others what becomes of flows that the document does not name
	 * @throws FlowError naming what is wrong with which flow
	 */
	setAll(document: unknown, others: 'keep' | 'remove'): Flow[] {
		const flows = readFlows(document);
		this.#put(flows, others === 'keep' ? this.#flows : new Map());
		return flows;
	}

	/** The account's own flow of that id, else the one of all accounts. */
	find(id: string, account: string): Flow | null {
		return this.get(id, account) ?? this.get(id, null);
	}

	/** The flow of exactly that account, or – null – of all. */
	get(id: string, account: string | null): Flow | null {
		return this.#flows.get(keyOf(id, account)) ?? null;
	}

	remove(id: string, account: string | null): boolean {
		return this.#flows.delete(keyOf(id, account));
	}

	list(): Flow[] {
		return [...this.#flows.values()];
	}

	clear(account?: string): void {
		for (const [key, flow] of this.#flows)
			if (account === undefined || flow.account === account) this.#flows.delete(key);
	}

	#put(flows: Flow[], before: ReadonlyMap<string, Flow>): void {
		const after = new Map(before);
		for (const flow of flows) after.set(keyOf(flow.id, flow.account), flow);
		if (after.size > MAX_FLOWS) throw new RangeError(`there can be ${MAX_FLOWS} flows`);
		this.#flows = after;
	}
}

function keyOf(id: string, account: string | null): string {
	return `${account ?? ''}/${id}`;
}

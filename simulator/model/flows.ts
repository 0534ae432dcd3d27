/** The flows of one simulator, by id and account. */
import { readFlow } from './flow-reading';
import type { Flow } from './flow';

const MAX_FLOWS = 500;

/** The flows of a simulator. */
export class Flows {
	readonly #flows = new Map<string, Flow>();

	/**
	 * Sets a flow.
	 * @throws RangeError naming what is wrong with it
	 */
	set(id: string, definition: unknown, account: string | null): Flow {
		if (!/^[\w.-]{1,64}$/.test(id)) throw new RangeError('a flow id is made of letters, digits, ".", "_" and "-"');
		const flow = { id, account, applets: readFlow(definition) };
		const key = keyOf(id, account);
		if (!this.#flows.has(key) && this.#flows.size >= MAX_FLOWS)
			throw new RangeError(`there are ${MAX_FLOWS} flows already`);
		this.#flows.set(key, flow);
		return flow;
	}

	/** The account's own flow of that id, else the one of all accounts. */
	find(id: string, account: string): Flow | null {
		return this.#flows.get(keyOf(id, account)) ?? this.#flows.get(keyOf(id, null)) ?? null;
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
}

function keyOf(id: string, account: string | null): string {
	return `${account ?? ''}/${id}`;
}

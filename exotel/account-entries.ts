/** What a process keeps for each account; bounded, as an expression may name ever new accounts. */

const MAX_ACCOUNTS = 200;

/** Keeps a value as the newest; beyond 200 the oldest is forgotten. */
export function keepForAccount<Value>(entries: Map<string, Value>, key: string, value: Value): void {
	entries.delete(key);
	const [oldest] = entries.keys();
	if (entries.size >= MAX_ACCOUNTS && oldest !== undefined) entries.delete(oldest);
	entries.set(key, value);
}

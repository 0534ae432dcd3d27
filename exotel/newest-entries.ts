/** What a process keeps of many things that come and go: the newest, so that memory stays bounded. */

/** Accounts of which something is kept; an expression may name ever new ones. */
const MOST_ACCOUNTS = 200;

/** Keeps a value as the newest; beyond `most` entries the oldest is forgotten. */
export function keepNewest<Value>(entries: Map<string, Value>, key: string, value: Value, most: number): void {
	entries.delete(key);
	const [oldest] = entries.keys();
	if (entries.size >= most && oldest !== undefined) entries.delete(oldest);
	entries.set(key, value);
}

/** The same for what is kept for each account: beyond 200 the oldest is forgotten. */
export function keepForAccount<Value>(entries: Map<string, Value>, key: string, value: Value): void {
	keepNewest(entries, key, value, MOST_ACCOUNTS);
}

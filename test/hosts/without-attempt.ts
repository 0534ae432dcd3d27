/** Callback addresses as users type them, out of those that the nodes send. */
import assert from 'node:assert/strict';

/** The address without the attempt that the node adds, which is there. */
export function withoutAttempt(address: string | null): string {
	const url = new URL(address ?? '');
	assert.match(url.searchParams.get('attempt') ?? '', /^[\w-]{20,}$/, url.href);
	url.searchParams.delete('attempt');
	return url.href;
}

/** What a test knows to be there. */
import assert from 'node:assert/strict';

/** The value, which must be there. */
export function must<T>(value: T | undefined): T {
	assert.ok(value !== undefined, 'nothing is there');
	return value;
}

/** Objects and lists that count how often they are read: work that grows with a value is seen without a clock. */

/** A value as it was given, and how many of its fields or items were read; to list them all counts as one each. */
export function counted<Value extends object>(original: Value): { value: Value; looks: () => number } {
	let looks = 0;
	const value = new Proxy(original, {
		get: (target, name, receiver) => {
			looks += 1;
			return Reflect.get(target, name, receiver) as unknown;
		},
		ownKeys: (target) => {
			const keys = Reflect.ownKeys(target);
			looks += keys.length;
			return keys;
		},
	});
	return { value, looks: () => looks };
}

/** An object with so many fields. */
export function withFields(count: number): Record<string, unknown> {
	return Object.fromEntries(Array.from({ length: count }, (_, index) => [`L[${index}][a]`, 1]));
}

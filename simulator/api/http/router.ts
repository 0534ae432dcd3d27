/**
 * Finds who serves a path: the one router of the API versions, the control API and the page. Paths are written as the
 * documentation writes them: `<name>` is a variable part, `[.json]` is optional, a final `*` is any rest.
 */

/** One endpoint. */
export interface Route<Handler> {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	handler: Handler;
}

/** Variable parts of a path, decoded. */
export type PathParameters = Readonly<Record<string, string>>;

/** What the router found. */
export type Found<Handler> =
	| { kind: 'handler'; handler: Handler; parameters: PathParameters }
	| { kind: 'method-not-allowed'; allow: string }
	| { kind: 'unknown-path' };

/** Matches paths against one pattern. */
export class PathPattern {
	readonly #expression: RegExp;

	constructor(pattern: string) {
		const source = pattern
			.replace(/[.[\]]/g, '\\$&')
			.replace(/\\\[(.*?)\\\]/g, '(?:$1)?')
			.replace(/<(\w+)>/g, '(?<$1>[^/]+?)')
			.replace(/\*$/, '.*');
		this.#expression = new RegExp(`^${source}$`);
	}

	/** @returns null if the path does not match */
	match(path: string): PathParameters | null {
		const match = this.#expression.exec(path);
		if (!match) return null;
		return Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, part]) => [name, decoded(part)]));
	}
}

/** A table of routes. HEAD is served like GET; the server leaves the body out. */
export class Router<Handler> {
	readonly #routes: readonly (Route<Handler> & { pattern: PathPattern })[];

	constructor(routes: readonly Route<Handler>[]) {
		this.#routes = routes.map((route) => ({ ...route, pattern: new PathPattern(route.path) }));
	}

	find(method: string, path: string): Found<Handler> {
		const effective = method === 'HEAD' ? 'GET' : method;
		const allowed: string[] = [];
		for (const route of this.#routes) {
			const parameters = route.pattern.match(path);
			if (!parameters) continue;
			if (route.method === effective) return { kind: 'handler', handler: route.handler, parameters };
			allowed.push(route.method);
		}
		return allowed.length === 0
			? { kind: 'unknown-path' }
			: { kind: 'method-not-allowed', allow: allowed.join(', ') };
	}
}

/** A part of a path; malformed escapes are taken as they stand. */
function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

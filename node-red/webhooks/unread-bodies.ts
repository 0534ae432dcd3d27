/**
 * Keeps the bodies of webhook requests from the parsers of the editor, through which they pass first with the usual
 * roots of Node-RED (decision 071). Those would read JSON and forms before the token was looked at, with a limit of
 * their own, and answer what they refuse with a page that names folders of the machine. They leave alone what seems to
 * be read (`_body`).
 *
 * Where Node-RED is part of an Express app on a server that it is not told of, bodies arrive as that app has read them.
 */
import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import type { Red } from '../host';

const UNREAD = Symbol('unread');
/** What the request carries; no `WeakSet` of the process holds it (decision 070). */
interface Mark {
	[UNREAD]?: boolean;
	_body?: boolean;
}

/** Serves requests below Node-RED's HTTP root; those of a path of ours come with an unread body. */
export function serveUnread(
	RED: Red,
	isOurs: (path: string) => boolean,
	serve: (request: Request, response: Response, next: NextFunction) => void,
): void {
	// In front of the listener that is Node-RED's app.
	serverOf(RED)?.prependListener?.('request', (request: IncomingMessage & Mark) => {
		if (!isOurs(pathBelow(RED.httpNode.path(), request.url ?? ''))) return;
		request._body = true;
		request[UNREAD] = true;
	});
	// In front of the routes of other nodes, which read the bodies of their requests themselves.
	RED.httpNode.use((request: Request & Mark, _response, next) => {
		if (request[UNREAD] === true) request._body = false;
		next();
	});
	// Express 4 keeps its steps there; without them only routes made before ours do without a body.
	const { _router: steps } = RED.httpNode as { _router?: { stack: unknown[] } };
	steps?.stack.unshift(steps.stack.pop());
	RED.httpNode.use(serve);
}

function serverOf({ server }: { server?: Partial<Red['server']> }): typeof server {
	return server;
}

/** The path of a request below a root, as Express reads it; blank when it is elsewhere. */
function pathBelow(root: string, url: string): string {
	const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
	const folder = root.endsWith('/') ? root.slice(0, -1) : root;
	return path.toLowerCase().startsWith(`${folder.toLowerCase()}/`) ? path.slice(folder.length) : '';
}

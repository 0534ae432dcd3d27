/**
 * One HTTP server for both API hosts, the recordings, the control API and the page.
 * Whatever comes in, the process stays up: a handler that throws answers 500 of the simulator and is reported on
 * standard error.
 */
import http from 'node:http';
import { CUT, HANDLED, UNANSWERED, type Reply } from './http/reply';
import { isOwnPath } from '../engine/outgoing';
import { readIncoming } from './http/request';
import { serve } from './surfaces';
import type { Simulation } from '../engine/simulation';

/** A listening server. */
export interface RunningServer {
	url: string;
	port: number;
	close(): Promise<void>;
}

/**
 * Listens where the settings say.
 * @throws the listening error (EADDRINUSE, …)
 */
export async function startServer(simulation: Simulation): Promise<RunningServer> {
	const { host, port } = simulation.settings;
	const server = http.createServer((request, response) => {
		// a connection that breaks while the answer is written needs no report
		handle(simulation, request, response).catch(() => request.socket.destroy());
	});
	// a client that sends nonsense gets a 400 and a closed connection
	server.on('clientError', (_error, socket) => {
		if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
		else socket.destroy();
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
	const address = server.address();
	const actualPort = typeof address === 'object' && address !== null ? address.port : port;
	return {
		url: `http://${shownHost(host)}:${actualPort}`,
		port: actualPort,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** The host as a URL shows it; a wildcard address is shown as the loopback one. */
function shownHost(host: string): string {
	if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
	return host.includes(':') ? `[${host}]` : host;
}

async function handle(
	simulation: Simulation,
	request: http.IncomingMessage,
	response: http.ServerResponse,
): Promise<void> {
	let reply: Reply;
	const { remoteAddress, remotePort } = request.socket;
	const [path = ''] = (request.url ?? '').split('?', 1);
	if (isOwnPath(path) && simulation.outgoing.giveUp(remoteAddress, remotePort)) {
		request.socket.destroy();
		return;
	}
	try {
		reply = await serve(simulation, await readIncoming(request, response));
	} catch (error) {
		if (request.destroyed && !request.complete) return;
		process.stderr.write(
			'exotel-simulator: a request could not be served: ' +
				`${error instanceof Error ? error.stack : String(error)}\n`,
		);
		reply = {
			status: 500,
			headers: { 'Content-Type': 'text/plain', 'X-Simulator-Fault': '1' },
			body: 'The simulator itself failed; please report this.',
		};
	}
	if (reply === HANDLED || reply === UNANSWERED) return;
	if (reply === CUT) {
		request.socket.destroy();
		return;
	}
	const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
	response.writeHead(reply.status, { ...reply.headers, 'Content-Length': body.length });
	response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * The simulator's front door: one HTTP server for both API hosts, the recordings, the control API and the page.
 * Whatever comes in, the process stays up: a handler that throws answers 500 of the simulator and is reported on
 * standard error.
 */
import http from 'node:http';
import { CUT, HANDLED, type Reply } from '../wire/answer';
import { readIncoming } from './request';
import type { Exchange } from '../engine/simulation';
import { route } from './routes';

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
export async function startServer(exchange: Exchange): Promise<RunningServer> {
	const { host, port } = exchange.settings;
	const server = http.createServer((request, response) => {
		// a connection that breaks while the answer is written is the client's affair
		serve(exchange, request, response).catch(() => request.socket.destroy());
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
	const shownHost = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
	return {
		url: `http://${shownHost}:${actualPort}`,
		port: actualPort,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function serve(exchange: Exchange, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
	let reply: Reply;
	try {
		reply = await route(exchange, await readIncoming(request, response));
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
	if (reply === HANDLED) return;
	if (reply === CUT) {
		request.socket.destroy();
		return;
	}
	const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
	response.writeHead(reply.status, { ...reply.headers, 'Content-Length': body.length });
	response.end(request.method === 'HEAD' ? undefined : body);
}

/** A server between a client and Exotel that hands everything on as it is and remembers what both said. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request and its answer. */
export interface Exchange {
	method: string;
	path: string;
	headers: http.IncomingHttpHeaders;
	status: number;
	answer: string;
}

export interface Relay {
	/** `127.0.0.1:<port>` */
	host: string;
	/** Oldest first. */
	exchanges: Exchange[];
	close(): Promise<void>;
}

async function bytesOf(message: http.IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

/** Opens a relay to `origin` on a free port. */
export async function openRelay(origin: string): Promise<Relay> {
	const exchanges: Exchange[] = [];
	const { hostname, port } = new URL(origin);

	async function handOn(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
		const { method = '', url: path = '', headers } = incoming;
		const request = http.request({ hostname, port, method, path, headers: incoming.rawHeaders, agent: false });
		request.end(await bytesOf(incoming));
		const [response] = (await once(request, 'response')) as [http.IncomingMessage];
		const body = await bytesOf(response);
		const status = response.statusCode ?? 0;
		exchanges.push({ method, path, headers, status, answer: body.toString('utf8') });
		outgoing.writeHead(status, response.rawHeaders).end(body);
	}

	const server = http.createServer((incoming, outgoing) => {
		handOn(incoming, outgoing).catch(() => outgoing.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
		exchanges,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

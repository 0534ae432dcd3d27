/** A fake tunnel: an address that publishes some paths of a host, as the Caddyfile of docs/public-address.md does. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Tunnel {
	/** What a user enters as public address, without a slash at the end. */
	url: string;
	/** Method and path of everything that came in, `404` in front of what is not published. */
	seen: string[];
	/** Leads to a host from now on. */
	leadTo(origin: string): void;
	close(): Promise<void>;
}

/** Opens a tunnel for these beginnings of paths. */
export async function openTunnel(published: readonly string[]): Promise<Tunnel> {
	const seen: string[] = [];
	let target = '';
	const server = createServer((incoming, response) => {
		const { method = 'GET', url = '/', headers } = incoming;
		const [path = ''] = url.split('?');
		const isPublished = target !== '' && published.some((beginning) => path.startsWith(beginning));
		seen.push(`${isPublished ? '' : '404 '}${method} ${path}`);
		if (!isPublished) return void response.writeHead(404).end();
		const forwarded = { ...headers, 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' };
		const onward = request(`${target}${url}`, { method, headers: forwarded }, (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		});
		onward.on('error', () => response.destroy());
		incoming.pipe(onward);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		seen,
		leadTo: (origin) => (target = origin),
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** The numbered steps of a guide, as their headings name them. */
export const stepsOf = (guide: string): string[] =>
	[...guide.matchAll(/^## (\d+\. .+)$/gm)].map(([, heading = '']) => heading);

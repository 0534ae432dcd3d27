/**
 * A balancer without affinity: one port, several Node-RED processes behind it, each request to the next one. A target
 * that does not take the connection is passed over, as real balancers do for a request that has not been written yet.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
	url: string;
	/** How many requests each target answered, in the order of the targets. */
	served(): number[];
	targets: string[];
	close(): Promise<void>;
}

/** Opens the balancer on a free port, or on `port`. */
export async function openBalancer(targets: string[], port = 0): Promise<Balancer> {
	const served = targets.map(() => 0);
	let turn = 0;

	const server = http.createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => forward(Buffer.concat(chunks), targets.length));

		const forward = (body: Buffer, left: number): void => {
			const index = turn++ % targets.length;
			const target = new URL(targets[index] as string);
			const onward = http.request(
				{
					host: target.hostname,
					port: target.port,
					method: request.method,
					path: request.url,
					headers: request.headers,
					agent: false,
				},
				(answer) => {
					served[index] = (served[index] ?? 0) + 1;
					response.writeHead(answer.statusCode ?? 502, answer.headers);
					answer.pipe(response);
				},
			);
			onward.on('error', () => {
				if (left > 1) forward(body, left - 1);
				else response.writeHead(502).end();
			});
			onward.end(body);
		};
	});
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		served: () => [...served],
		targets,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

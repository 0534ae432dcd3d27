/**
 * Where the flows under test send what they saw: a small HTTP server of the test. A flow ends in a function node that
 * wraps the message and an `http request` node that posts it here; the test waits for the message it expects instead of
 * polling.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * One message as it left an output in the flow; `n` counts all taps of one Node-RED process in the order the messages
 * came.
 */
export interface Seen {
	at: string;
	n: number;
	msg: Record<string, any>;
}

export interface Sink {
	url: string;
	/** Everything seen so far, in the order it was sent. */
	seen(at?: string): Seen[];
	/**
	 * Resolves with the first message (also one that came before) at tap `at` that fits; rejects after a generous time
	 * with all that came.
	 */
	next(at: string, fits?: (msg: Record<string, any>) => boolean): Promise<Record<string, any>>;
	clear(): void;
	close(): Promise<void>;
}

/** Far above what a loaded machine needs; only a message that never comes runs into it. */
const PATIENCE_MS = 90_000;

/** Opens the server on a free port. */
export async function openSink(): Promise<Sink> {
	let received: Seen[] = [];
	const waiting = new Set<() => void>();
	const server = http.createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Seen);
			response.end('ok');
			for (const check of waiting) check();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const ordered = (): Seen[] => [...received].sort((one, other) => one.n - other.n);

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		seen: (at) => ordered().filter((entry) => at === undefined || entry.at === at),
		next: (at, fits = () => true) =>
			new Promise((resolve, reject) => {
				const check = (): void => {
					const found = ordered().find((entry) => entry.at === at && fits(entry.msg));
					if (found) settle(() => resolve(found.msg));
				};
				const settle = (then: () => void): void => {
					clearTimeout(patience);
					waiting.delete(check);
					then();
				};
				const patience = setTimeout(
					() =>
						settle(() =>
							reject(
								new Error(
									`Nothing fitting came to "${at}". Seen: ${JSON.stringify(ordered(), null, 1).slice(0, 4000)}`,
								),
							),
						),
					PATIENCE_MS,
				);
				waiting.add(check);
				check();
			}),
		clear: () => {
			received = [];
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

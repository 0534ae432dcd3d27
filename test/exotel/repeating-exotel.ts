/** An Exotel whose answer to a call repeats what it was asked for, callback URLs included. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that places every call, and the forms that it was sent. */
export async function startRepeatingExotel() {
	const forms: string[] = [];
	const server = createServer((request, response) => {
		let form = '';
		request.on('data', (piece: Buffer) => (form += piece.toString()));
		request.on('end', () => {
			forms.push(form);
			const Call = {
				...{ Sid: 'b6cfaf5f5cef3ca0fc937749ef960e25', Status: 'in-progress' },
				...Object.fromEntries(new URLSearchParams(form)),
				Authorization: request.headers.authorization,
			};
			response.setHeader('content-type', 'application/json').end(JSON.stringify({ Call }));
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const close = (): void => {
		server.closeAllConnections();
		server.close();
	};
	return { url, forms, close };
}

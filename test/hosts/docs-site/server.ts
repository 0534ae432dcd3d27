/** Serves the built documentation site as the web does: addresses without `.html`. */
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
	'.css': 'text/css',
	'.html': 'text/html',
	'.js': 'text/javascript',
	'.json': 'application/json',
	'.svg': 'image/svg+xml',
	'.webp': 'image/webp',
	'.woff2': 'font/woff2',
};

export interface Site {
	/** Address of the first page, with a slash at the end. */
	url: string;
	close(): Promise<void>;
}

/** Serves `folder` on a free port. */
export async function serveSite(folder: string): Promise<Site> {
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		const file = fileOf(folder, decodeURIComponent(pathname.slice(1)));
		if (file === undefined) return void response.writeHead(404).end();
		response
			.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'text/plain' })
			.end(fs.readFileSync(file));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

/** The file behind an address; undefined when there is none. */
function fileOf(folder: string, below: string): string | undefined {
	const wanted = path.join(folder, below);
	return [wanted, `${wanted}.html`, path.join(wanted, 'index.html')].find(
		(file) => file.startsWith(folder) && fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true,
	);
}

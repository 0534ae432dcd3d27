/**
 * A fake tunnel: an https address that publishes some paths of a host, as the Caddyfile of docs/public-address.md does.
 * This process trusts its certificate from then on, and so does what is started with `environment`.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';

declare module 'node:tls' {
	// Node 24; the types are those of the oldest Node that the packages run on.
	function getCACertificates(type: 'default'): string[];
	function setDefaultCACertificates(certificates: readonly string[]): void;
}

export interface Tunnel {
	/** What a user enters as public address, without a slash at the end. */
	url: string;
	/** Makes a process trust the tunnel, as it trusts the certificate of a real one. */
	environment: { NODE_EXTRA_CA_CERTS: string };
	/** Method and path of everything that came in, `404` in front of what is not published. */
	seen: string[];
	/** Leads to a host from now on. */
	leadTo(origin: string): void;
	close(): Promise<void>;
}

/** A key and a certificate for this machine, which the real tunnel gets from an authority. */
function certify(folder: string): { key: Buffer; cert: Buffer; file: string } {
	const [keyFile, file] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
	const names = ['-subj', '/CN=tunnel', '-addext', 'subjectAltName=IP:127.0.0.1'];
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
	execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, '-out', file, ...names], { stdio: 'pipe' });
	return { key: fs.readFileSync(keyFile), cert: fs.readFileSync(file), file };
}

/** Opens a tunnel for these beginnings of paths. */
export async function openTunnel(published: readonly string[]): Promise<Tunnel> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-tunnel-'));
	const { key, cert, file } = certify(folder);
	tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert.toString()]);
	const seen: string[] = [];
	let target = '';
	const server = createServer({ key, cert }, (incoming, response) => {
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
		url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
		environment: { NODE_EXTRA_CA_CERTS: file },
		seen,
		leadTo: (origin) => (target = origin),
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
			fs.rmSync(folder, { recursive: true });
		},
	};
}

/** The numbered steps of a guide, as their headings name them. */
export const stepsOf = (guide: string): string[] =>
	[...guide.matchAll(/^## (\d+\. .+)$/gm)].map(([, heading = '']) => heading);

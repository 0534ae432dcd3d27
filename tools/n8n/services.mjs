/**
 * Redis and PostgreSQL for n8n's queue mode: Debian's packages, installed when missing and allowed, run on scratch data
 * and free ports, and gone afterwards. The system's own instances, if any, are left alone.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../hosts/node-red.mjs';

const run = promisify(execFile);
/** PostgreSQL refuses to run as root; this user comes with Debian's package. */
const postgresUser = 'postgres';

/**
 * A service on a port of its own. `restart` ends it as `kill -9` does and starts it again on the same data and port.
 *
 * @typedef {{ port: number, pid: number, restart: () => Promise<void>, stop: () => Promise<void> }} Service
 */

/** Keeps a process running until it is stopped; `start` spawns it. @returns {Promise<Service>} */
async function running(name, { port, folder, start, endSignal }) {
	let child;
	let exited;
	const begin = async () => {
		child = start();
		exited = new Promise((resolve) => child.on('exit', resolve));
		await listening(port, name);
	};
	const end = async (signal) => {
		child.kill(signal);
		await exited;
	};
	await begin();
	return {
		port,
		get pid() {
			return child.pid;
		},
		restart: async () => {
			await end('SIGKILL');
			await begin();
		},
		stop: async () => {
			await end(endSignal);
			await fs.rm(folder, { recursive: true, force: true });
		},
	};
}

/**
 * Redis. What it holds is gone when it is killed, unless it `keeps` it: then each write is in a file before it is
 * answered.
 *
 * @returns {Promise<Service>}
 */
export async function startRedis({ keeps = false } = {}) {
	await ensure('redis-server', () => existsSync('/usr/bin/redis-server'));
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-redis-'));
	const port = await freePort();
	const keeping = keeps ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...keeping];
	const start = () => spawn('redis-server', args, { stdio: 'ignore' });
	return await running('Redis', { port, folder, start, endSignal: 'SIGTERM' });
}

/**
 * A fresh cluster with the database `n8n` and no password, reachable from this machine only.
 * @returns {Promise<Service & { user: string, database: string }>}
 */
export async function startPostgres() {
	await ensure('postgresql', () => binaries() !== null);
	const bin = binaries();
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-postgres-'));
	const data = path.join(folder, 'data');
	const port = await freePort();
	const asUser = await userOf(folder);
	const command = (name, args) => run(path.join(bin, name), args, { ...asUser, cwd: folder });

	await command('initdb', ['-D', data, '-U', 'n8n', '--auth=trust', '--encoding=UTF8', '--no-sync']);
	const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'max_connections=200'].flatMap((one) => ['-c', one]);
	const args = ['-D', data, '-p', String(port), '-k', folder, ...settings];
	const start = () => spawn(path.join(bin, 'postgres'), args, { ...asUser, cwd: folder, stdio: 'ignore' });
	const service = await running('PostgreSQL', { port, folder, start, endSignal: 'SIGINT' });
	await command('createdb', ['-h', '127.0.0.1', '-p', String(port), '-U', 'n8n', 'n8n']);
	return Object.assign(service, { user: 'n8n', database: 'n8n' });
}

/** Installs a Debian package when it is missing and this process may. */
async function ensure(name, isThere) {
	if (isThere()) return;
	if (process.getuid?.() !== 0) throw new Error(`${name} is missing. Install it: apt-get install ${name}`);
	const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await run('apt-get', ['update', '-qq'], { env: environment });
	await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
		env: environment,
		maxBuffer: 64 << 20,
	});
}

/** The newest server's programs, where Debian puts them. */
function binaries() {
	const versions = ['18', '17', '16', '15', '14', '13'].map((version) => `/usr/lib/postgresql/${version}/bin`);
	return versions.find((folder) => existsSync(path.join(folder, 'initdb'))) ?? null;
}

/** Options to run a program as somebody else than root; makes the folder theirs. */
async function userOf(folder) {
	if (process.getuid?.() !== 0) return {};
	const [uid, gid] = await Promise.all(
		['-u', '-g'].map(async (flag) => Number((await run('id', [flag, postgresUser])).stdout)),
	);
	await fs.chown(folder, uid, gid);
	return { uid, gid };
}

async function listening(port, name) {
	const { createConnection } = await import('node:net');
	for (let attempt = 0; attempt < 200; attempt += 1) {
		const open = await new Promise((resolve) => {
			const socket = createConnection({ port, host: '127.0.0.1' }, () => resolve(true)).on('error', () =>
				resolve(false),
			);
			socket.on('connect', () => socket.end());
		});
		if (open) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`${name} does not listen on port ${port}`);
}

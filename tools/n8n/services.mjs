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

/** @returns {Promise<{ port: number, stop: () => Promise<void> }>} */
export async function startRedis() {
	await ensure('redis-server', () => existsSync('/usr/bin/redis-server'));
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-redis-'));
	const port = await freePort();
	const child = spawn(
		'redis-server',
		['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
		{ stdio: 'ignore' },
	);
	const exited = new Promise((resolve) => child.on('exit', resolve));
	await listening(port, 'Redis');
	return {
		port,
		stop: async () => {
			child.kill('SIGTERM');
			await exited;
			await fs.rm(folder, { recursive: true, force: true });
		},
	};
}

/**
 * A fresh cluster with the database `n8n` and no password, reachable from this machine only. @returns {Promise<{ port:
 * number, user: string, database: string, stop: () => Promise<void> }>}
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
	const child = spawn(
		path.join(bin, 'postgres'),
		[
			'-D',
			data,
			'-p',
			String(port),
			'-c',
			'listen_addresses=127.0.0.1',
			'-k',
			folder,
			'-c',
			'fsync=off',
			'-c',
			'max_connections=200',
		],
		{ ...asUser, cwd: folder, stdio: 'ignore' },
	);
	const exited = new Promise((resolve) => child.on('exit', resolve));
	await listening(port, 'PostgreSQL');
	await command('createdb', ['-h', '127.0.0.1', '-p', String(port), '-U', 'n8n', 'n8n']);
	return {
		port,
		user: 'n8n',
		database: 'n8n',
		stop: async () => {
			child.kill('SIGINT');
			await exited;
			await fs.rm(folder, { recursive: true, force: true });
		},
	};
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

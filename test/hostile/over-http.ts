/** The entry points that are addresses: Node-RED's webhooks and admin routes, the simulator's API, control API and page. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator } from '../../simulator/index';
import { reservePort, startNodeRed, type FlowNode } from '../node-red/running-node-red';
import type { Body } from './bodies';
import { processorTime } from './in-process';

/** An address, and what a request to it carries besides the body. */
export interface Door {
	name: string;
	url: string;
	method: string;
	headers: Record<string, string>;
}

/** Running hosts with their doors. */
export interface Hosts {
	doors: readonly Door[];
	close(): Promise<void>;
}

const NODES = [
	{ type: 'exotel-call-events', path: 'calls' },
	{ type: 'exotel-make-call', mode: 'numbers', follow: true, callbackPath: 'placed' },
	{ type: 'exotel-applet', path: 'applet', applet: 'connect', timeoutSeconds: '0.5' },
];

/** A Node-RED whose webhooks need no token, so that everything gets as far as it can. */
async function nodeRedDoors(usualRoots: boolean): Promise<Hosts> {
	const port = await reservePort();
	const account: FlowNode = {
		id: 'account',
		type: 'exotel-account',
		region: 'custom',
		baseUrl: 'http://127.0.0.1:1',
		sid: 'acme1',
		publicUrl: 'http://127.0.0.1:1',
		anyoneMayCall: true,
	};
	const nodes = NODES.map((node, index) => ({ ...node, id: `n${index}`, z: 'tab', account: 'account', wires: [[]] }));
	const nodeRed = await startNodeRed(port, [{ id: 'tab', type: 'tab' }, account, ...nodes], { usualRoots });
	// The helper serves the admin routes only to supertest.
	const { settings } = nodeRed.RED.httpAdmin as { settings?: Record<string, unknown> };
	if (settings) settings['env'] = 'test';
	const admin = http.createServer(nodeRed.RED.httpAdmin).listen(0, '127.0.0.1');
	await once(admin, 'listening');
	const adminUrl = `http://127.0.0.1:${(admin.address() as AddressInfo).port}`;
	const how = usualRoots ? 'usual roots' : 'own admin root';
	return {
		doors: [
			...['calls', 'placed', 'applet', 'self-test', 'nothing'].flatMap((path) =>
				['POST', 'GET'].map((method) => ({
					name: `Node-RED, ${how}: ${method} /exotel/${path}`,
					url: `${port.url}/exotel/${path}`,
					method,
					headers: {},
				})),
			),
			...['test', 'exophones', 'webhook-address', 'revoke'].map((route) => ({
				name: `Node-RED, ${how}: POST /exotel-account/…/${route}`,
				url: `${adminUrl}/exotel-account/account/${route}`,
				method: 'POST',
				headers: {},
			})),
		],
		async close() {
			admin.closeAllConnections();
			admin.close();
			await nodeRed.stop();
		},
	};
}

const SIMULATOR_DOORS = [
	['POST', '/v1/Accounts/Exotel/Calls/connect.json'],
	['POST', '/v1/Accounts/Exotel/Calls/connect'],
	['GET', '/v1/Accounts/Exotel/Calls.json'],
	['POST', '/v2/accounts/Exotel/calls'],
	['PUT', '/v2_beta/Accounts/Exotel/IncomingPhoneNumbers/08047115777'],
	['PUT', '/_simulator/api/flows/1'],
	['POST', '/_simulator/api/inbound'],
	['PUT', '/_simulator/api/chaos'],
	['PUT', '/_simulator/api/quirks'],
	['POST', '/_simulator/api/check-answer'],
	['PUT', '/_simulator/api/accounts/Exotel/agents'],
	['GET', '/_simulator/'],
] as const;

async function simulatorDoors(): Promise<Hosts> {
	const simulator = await startSimulator({ port: 0, speed: 0, callsPerMinute: 0, maxCalls: 100 });
	const authorization = `Basic ${Buffer.from('key:token').toString('base64')}`;
	return {
		doors: SIMULATOR_DOORS.map(([method, path]) => ({
			name: `simulator: ${method} ${path}`,
			url: simulator.url + path,
			method,
			headers: { authorization },
		})),
		close: () => simulator.close(),
	};
}

/** Every host that is reached by HTTP. */
export const hostsWithDoors: readonly [string, () => Promise<Hosts>][] = [
	['Node-RED with an own admin root', () => nodeRedDoors(false)],
	['Node-RED with the usual roots', () => nodeRedDoors(true)],
	['the simulator', simulatorDoors],
];

/** What came of one request: its status (null: no answer), and the processor time of both sides. */
export interface Outcome {
	status: number | null;
	processorMs: number;
}

/** Sends a body to a door; of a GET it is the query, as much as a request line takes. */
export async function send(door: Door, { type, text }: Body): Promise<Outcome> {
	const isGet = door.method === 'GET';
	const query = isGet ? `?${text.replace(/[^\x21-\x7e]|#/g, '').slice(0, 14_000)}` : '';
	const bytes = isGet ? null : Buffer.from(text);
	const started = processorTime();
	const status = await new Promise<number | null>((resolve) => {
		const headers = { ...door.headers, 'content-type': type.slice(0, 8_000), connection: 'close' };
		const request = http.request(door.url + query, { method: door.method, headers }, (response) => {
			response.resume();
			response.on('close', () => resolve(response.statusCode ?? null));
		});
		request.on('error', () => resolve(null));
		request.end(bytes);
	});
	return { status, processorMs: processorTime() - started };
}

/** Longest body that every host has to read. */
const MOST_BYTES = 100 * 1024;
const SMALL: Body = { name: 'a small body', type: 'application/json', text: '{"CallSid":"a"}' };

/**
 * Sends a body that has to be answered below 500. Only a longer one than the host reads may be answered by closing the
 * connection; after that the host still has to answer a small request.
 */
export async function answered(door: Door, body: Body): Promise<Outcome> {
	const outcome = await send(door, body);
	const { status } = outcome;
	if (status === null) {
		const isTooLong = door.method !== 'GET' && Buffer.byteLength(body.text) > MOST_BYTES;
		assert.ok(isTooLong, `${door.name}, ${body.name}: the connection was closed`);
		assert.notEqual((await send(door, SMALL)).status, null, `${door.name} is closed after ${body.name}`);
	}
	assert.ok((status ?? 0) < 500, `${door.name}, ${body.name}: ${status}`);
	return outcome;
}

/** Senders that never get done at the same time. */
const SLOW_SENDERS = 20;
/** More than any host reads of one body. */
const ENDLESS_BYTES = 16 * 1024 ** 2;

/** While many senders stay in the middle of their bodies a door has to answer a small request; gives how. */
export async function besideSlowSenders(door: Door): Promise<Outcome> {
	const slow = Array.from({ length: SLOW_SENDERS }, () => {
		const headers = { ...door.headers, 'content-type': SMALL.type, 'content-length': 1_000 };
		const request = http.request(door.url, { method: 'POST', headers }).on('error', () => undefined);
		request.write('{');
		return request;
	});
	try {
		return await answered(door, SMALL);
	} finally {
		for (const request of slow) request.destroy();
	}
}

/** A body that does not end has to be answered below 500 or cut off, and the door to answer afterwards. */
export async function afterEndlessSender(door: Door): Promise<Outcome> {
	const piece = Buffer.alloc(64 * 1024, 'x');
	const started = processorTime();
	const status = await new Promise<number | null>((resolve) => {
		const headers = { ...door.headers, 'content-type': SMALL.type, connection: 'close' };
		const request = http.request(door.url, { method: 'POST', headers }, (response) => {
			response.resume().on('error', () => undefined);
			resolve(response.statusCode ?? null);
			request.destroy();
		});
		request.on('error', () => resolve(null)).on('close', () => resolve(null));
		let sent = 0;
		const more = (): void => {
			while (!request.destroyed) {
				sent += piece.length;
				if (sent > ENDLESS_BYTES) return void request.destroy();
				if (!request.write(piece)) return void request.once('drain', more);
			}
		};
		more();
	});
	const processorMs = processorTime() - started;
	assert.ok((status ?? 0) < 500, `${door.name}, a body without end: ${status}`);
	await answered(door, SMALL);
	return { status, processorMs };
}

/** What leaves through a guarded response, over real sockets, whichever way n8n writes into it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { IWebhookFunctions } from 'n8n-workflow';
import { guardResponse, markedResponse } from '../../nodes/host/appletResponse';

const fallback = { httpStatus: 200, headers: { 'content-type': 'application/json' }, body: '{"fallback":true}' };
const answer = { httpStatus: 200, headers: { 'content-type': 'application/json' }, body: '{"answer":true}' };

interface Caller {
	status: number;
	type: string | null;
	body: string;
	warnings: string[];
}

/** What the caller gets when n8n answers like this. */
async function ask(answering: (response: ServerResponse) => unknown, milliseconds = 60_000): Promise<Caller> {
	const warnings: string[] = [];
	const keep = (text: string) => void warnings.push(text);
	const server = createServer((_, response) => {
		const functions = { logger: { warn: keep, error: keep }, getResponseObject: () => response };
		guardResponse(functions as unknown as IWebhookFunctions, fallback, milliseconds);
		answering(response);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	try {
		const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
			signal: AbortSignal.timeout(5_000),
		});
		const { status, headers } = response;
		return { status, type: headers.get('content-type'), body: await response.text(), warnings };
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

/** As n8n sends the binary data of a "Respond to Webhook" node. */
async function pipe(response: ServerResponse, stream: Readable): Promise<void> {
	response.once('close', () => stream.destroy());
	stream.pipe(response, { end: false });
	await finished(stream).catch(() => undefined);
	process.nextTick(() => response.end());
}

async function* dripping(): AsyncGenerator<Buffer> {
	for (;;) {
		yield Buffer.from('x');
		await new Promise(setImmediate);
	}
}

function mark(response: ServerResponse): string {
	const { statusCode, headers, body } = markedResponse(answer);
	response.statusCode = statusCode;
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	return body.toString();
}

describe('the guarded response to an applet', () => {
	const isFallback = (caller: Caller) => {
		assert.deepEqual(
			[caller.status, caller.type, caller.body],
			[fallback.httpStatus, 'application/json', fallback.body],
		);
		assert.equal(caller.warnings.length, 1);
	};

	it('passes the marked answer on, its mark taken off, whether ended or streamed', async () => {
		for (const answering of [
			(response: ServerResponse) => response.end(mark(response)),
			(response: ServerResponse) => pipe(response, Readable.from([Buffer.from(mark(response))])),
			(response: ServerResponse) => {
				const body = mark(response);
				response.flushHeaders();
				response.end(body);
			},
		]) {
			const caller = await ask(answering);
			assert.deepEqual([caller.status, caller.body, caller.warnings], [200, answer.body, []]);
		}
	});

	it('sends the fallback in place of a file that n8n streams', async () => {
		isFallback(
			await ask((response) => {
				response.setHeader('content-type', 'audio/wav');
				response.setHeader('content-length', 8);
				return pipe(response, Readable.from([Buffer.from('RIFFxxxx')]));
			}),
		);
		isFallback(await ask((response) => pipe(response, Readable.from(dripping()))));
		isFallback(await ask((response) => pipe(response, Readable.from([]))));
	});

	it('sends the fallback in place of headers without the mark, however they are written', async () => {
		isFallback(await ask((response) => response.writeHead(500, { 'content-type': 'text/html' }).end('error')));
		isFallback(
			await ask((response) => {
				response.flushHeaders();
				response.write('x');
				response.end();
			}),
		);
	});

	it('sends the fallback after the time, once, and nothing that comes later', async () => {
		isFallback(await ask((response) => setTimeout(() => response.end(mark(response)), 50), 1));
	});

	it('closes the connection when an answer was begun and is not finished in time', async () => {
		await assert.rejects(
			ask((response) => void response.write(mark(response)), 1),
			{ name: 'TypeError' },
		);
	});

	it('sends the fallback when the answer cannot be sent', async () => {
		isFallback(
			await ask((response) => {
				mark(response);
				// What n8n hands over after the headers is not always a text.
				Reflect.apply(response.end, response, [7]);
			}),
		);
	});
});

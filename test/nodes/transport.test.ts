/** The way to Exotel through n8n: what is asked of n8n's HTTP client, and how its answers and errors are read. */
import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { connectNumbers, downloadRecording, ExotelError, getCall, readAccount } from '../../exotel';
import { send } from '../../exotel/http/send';
import { clock } from '../../nodes/host/clock';
import { transportOf } from '../../nodes/host/transport';
import { node } from './hosted';

const account = readAccount({ region: 'mumbai', sid: 'acme1' });

function host(answer: () => unknown) {
	const asked: { authenticated: boolean; options: IHttpRequestOptions }[] = [];
	const ask =
		(authenticated: boolean) =>
		async (...parameters: unknown[]) => {
			asked.push({ authenticated, options: parameters.at(-1) as IHttpRequestOptions });
			return answer();
		};
	const lookedUp: string[] = [];
	const lookup = (name: string, _options: object, done: (error: Error | null, found: object[]) => void) => {
		lookedUp.push(name);
		const addresses = names[name];
		if (addresses === undefined) done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
		else
			done(
				null,
				addresses.map((address) => ({ address })),
			);
	};
	const functions = {
		helpers: {
			httpRequestWithAuthentication: ask(true),
			httpRequest: ask(false),
			getSecureEgressFilter: () => ({ createSecureLookup: () => lookup }),
		},
	} as unknown as IExecuteFunctions;
	return { asked, lookedUp, transport: transportOf(functions) };
}

const names: Record<string, string[]> = {
	'example.com': ['93.184.215.14'],
	'inside.example.com': ['93.184.215.14', '10.0.0.7'],
	'metadata.example.com': ['169.254.169.254'],
};
const body = (text: string) => Readable.from([Buffer.from(text)]);

/** Sends pieces until nobody reads any more. */
function endless(): { stream: Readable; sent: () => number } {
	const piece = Buffer.alloc(1024 * 1024, 0x41);
	let sent = 0;
	const stream = new Readable({
		read() {
			sent += piece.length;
			this.push(piece);
		},
	});
	return { stream, sent: () => sent };
}

describe('the transport through n8n', () => {
	const placing = connectNumbers.request(account, {
		from: '+919812345678',
		to: '+918012345678',
		exoPhone: '08047112233',
	});

	it('never follows a redirect of a request that rings a phone, and takes every status as an answer', async () => {
		const { asked, transport } = host(() => ({
			statusCode: 503,
			headers: { 'Retry-After': '3' },
			body: body('busy'),
		}));
		const response = await transport(placing, { timeoutMs: 1_234 });
		assert.deepEqual(response, { status: 503, headers: { 'retry-after': '3' }, body: 'busy' });
		const { disableFollowRedirect, ignoreHttpStatusErrors, returnFullResponse, timeout } = asked[0]!.options;
		assert.deepEqual(
			{ disableFollowRedirect, ignoreHttpStatusErrors, returnFullResponse, timeout },
			{ disableFollowRedirect: true, ignoreHttpStatusErrors: true, returnFullResponse: true, timeout: 1_234 },
		);
		assert.equal(asked[0]!.authenticated, true);
	});

	it('shows the key to no foreign host: not asked for, and not taken along by a redirect', async () => {
		const { asked, transport } = host(() => ({ statusCode: 200, headers: {}, body: body('RIFF') }));
		const foreign = downloadRecording.request(account, { url: 'https://example.com/recording.mp3' });
		assert.equal(foreign.authenticate, false);
		const { body: file } = await transport(foreign, { timeoutMs: 1_000 });
		assert.ok(file instanceof Uint8Array);
		assert.equal(asked[0]!.authenticated, false);
		await transport({ ...foreign, authenticate: true }, { timeoutMs: 1_000 });
		assert.deepEqual(
			asked.map(({ options }) => options.disableFollowRedirect),
			[true, true],
		);
		assert.deepEqual(
			asked.map(({ options }) => options.sendCredentialsOnCrossOriginRedirect),
			[false, false],
		);
	});

	it("hands back the network's own error out of n8n's", async () => {
		const network = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
		const { transport } = host(() => {
			throw new NodeApiError(node, network as never);
		});
		await assert.rejects(transport(placing, { timeoutMs: 1_000 }), (error) => error === network);
	});

	it('reads text and bytes as they came', async () => {
		const headers = { 'set-cookie': ['a', 'b'] };
		const { transport } = host(() => ({ statusCode: 200, headers, body: body('{"Call":"ä"}') }));
		assert.deepEqual(await transport(placing, { timeoutMs: 1_000 }), {
			status: 200,
			headers: { 'set-cookie': 'a, b' },
			body: '{"Call":"ä"}',
		});
		const url = 'https://example.com/recording.mp3';
		const recording = await transport(downloadRecording.request(account, { url }), { timeoutMs: 1_000 });
		assert.deepEqual(recording.body, Buffer.from('{"Call":"ä"}'));
	});

	const reading = getCall.request(account, { sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' });
	const sending = (transport: ReturnType<typeof transportOf>) => ({ transport, account, clock });
	const failureOf = async (sent: Promise<unknown>): Promise<ExotelError> => {
		const error = await sent.then(
			() => null,
			(thrown: unknown) => thrown,
		);
		assert.ok(error instanceof ExotelError);
		return error;
	};

	it('stops an answer without end, says so and asks no second time', async () => {
		const { stream, sent } = endless();
		const { asked, transport } = host(() => ({ statusCode: 200, headers: {}, body: stream }));
		const error = await failureOf(send(reading, sending(transport)));
		assert.deepEqual([error.kind, error.code, asked.length], ['exotel', 'TOO_LARGE', 1]);
		assert.match(error.message, /larger than 4 MB/);
		assert.ok(stream.destroyed);
		assert.ok(sent() < 8 * 1024 * 1024, `${sent()} bytes were read`);
	});

	it('stops a recording without end, and reads little of an error page without end', async () => {
		const recording = downloadRecording.request(account, { url: 'https://example.com/a.mp3' });
		const file = endless();
		const found = host(() => ({ statusCode: 200, headers: {}, body: file.stream }));
		const error = await failureOf(send(recording, sending(found.transport)));
		assert.match(error.message, /larger than 256 MB/);
		assert.ok(file.stream.destroyed && file.sent() < 260 * 1024 * 1024);
		const page = endless();
		const missing = host(() => ({ statusCode: 404, headers: {}, body: page.stream }));
		assert.equal((await failureOf(send(recording, sending(missing.transport)))).kind, 'not-found');
		assert.ok(page.stream.destroyed && page.sent() < 4 * 1024 * 1024);
	});

	it('reads nothing of a recording that says it is longer than 256 MB, and asks no second time', async () => {
		const recording = downloadRecording.request(account, { url: 'https://example.com/a.mp3' });
		const silent = new PassThrough();
		const headers = { 'Content-Length': String(256 * 1024 * 1024 + 1) };
		const { asked, transport } = host(() => ({ statusCode: 200, headers, body: silent }));
		const error = await failureOf(send(recording, sending(transport)));
		assert.deepEqual([error.code, asked.length, silent.destroyed], ['TOO_LARGE', 1, true]);
	});

	it('does not know whether a call was placed when the answer has no end', async () => {
		const { asked, transport } = host(() => ({ statusCode: 200, headers: {}, body: endless().stream }));
		assert.equal((await failureOf(send(placing, sending(transport)))).kind, 'unknown-outcome');
		assert.equal(asked.length, 1);
	});

	it('gives up on an answer that drips, and on one that never begins, when the time is over', async () => {
		const dripping = new PassThrough();
		dripping.write('{');
		const slow = host(() => ({ statusCode: 200, headers: {}, body: dripping }));
		const error = await failureOf(send(reading, { ...sending(slow.transport), timeoutMs: 50, maxAttempts: 1 }));
		assert.deepEqual([error.kind, error.code], ['network', 'ETIMEDOUT']);
		assert.ok(dripping.destroyed);

		const silent = host(() => new Promise(() => undefined));
		const none = await failureOf(send(reading, { ...sending(silent.transport), timeoutMs: 50, maxAttempts: 1 }));
		assert.equal(none.code, 'ETIMEDOUT');
	});

	it("stops with the node's signal, also while a body arrives", async () => {
		const dripping = new PassThrough();
		const controller = new AbortController();
		const { transport } = host(() => ({ statusCode: 200, headers: {}, body: dripping }));
		const failed = failureOf(send(reading, { ...sending(transport), signal: controller.signal }));
		setImmediate(() => controller.abort());
		assert.equal((await failed).code, 'ABORTED');
		assert.ok(dripping.destroyed);
	});

	it('looks up no name for a request that was stopped before', async () => {
		const { asked, lookedUp, transport } = host(() => ({ statusCode: 200, headers: {}, body: body('ID3') }));
		const recording = downloadRecording.request(account, { url: 'https://example.com/a.mp3' });
		const signal = AbortSignal.abort(new Error('stopped'));
		await assert.rejects(transport(recording, { timeoutMs: 1_000, signal }), /stopped/);
		assert.deepEqual([lookedUp, asked], [[], []]);
	});

	for (const [name, addresses] of Object.entries(names).slice(1)) {
		it(`asks no server inside this network by a public name: ${addresses.join(', ')}`, async () => {
			const { asked, transport } = host(() => ({ statusCode: 200, headers: {}, body: body('ID3') }));
			const recording = downloadRecording.request(account, { url: `https://${name}/a.mp3` });
			const error = await failureOf(send(recording, sending(transport)));
			assert.deepEqual([error.kind, error.code, asked.length], ['exotel', 'PRIVATE_ADDRESS', 0]);
			assert.match(error.message, new RegExp(`^${name} is the name of a server inside this network`));
		});
	}

	it('follows no redirect to a public name inside this network', async () => {
		const location = 'https://metadata.example.com/latest';
		const { asked, transport } = host(() => ({ statusCode: 302, headers: { location }, body: body('') }));
		const recording = downloadRecording.request(account, { url: 'https://example.com/a.mp3' });
		assert.equal((await failureOf(send(recording, sending(transport)))).code, 'PRIVATE_ADDRESS');
		assert.equal(asked.length, 1);
	});

	it('asks nobody by a name that cannot be looked up, unless the name is of Exotel', async () => {
		const { asked, lookedUp, transport } = host(() => ({ statusCode: 200, headers: {}, body: body('ID3') }));
		const unknown = downloadRecording.request(account, { url: 'https://unknown.example.net/a.mp3' });
		const error = await failureOf(send(unknown, { ...sending(transport), maxAttempts: 1 }));
		assert.deepEqual([error.kind, error.code, asked.length], ['network', 'ENOTFOUND', 0]);
		// A proxy that n8n uses may know the name; a server of this network cannot have its certificate.
		const exotels = downloadRecording.request(account, { url: 'https://recordings.exotel.com/a.mp3' });
		assert.equal((await send(exotels, sending(transport))).response.status, 200);
		assert.deepEqual(lookedUp, ['unknown.example.net', 'recordings.exotel.com']);
	});

	it('leaves the check of certificates on, which a server of this network under a public name does not pass', async () => {
		const { asked, transport } = host(() => ({ statusCode: 200, headers: {}, body: body('ID3') }));
		const recording = downloadRecording.request(account, { url: 'https://example.com/a.mp3' });
		await transport(recording, { timeoutMs: 1_000 });
		assert.ok(recording.url.startsWith('https:'));
		const { skipSslCertificateValidation, agentOptions } = asked[0]!.options;
		assert.deepEqual([skipSslCertificateValidation, agentOptions], [undefined, undefined]);
	});
});

/** The way to Exotel through n8n: what is asked of n8n's HTTP client, and how its answers and errors are read. */
import assert from 'node:assert/strict';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { connectNumbers, downloadRecording, readAccount } from '../../exotel';
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
	const functions = {
		helpers: { httpRequestWithAuthentication: ask(true), httpRequest: ask(false) },
	} as unknown as IExecuteFunctions;
	return { asked, transport: transportOf(functions) };
}

describe('the transport through n8n', () => {
	const placing = connectNumbers.request(account, {
		from: '+919812345678',
		to: '+918012345678',
		exoPhone: '08047112233',
	});

	it('never follows a redirect of a request that rings a phone, and takes every status as an answer', async () => {
		const { asked, transport } = host(() => ({ statusCode: 503, headers: { 'Retry-After': '3' }, body: 'busy' }));
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
		const { asked, transport } = host(() => ({ statusCode: 200, headers: {}, body: Buffer.from('RIFF') }));
		const foreign = downloadRecording.request(account, { url: 'https://example.com/recording.mp3' });
		assert.equal(foreign.authenticate, false);
		const { body } = await transport(foreign, { timeoutMs: 1_000 });
		assert.ok(body instanceof Uint8Array);
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

	it('puts a decoded body back into words', async () => {
		const { transport } = host(() => ({
			statusCode: 200,
			headers: { 'set-cookie': ['a', 'b'] },
			body: { Call: 1 },
		}));
		assert.deepEqual(await transport(placing, { timeoutMs: 1_000 }), {
			status: 200,
			headers: { 'set-cookie': 'a, b' },
			body: '{"Call":1}',
		});
	});
});

/** Redirects of a request that only reads: how far they are followed, and what goes along. */
import assert from 'node:assert/strict';
import { downloadRecording, ExotelError } from '../../../exotel/index';
import { send } from '../../../exotel/http/send';
import { answer, custom, singapore } from '../samples';
import { options, placing, reading, scripted, type Step } from '../scripted-transport';

const to = (location: string, status = 302): Step => answer('', status, { location });
const recording = downloadRecording.request(singapore, { url: 'https://recordings.exotel.com/a.mp3' });

async function failure(steps: Step[], account = singapore): Promise<{ error: ExotelError; sent: number }> {
	const { transport, sent } = scripted(...steps);
	const error = await send(recording, options(transport, { account })).then(
		() => assert.fail('it should have failed'),
		(thrown: unknown) => thrown,
	);
	assert.ok(error instanceof ExotelError);
	return { error, sent: sent.length };
}

describe('a redirect', () => {
	it('is followed, with the key only as long as it stays on its server', async () => {
		const storage = 'https://storage.example.com/a.mp3';
		const back = 'https://recordings.exotel.com/c.mp3';
		const { transport, sent } = scripted(to('/b.mp3', 301), to(storage, 307), to(back, 308), answer('ID3'));
		const { response, attempts } = await send(recording, options(transport));
		assert.deepEqual([response.body, attempts], ['ID3', 1]);
		assert.deepEqual(
			sent.map(({ request }) => [request.url, request.authenticate]),
			[
				[recording.url, true],
				['https://recordings.exotel.com/b.mp3', true],
				[storage, false],
				[back, false],
			],
		);
	});

	it('brings no key to an address that has a signature or a login of its own, also on the same server', async () => {
		for (const location of ['/b.mp3?X-Amz-Signature=abc', 'https://user:word@recordings.exotel.com/b.mp3']) {
			const { transport, sent } = scripted(to(location), answer('ID3'));
			await send(recording, options(transport));
			assert.deepEqual(
				sent.map(({ request }) => request.authenticate),
				[true, false],
			);
		}
	});

	for (const location of [
		'http://169.254.169.254/latest/meta-data/',
		'http://127.0.0.1:6379/',
		'//localhost./x',
		'http://[::127.0.0.1]/',
		'https://db.internal/',
	]) {
		it(`is not followed into this network: ${location}`, async () => {
			const { error, sent } = await failure([to(location), answer('secret')]);
			assert.deepEqual([error.kind, error.httpStatus, error.retryable, sent], ['exotel', 302, false, 1]);
			assert.match(error.message, /inside this network/);
		});
	}

	it('is not followed to plain http', async () => {
		const { error, sent } = await failure([to('http://storage.example.com/a.mp3'), answer('ID3')]);
		assert.deepEqual([error.kind, error.httpStatus, sent], ['exotel', 302, 1]);
		assert.match(error.message, /not encrypted/);
	});

	it('has the name it leads to looked up, unless that is on the account’s own server', async () => {
		for (const [location, publicOnly] of [
			['https://storage.example.com/a.mp3', true],
			['http://127.0.0.1:4010/a.mp3', false],
		] as const) {
			const { transport, sent } = scripted(to(location), answer('ID3'));
			await send(recording, options(transport, { account: custom }));
			assert.equal(sent[1]!.request.publicOnly, publicOnly);
		}
	});

	it("may lead to the account's own server inside this network, and to none beside it", async () => {
		const { transport, sent } = scripted(to('http://127.0.0.1:4010/a.mp3'), answer('ID3'));
		await send(recording, options(transport, { account: custom }));
		assert.equal(sent.length, 2);
		assert.equal((await failure([to('http://127.0.0.1:4011/a.mp3')], custom)).sent, 1);
	});

	it('is an error when it has no end, leads nowhere or leaves the web', async () => {
		assert.deepEqual((await failure([to('/again')])).sent, 6);
		for (const step of [answer('', 302), to('http://[nonsense'), to('file:///etc/passwd')]) {
			const { error, sent } = await failure([step]);
			assert.deepEqual([error.httpStatus, sent], [302, 1]);
		}
	});

	it('is never followed with a call, and never leads what reads into this network', async () => {
		for (const request of [placing, reading]) {
			const { transport, sent } = scripted(to('http://127.0.0.1/'));
			await assert.rejects(send(request, options(transport)), ExotelError);
			assert.equal(sent.length, 1);
		}
	});

	it('shares one timeout with the request', async () => {
		const timeouts: number[] = [];
		const sending = options(async (_request, { timeoutMs }) => {
			timeouts.push(timeoutMs);
			await sending.clock.advance(4000);
			return timeouts.length === 1 ? answer('', 302, { location: '/b.mp3' }) : answer('ID3');
		});
		await send(recording, { ...sending, timeoutMs: 9000 });
		assert.deepEqual(timeouts, [9000, 5000]);
	});
});

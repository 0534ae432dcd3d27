/** How much of an answer is read, whatever the transport. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { readBody } from '../../../exotel/index';

/** An answer that ends only when nobody reads on. */
async function* endless(read: { bytes: number }): AsyncGenerator<Uint8Array> {
	for (;;) {
		read.bytes += 50_000;
		yield await Promise.resolve(Buffer.alloc(50_000, 'x'));
	}
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
	for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

describe('the body of an answer', () => {
	for (const responseType of ['text', 'bytes'] as const)
		for (const status of [199, 300, 403, 404, 500])
			it(`is cut after 64 kB when it explains HTTP ${status} (${responseType})`, async () => {
				const read = { bytes: 0 };
				const body = await readBody(endless(read), { responseType }, { status });
				assert.deepEqual([body.length, read.bytes], [65_536, 100_000]);
				assert.equal((await readBody(pieces('x'.repeat(65_536)), { responseType }, { status })).length, 65_536);
			});

	it('is read whole when it is a success', async () => {
		const text = await readBody(pieces('x'.repeat(100_000), 'ä'), { responseType: 'text' }, { status: 200 });
		assert.equal(text, `${'x'.repeat(100_000)}ä`);
	});

	for (const [responseType, most] of [
		['text', 4],
		['bytes', 256],
	] as const)
		it(`is refused unread when it says that it has more than ${most} MB (${responseType})`, async () => {
			const read = { bytes: 0 };
			const stream = Readable.from(endless(read), { highWaterMark: 0 });
			const stated = (length: number) => ({ status: 200, length: String(length) });
			const tooMuch = stated(most * 1024 ** 2 + 1);
			await assert.rejects(readBody(stream, { responseType }, tooMuch), { code: 'TOO_LARGE' });
			assert.ok(stream.destroyed);
			assert.equal(read.bytes, 0);
			const whole = await readBody(pieces('ID3'), { responseType }, stated(most * 1024 ** 2));
			assert.equal(whole.length, 3);
			const error = await readBody(pieces('no'), { responseType }, { ...tooMuch, status: 403 });
			assert.equal(error.length, 2);
		});

	it('is a buffer that no second copy is made of', async () => {
		const body = await readBody(pieces('I', 'D3'), { responseType: 'bytes' }, { status: 200 });
		assert.ok(Buffer.isBuffer(body));
		assert.equal(body.toString(), 'ID3');
	});
});

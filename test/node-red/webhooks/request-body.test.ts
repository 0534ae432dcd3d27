/** The time a body may take, on a clock moved by hand. */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { mock } from 'node:test';
import { MAX_BODY_MS, readBody, RefusedBody } from '../../../node-red/webhooks/request-body';

describe('reading a body', () => {
	beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
	afterEach(() => mock.timers.reset());

	const incoming = (): PassThrough & IncomingMessage =>
		Object.assign(new PassThrough(), { method: 'POST', headers: {} }) as unknown as PassThrough & IncomingMessage;
	const listeners = (stream: PassThrough): number =>
		['data', 'end', 'error'].reduce((sum, name) => sum + stream.listenerCount(name), 0);

	it('is given up when the body does not end in time', async () => {
		const stream = incoming();
		const before = listeners(stream);
		const reading = readBody(stream, 1000);
		stream.write('CallSid=');
		mock.timers.tick(MAX_BODY_MS);
		await assert.rejects(reading, (reason) => reason instanceof RefusedBody && reason.httpStatus === 408);
		assert.equal(listeners(stream), before);
	});

	it('leaves no timer behind', async () => {
		const cleared = mock.method(globalThis, 'clearTimeout');
		const whole = incoming();
		const reading = readBody(whole, 1000);
		whole.end('CallSid=x');
		assert.equal(Buffer.from((await reading) as Uint8Array).toString(), 'CallSid=x');
		const broken = incoming();
		const hungUp = readBody(broken, 1000);
		broken.destroy();
		await assert.rejects(hungUp, RefusedBody);
		const long = incoming();
		const tooLong = readBody(long, 3);
		long.write('CallSid=');
		await assert.rejects(tooLong, RefusedBody);
		assert.equal(cleared.mock.callCount(), 3);
		cleared.mock.restore();
	});
});

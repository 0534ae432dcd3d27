/** What a node says of a message whose work failed. */
import assert from 'node:assert/strict';
import { onMessage, type KeepFailure } from '../../../node-red/messages/input';
import type { NodeScope } from '../../../node-red/node-scope';
import type { StatusLine } from '../../../node-red/messages/status';

type Handler = (msg: object, send: () => void, done: (error?: Error) => void) => void;

describe('a message whose work failed', () => {
	async function said(keepFailure?: KeepFailure): Promise<(string | undefined)[]> {
		const handlers: Handler[] = [];
		const scope = {
			node: { on: (_name: string, handler: Handler) => handlers.push(handler) },
			signal: new AbortController().signal,
			guarded: (work: () => void) => work(),
		};
		const status = { show: () => undefined, fail: () => undefined, clear: () => undefined } satisfies StatusLine;
		const work = () => Promise.reject(new Error('refused'));
		onMessage(scope as unknown as NodeScope, status, work, keepFailure);
		const done: (string | undefined)[] = [];
		handlers[0]?.(
			{},
			() => undefined,
			(error) => done.push(error?.message),
		);
		await new Promise((resolve) => setImmediate(resolve));
		return done;
	}

	it('is reported to Catch nodes', async () => {
		assert.equal((await said()).length, 1);
		assert.match(String((await said(() => false))[0]), /refused/);
	});

	it('is no success to Complete nodes while its failure is kept', async () => {
		assert.deepEqual(await said(() => true), []);
	});
});

/** Finding a call whose API is not known: the likelier one first, the other one when it is not there. */
import assert from 'node:assert/strict';
import { ExotelError, findCall, readEnd, type ApiVersion, type HttpResponse } from '../../../exotel/index';
import { readCall } from '../../../exotel/operations/find-call';
import { answer, sample, singapore } from '../samples';
import { options, scripted, type Step } from '../scripted-transport';

const sid = 'b6cfaf5f5cef3ca0fc937749ef960e25';
const inV1 = answer(sample('seed-004-get-call.json'));
const inV2 = answer(sample('seed-001-get-agent-call.json'));
const notFound = (words: string): HttpResponse => answer(`{"RestException":{"Status":404,"Message":"${words}"}}`, 404);

/** Which API each request went to, and the result or error. */
async function find(where: { api: ApiVersion | 'auto'; likely?: ApiVersion }, steps: Step[], input: object = {}) {
	const { transport, sent } = scripted(...steps);
	const ending = findCall(singapore, { sid, ...input }, where, options(transport, { maxAttempts: 1 }));
	const settled = await ending.then(
		(performed) => ({ performed, error: undefined }),
		(error: unknown) => {
			assert.ok(error instanceof ExotelError, String(error));
			return { performed: undefined, error };
		},
	);
	const urls = sent.map(({ request }) => request.url);
	const apis = urls.map((url) => (url.includes('/v2/') ? 'v2' : 'v1'));
	return { ...settled, apis, urls };
}

describe('finding a call', () => {
	it('reads one API when it is named', async () => {
		const v1 = await find({ api: 'v1' }, [inV1]);
		assert.deepEqual([v1.apis, v1.performed?.result.api], [['v1'], 'v1']);
		const v2 = await find({ api: 'v2' }, [inV2]);
		assert.deepEqual([v2.apis, v2.performed?.result.api], [['v2'], 'v2']);
		const missing = await find({ api: 'v1', likely: 'v2' }, [notFound('none')]);
		assert.deepEqual([missing.apis, missing.error?.kind], [['v1'], 'not-found']);
	});

	it('takes the end of another call for that of its own in neither API', async () => {
		for (const [api, response] of [
			['v1', inV1],
			['v2', inV2],
		] as const) {
			const { transport } = scripted(response);
			await assert.rejects(
				readEnd(singapore, { sid: 'f00faf5f5cef3ca0fc937749ef960e25', api }, options(transport)),
				/about another call/,
			);
		}
	});

	it('reads v1 first, or the likelier API', async () => {
		assert.deepEqual((await find({ api: 'auto' }, [inV1])).apis, ['v1']);
		assert.deepEqual((await find({ api: 'auto', likely: 'v1' }, [inV1])).apis, ['v1']);
		assert.deepEqual((await find({ api: 'auto', likely: 'v2' }, [inV2])).apis, ['v2']);
	});

	it('reads the other API when the first one does not know the call, whatever its 404 looks like', async () => {
		for (const missing of [notFound('No call'), answer('', 404), answer('<html>', 404)]) {
			const { apis, performed } = await find({ api: 'auto' }, [missing, inV2]);
			assert.deepEqual([apis, performed?.result.api], [['v1', 'v2'], 'v2']);
		}
		const other = await find({ api: 'auto', likely: 'v2' }, [notFound('No call'), inV1]);
		assert.deepEqual([other.apis, other.performed?.result.api], [['v2', 'v1'], 'v1']);
	});

	it('reports the error of the first API when neither finds the call', async () => {
		const { apis, error } = await find({ api: 'auto' }, [notFound('first'), notFound('second')]);
		assert.deepEqual([apis, error?.kind], [['v1', 'v2'], 'not-found']);
		assert.match(error?.message ?? '', /first/);
	});

	it('reports that the second API could not be read: the call may be there', async () => {
		for (const [second, kind] of [
			[answer('', 500), 'exotel'],
			[new Error('no connection'), 'network'],
		] as const) {
			const { apis, error } = await find({ api: 'auto' }, [notFound('first'), second]);
			assert.deepEqual([apis, error?.kind], [['v1', 'v2'], kind]);
		}
	});

	it('does not look elsewhere after any other error', async () => {
		for (const step of [answer('', 401), answer('', 403), answer('', 429), answer('', 500), new Error('x')]) {
			const { apis, error } = await find({ api: 'auto' }, [step, inV2]);
			assert.deepEqual(apis, ['v1']);
			assert.notEqual(error, undefined);
		}
		const wrong = await find({ api: 'auto' }, [inV1], { sid: 'no such' });
		assert.deepEqual([wrong.apis, wrong.error?.kind], [[], 'input']);
	});

	it('hands the settings of v1 to v1 only', async () => {
		const more = { recordingUrlValidityMinutes: 30 };
		const { urls } = await find({ api: 'auto' }, [notFound('x'), inV2], more);
		assert.match(urls[0] ?? '', /RecordingUrlValidity=30/);
		assert.ok(!(urls[1] ?? '').includes('30'));
		const { transport, sent } = scripted(inV2);
		await readCall(singapore, { sid, ...more }, 'v2', options(transport));
		assert.match(sent[0]?.request.url ?? '', /\/calls\/[0-9a-z]{32}$/);
	});
});

/** Answers that nest deeper, or hold more values, than anything Exotel sends: who copies or writes them would fail. */
import assert from 'node:assert/strict';
import { connectNumbers, getCall, perform } from '../../../exotel/index';
import { decodeText } from '../../../exotel/http/response-body';
import { answer, singapore } from '../samples';
import { options, outcome, scripted } from '../scripted-transport';

const SID = 'b6cfaf5f5cef3ca0fc937749ef960e25';
const nested = (levels: number, open = '[', close = ']'): string => open.repeat(levels) + close.repeat(levels);
const call = (extra: string): string => `{"Call":{"Sid":"${SID}","Extra":${extra}}}`;
/** Reads a call; what comes back is written and copied, as hosts do with it. */
async function written(body: string): Promise<string> {
	const { result, raw } = await perform(getCall, singapore, { sid: SID }, options(scripted(answer(body)).transport));
	return JSON.stringify(structuredClone([result, raw]));
}

describe('an answer of Exotel', () => {
	it('is read when it nests as deep as no answer does, and holds more than any', async () => {
		assert.match(await written(call(nested(47))), /\[{47}\]{47}/);
		assert.match(
			await written(call(`"${'[{'.repeat(1_000)}\\"["`)),
			/\[\{\[\{/,
			'brackets in a text are no levels',
		);
		assert.ok(await written(call(`[${'{"a":1},'.repeat(20_000)}0]`)));
	});

	for (const [what, body] of [
		['200,000 levels', call(nested(200_000))],
		['200,000 levels of objects', call(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`)],
		['levels without end', call('['.repeat(200_000))],
		['51 levels', call(nested(49))],
		['a million values', call(`[${'0,'.repeat(1_000_000)}0]`)],
		['200,000 empty lists', call(`[${'[],'.repeat(200_000)}0]`)],
	] as const)
		it(`with ${what} is refused, and nothing of it is handed on`, async () => {
			const { error } = await outcome(getCall.request(singapore, { sid: SID }), [answer(body, 404)]);
			assert.equal(error?.raw ?? null, null);
			await assert.rejects(written(body), /data of another shape/);
		});

	it('to a make-call request leaves the outcome unknown', async () => {
		const { transport } = scripted(answer(call(nested(200_000))));
		const input = { from: '+919413740001', to: '+918867990002', exoPhone: '01130830003' };
		await assert.rejects(perform(connectNumbers, singapore, input, options(transport)), {
			kind: 'unknown-outcome',
			raw: null,
		});
	});

	it('as XML is none beyond 50 levels', () => {
		assert.equal(decodeText(`<R>${nested(49, '<a>', '</a>')}</R>`).kind, 'xml');
		for (const levels of [52, 30_000])
			assert.equal(decodeText(`<R>${nested(levels, '<a>', '</a>')}</R>`).value, null);
		assert.equal(decodeText(`<R>${'<a/>'.repeat(9_998)}</R>`).kind, 'xml');
		for (const mark of ['<a/>', '&amp;']) assert.equal(decodeText(`<R>${mark.repeat(9_999)}</R>`).value, null);
	});
});

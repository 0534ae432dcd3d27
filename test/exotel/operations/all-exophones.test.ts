/** All ExoPhones of an account, page after page. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allExoPhones, type HttpResponse } from '../../../exotel/index';
import { answer, runs, singapore } from '../samples';
import { options, scripted, type Step } from '../scripted-transport';

/** A page of numbers, counted from `first`. */
function page(first: number, count: number): HttpResponse {
	const numbers = Array.from({ length: count }, (_, n) => ({ phone_number: `+91804711${1000 + first + n}` }));
	return answer(JSON.stringify({ incoming_phone_numbers: numbers }));
}

async function listed(steps: Step[], limit?: number) {
	const { transport, sent } = scripted(...steps);
	const found = await allExoPhones(singapore, options(transport), limit);
	const pages = sent.map(({ request }) => new URL(request.url).searchParams.get('Page'));
	return { numbers: found.map(({ number }) => number), pages };
}

describe('all ExoPhones', () => {
	it('are read until a page is not full', async () => {
		const { numbers, pages } = await listed([page(0, 50), page(50, 50), page(100, 7)]);
		assert.deepEqual(pages, ['0', '1', '2']);
		assert.equal(new Set(numbers).size, 107);
		assert.deepEqual([numbers[0], numbers.at(-1)], ['+918047111000', '+918047111106']);
	});

	it('are one request when they fit on a page', async () => {
		for (const count of [0, 1, 49]) {
			const { numbers, pages } = await listed([page(0, count)]);
			assert.deepEqual([numbers.length, pages], [count, ['0']]);
		}
	});

	it('end with a page that brings nothing new', async () => {
		assert.deepEqual(
			await listed([page(0, 50)]).then(({ numbers, pages }) => [numbers.length, pages.length]),
			[50, 2],
		);
		assert.deepEqual((await listed([page(0, 50), page(0, 0)])).pages, ['0', '1']);
	});

	it('end after a hundred pages, whatever Exotel sends', async () => {
		const { numbers, pages } = await listed(Array.from({ length: 120 }, (_, n) => page(n * 50, 50)));
		assert.deepEqual([numbers.length, pages.length], [5000, 100]);
	});

	it('are read only as far as the limit', async () => {
		const steps = [page(0, 50), page(50, 50), page(100, 50)];
		for (const [limit, requests] of [
			[0, 0],
			[1, 1],
			[50, 1],
			[51, 2],
			[100, 2],
		] as const) {
			const { numbers, pages } = await listed(steps, limit);
			assert.deepEqual([numbers.length, pages.length], [limit, requests]);
		}
	});

	it('are each listed once, in order, however the pages overlap', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 5, max: 50 }), async (count, step) => {
				const steps: Step[] = [];
				for (let first = 0; first === 0 || first < count; first += step) {
					steps.push(page(first, Math.max(0, Math.min(50, count - first))));
				}
				const { numbers } = await listed([...steps, page(0, 0)]);
				assert.deepEqual(numbers, [...new Set(numbers)].sort());
				assert.equal(numbers.length, count);
			}),
			runs,
		);
	});

	it('report the error of any page', async () => {
		await assert.rejects(listed([page(0, 50), answer('', 401)]), { kind: 'auth' });
	});
});

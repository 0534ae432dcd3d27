/**
 * The same form values and the same requests of Exotel on both hosts: the same decision, the same outcome, the same
 * sentence. Real nodes run; only what is a host's own is left out, each time with the reason (in happened.ts and in the
 * two files that derive the cases).
 *
 *   CASE=text node tools/test/run.mjs same-on-both-hosts   only the cases with that text in their name
 */
import assert from 'node:assert/strict';
import { addressCases } from './cases/addresses';
import { appletCases } from './cases/applets';
import { callbackCases } from './cases/callbacks';
import { placingCases } from './cases/placing';
import { readingCases } from './cases/reading';
import { waitingCases } from './cases/waiting';
import type { SharedCase } from './description';
import { comparable } from './happened';
import { inN8n } from './in-n8n';
import { inNodeRed } from './in-node-red';

const wanted = process.env['CASE'] ?? '';
const groups: Readonly<Record<string, readonly SharedCase[]>> = {
	'Placing a call': placingCases,
	'Following a call': waitingCases,
	Reading: readingCases,
	Callbacks: callbackCases,
	'An address of the host’s own': addressCases,
	'Answers to applets': appletCases,
};

for (const [group, cases] of Object.entries(groups)) {
	describe(`${group}, the same on both hosts`, () => {
		for (const shared of cases.filter(({ name }) => name.includes(wanted))) {
			it(shared.name, async () => {
				const n8n = comparable(shared, await inN8n(shared));
				const nodeRed = comparable(shared, await inNodeRed(shared));
				assert.deepEqual(nodeRed, n8n);
				// A rule that both hosts lost would leave them the same.
				if ('publicUrl' in shared)
					assert.deepEqual(n8n, { requests: [], refused: shared.publicUrl?.isPrivate });
			});
		}
	});
}

describe('The cases', () => {
	it('have names of their own, and are sixty at least', () => {
		const names = Object.values(groups).flatMap((cases) => cases.map(({ name }) => name));
		assert.equal(new Set(names).size, names.length);
		assert.ok(names.length >= 60);
	});
});

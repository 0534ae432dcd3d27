/** "Split by Outcome": which item leaves the Exotel node at which output, with every way of ending a call. */
import assert from 'node:assert/strict';
import { Exotel } from '../../nodes/Exotel/Exotel.node.js';
import { atOutputs } from '../../nodes/Exotel/operations/outcomeOutputs';
import { startSimulator } from '../../simulator/index';
import { callHost } from './hosted';

type Simulator = Awaited<ReturnType<typeof startSimulator>>;

const [UNKNOWN, ANSWERED, NOT_ANSWERED] = [0, 1, 2];
const split = { splitByOutcome: true };

describe('splitting by outcome', () => {
	let simulator: Simulator;
	before(async () => {
		simulator = await startSimulator({ port: 0, speed: 0, callsPerMinute: 0 });
	});
	after(() => simulator.close());

	it('is off until it is chosen, and not offered to AI agents', () => {
		const field = new Exotel().description.properties.find(({ name }) => name === 'splitByOutcome')!;
		assert.equal(field.default, false);
		assert.deepEqual(field.displayOptions?.hide, { '@tool': [true] });
		assert.deepEqual(field.displayOptions?.show?.['operation'], [
			'connectNumbers',
			'connectFlow',
			'connectAgent',
			'get',
			'getMany',
		]);
	});

	it('has an output for each kind of outcome, the first for what is not known', () => {
		for (const [outcome, output] of [
			['unknown', UNKNOWN],
			[null, UNKNOWN],
			[undefined, UNKNOWN],
			['constructor', UNKNOWN],
			['answered', ANSWERED],
			['no-answer', NOT_ANSWERED],
			['busy', NOT_ANSWERED],
			['failed', NOT_ANSWERED],
			['canceled', NOT_ANSWERED],
			['not-attempted', NOT_ANSWERED],
			['skipped', NOT_ANSWERED],
		] as const) {
			const item = { json: outcome === undefined ? {} : { outcome } };
			assert.deepEqual(
				atOutputs([item], true).map(({ length }) => length),
				[0, 1, 2].map((index) => (index === output ? 1 : 0)),
				String(outcome),
			);
			assert.deepEqual(atOutputs([item], false), [[item]]);
		}
	});

	it('gives a wait without an end to the first output, where n8n passes on what was parked', async () => {
		const { outputs } = callHost(simulator.url, { ...split, waitForOutcome: true, waitMinutes: 30 });
		const [unknown, answered, notAnswered] = await outputs();
		assert.deepEqual([unknown!.map(({ json }) => json['outcome']), answered, notAnswered], [['unknown'], [], []]);
	});

	it('gives out the end that Exotel tells when the node is woken by time', async () => {
		const { outputs } = callHost(simulator.url, {
			...split,
			to: '+918012345602',
			waitForOutcome: true,
			waitMinutes: 30,
		});
		await outputs();
		await simulator.advance(60);
		const [unknown, answered, notAnswered] = await outputs();
		assert.deepEqual([unknown, answered, notAnswered!.map(({ json }) => json['outcome'])], [[], [], ['busy']]);
	});

	it('keeps what was not attempted out of "Answered" and "Unknown", and what may ring out of the others', async () => {
		const refused = await callHost(simulator.url, { ...split, to: 'nobody' }, { onError: 'continueRegularOutput' });
		assert.deepEqual(
			(await refused.outputs()).map((items) => items.map(({ json }) => json['outcome'])),
			[[], [], ['not-attempted']],
		);
		const lost = callHost(simulator.url, split, { onError: 'continueErrorOutput', lost: true });
		const [unknown, ...others] = await lost.outputs();
		assert.deepEqual([unknown![0]!.json['outcome'], others], ['unknown', [[], []]]);
		assert.ok(unknown![0]!.error, 'n8n moves it to the error output');
	});

	it('is not done for an AI agent', async () => {
		const tool = callHost(simulator.url, split, { isTool: true });
		assert.equal((await tool.outputs()).length, 1);
	});
});

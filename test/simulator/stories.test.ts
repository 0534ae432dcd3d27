/**
 * The stories of seeded scenarios are byte for byte as recorded in stories/: answers, deliveries, timelines. To record
 * them anew after a change of behaviour: `UPDATE_STORIES=1 npx mocha --require tsx/cjs test/simulator/stories.test.ts`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SCENARIOS } from './scenarios';
import { Story } from './story';

const FOLDER = path.join(__dirname, 'stories');
const RECORDS = process.env.UPDATE_STORIES === '1';

describe('simulator: stories', () => {
	for (const { name, options, scenario } of SCENARIOS) {
		it(`repeats ${name} byte for byte`, async () => {
			const file = path.join(FOLDER, `${name}.txt`);
			const story = await Story.record(options ?? {}, scenario);
			if (RECORDS) writeFileSync(file, story);
			assert.equal(story, readFileSync(file, 'utf8'));
		});
	}

	it('has a scenario for every recorded story', () => {
		const names = SCENARIOS.map(({ name }) => `${name}.txt`);
		const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));
		const orphans = files.filter((file) => !names.includes(file));
		if (RECORDS) for (const file of orphans) rmSync(path.join(FOLDER, file));
		else assert.deepEqual(orphans, []);
		assert.equal(new Set(names).size, SCENARIOS.length);
	});
});

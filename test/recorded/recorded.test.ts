/**
 * Every operation and event on both hosts, as recorded with version 0.1.0: the requests that leave and what comes out.
 *
 *   node tools/test/run.mjs recorded            compares
 *   RECORD=1 node tools/test/run.mjs recorded   writes the recordings anew
 *   CASE=text (before either)                   only the cases with that text in their name
 *
 * A recording that differs from 0.1.0 needs an entry in differences.json: the name of the case, and the sentence of
 * CHANGELOG.md (section 0.2.0) that tells the user. A case may get other settings or names of settings; only its
 * recording counts.
 * baseline.json holds the sums of 0.1.0 and is never written by these tests.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { editorDefaults, readCases, type Case, type Data } from './case';
import { lineDiff, sectionOf, sumOf, unexplained } from './differences';
import { fieldsInN8n, runInN8n } from './n8n';
import { runInNodeRed } from './node-red';

const folder = path.join(__dirname, 'recordings');
const records = process.env['RECORD'] === '1';
const wanted = process.env['CASE'] ?? '';
const cases = readCases();

const fileOf = (name: string): string => path.join(folder, `${name.replace(/[^\w.]+/g, '-')}.json`);
const textOf = (file: string): string | null => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null);
const jsonOf = (name: string): Record<string, string> =>
	JSON.parse(fs.readFileSync(path.join(__dirname, name), 'utf8')) as Record<string, string>;

/** Replays a case. What was recorded tells when everything has come; when recording anew, quiet does. */
async function replay(test: Case, recorded: string | null): Promise<string> {
	const run = test.host === 'n8n' ? runInN8n : runInNodeRed;
	let rounds = 0;
	return await run(test, async (text) => {
		rounds += 1;
		return await Promise.resolve(recorded === null || records ? rounds > 2 : text === recorded);
	});
}

for (const host of ['node-red', 'n8n'] as const) {
	describe(`What was recorded in ${host === 'n8n' ? 'n8n' : 'Node-RED'}`, () => {
		for (const test of cases.filter((one) => one.host === host && one.name.includes(wanted))) {
			it(`${test.name} sends and gives out the same as when it was recorded`, async () => {
				const file = fileOf(test.name);
				const recorded = textOf(file);
				const present = await replay(test, recorded);
				if (records) fs.writeFileSync(file, present);
				else if (recorded === null)
					assert.fail(`There is no recording of "${test.name}". Make one with RECORD=1.`);
				else if (recorded !== present)
					assert.fail(`"${test.name}" is not as recorded:\n${lineDiff(recorded, present)}`);
			});
		}
	});
}

/** Fields that say nothing about what is sent or given out, and the one that needs a context store of its own. */
const WITHOUT_EFFECT = new Set(['name', 'configVersion', 'store']);

describe('What is recorded', () => {
	const set = new Set(
		cases.flatMap(({ node, settings = {}, account = {}, next }) => [
			...namesIn(settings).map((name) => `${node} ${name}`),
			...namesIn(account).map((name) => `exotel-account ${name}`),
			...namesIn(next?.settings ?? {}).map((name) => `${next?.node} ${name}`),
		]),
	);

	/** The cases' own settings, and the account that every case has (`region`, `baseUrl`, `sid`). */
	const isSet = (field: string): boolean => set.has(field) || /^exotel-account (region|baseUrl|sid)$/.test(field);

	it('covers every field that the editor of Node-RED saves', () => {
		const saved = Object.entries(editorDefaults).flatMap(([type, defaults]) =>
			Object.keys(defaults)
				.filter((name) => !WITHOUT_EFFECT.has(name) && !name.endsWith('Type'))
				.map((name) => `${type} ${name}`),
		);
		assert.ok(saved.length > 80);
		assert.deepEqual(
			saved.filter((field) => !isSet(field)),
			[],
		);
	});

	it('covers every field of the forms of n8n', () => {
		const fields = fieldsInN8n();
		assert.ok(fields.length > 80);
		assert.deepEqual(
			fields.filter((field) => !isSet(field)),
			[],
		);
	});
});

/** Names of settings, those of a collection (`options`, `filters`) included. */
function namesIn(settings: Data): string[] {
	return Object.entries(settings).flatMap(([name, value]) => {
		const inside = ['options', 'filters'].includes(name) ? Object.keys(value as object) : [];
		return [name, ...inside];
	});
}

describe('What changed since 0.1.0', () => {
	it('is told in CHANGELOG.md, case by case', () => {
		const texts = cases.map(({ name }) => [name, textOf(fileOf(name))] as const);
		const recordings = Object.fromEntries(texts.flatMap(([name, text]) => (text === null ? [] : [[name, text]])));
		const changelog = sectionOf(fs.readFileSync(path.join(__dirname, '../../CHANGELOG.md'), 'utf8'), '0.2.0');
		const left = unexplained({
			recordings,
			baseline: jsonOf('baseline.json'),
			differences: jsonOf('differences.json'),
			changelog,
		});
		assert.deepEqual(left, []);
	});

	it('is found in one file per case, and no file is left over', () => {
		const expected = cases.map(({ name }) => path.basename(fileOf(name)));
		assert.equal(new Set(expected).size, expected.length, 'two cases have the same name');
		assert.deepEqual(fs.readdirSync(folder).sort(), [...expected].sort());
	});

	const before = {
		recordings: { a: 'one' },
		baseline: { a: sumOf('one') },
		differences: {},
		changelog: 'The a is\ntwo now.',
	};

	it('may be nothing at all', () => {
		assert.deepEqual(unexplained(before), []);
	});

	it('is refused without a reason', () => {
		const changed = { ...before, recordings: { a: 'two' } };
		assert.match(unexplained(changed).join(), /has changed since 0.1.0, and differences.json does not say why/);
		assert.match(unexplained({ ...changed, differences: { a: ' ' } }).join(), /does not say why/);
	});

	it('is refused when CHANGELOG.md does not hold the reason, and accepted when it does', () => {
		const changed = { ...before, recordings: { a: 'two' } };
		assert.match(
			unexplained({ ...changed, differences: { a: 'The a is three now.' } }).join(),
			/does not hold the sentence/,
		);
		assert.deepEqual(unexplained({ ...changed, differences: { a: 'The a is two now.' } }), []);
	});

	it('is refused when a case went away or came without a reason, or a reason was left behind', () => {
		assert.match(unexplained({ ...before, recordings: {} }).join(), /"a" is gone/);
		assert.match(unexplained({ ...before, baseline: {} }).join(), /"a" is new since 0.1.0/);
		assert.match(unexplained({ ...before, differences: { a: 'The a is two now.' } }).join(), /nothing has changed/);
	});

	it('is looked for in the section of its version only', () => {
		const changelog = '# Changelog\n\n## 0.2.0 – soon\n\nNew.\n\n## 0.1.0 – before\n\nOld.\n';
		assert.equal(sectionOf(changelog, '0.2.0'), '## 0.2.0 – soon\n\nNew.\n\n');
		assert.equal(sectionOf(changelog, '0.3.0'), '');
	});

	it('is shown line by line', () => {
		assert.equal(lineDiff('a\nb\nc', 'a\nx\nc'), '  a\n- b\n+ x\n  c');
		assert.equal(lineDiff('1\n2\n3\n4\n5', '1\n2\n3\n4\n6', 1), '  …\n  4\n- 5\n+ 6');
	});
});

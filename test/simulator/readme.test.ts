/**
 * simulator/README.md names every row of the outcome table, every chaos switch, every quirk and every control endpoint.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { amountSwitches, eventSwitches } from '../../simulator/engine/chaos';
import { controlEndpoints } from '../../simulator/api/control/api';
import { DEFAULT_QUIRKS } from '../../simulator/model/quirks';
import { LENIENCIES } from '../../simulator/model/leniencies';
import { OTHERWISE, OUTCOMES } from '../../simulator/model/outcomes';

const ROOT = path.join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(path.join(ROOT, 'simulator', file), 'utf8');
const readme = read('README.md');
const schema = JSON.parse(read('flow.schema.json')) as { $defs: { applet: { oneOf: { $ref: string }[] } } };
const manifest = JSON.parse(read('package.json')) as { files: string[] };

describe('simulator: README', () => {
	it('has the outcome table as it is', () => {
		for (const { digits, meaning } of OUTCOMES)
			assert.ok(readme.includes(`| \`${digits}\` | ${meaning} |`), digits);
		assert.ok(readme.includes(`| other | ${OTHERWISE.meaning} |`));
	});

	it('names every chaos switch and every quirk with its default', () => {
		for (const name of [...Object.keys(eventSwitches), ...Object.keys(amountSwitches)])
			assert.ok(readme.includes(`\`${name}\``), name);
		for (const [name, value] of Object.entries(DEFAULT_QUIRKS))
			assert.match(readme, new RegExp(`\\| \`${name}\` \\| \`?${String(value)}\`? \\|`), name);
	});

	it('names every leniency', () => {
		for (const { name, meaning } of LENIENCIES) assert.ok(readme.includes(`| ${name} | ${meaning} |`), name);
	});

	it('names every kind of applet, and the page and the schema that say the rest', () => {
		for (const { $ref } of schema.$defs.applet.oneOf) {
			const type = $ref.slice('#/$defs/'.length);
			assert.ok(readme.includes(`| \`${type}\` |`), type);
		}
		assert.match(readme, /\(https:\/\/[^)]+\/blob\/main\/docs\/simulator-flows\.md\)/);
		assert.ok(existsSync(path.join(ROOT, 'docs/simulator-flows.md')));
		assert.ok(readme.includes('`flow.schema.json`') && manifest.files.includes('flow.schema.json'));
	});

	it('names every control endpoint', () => {
		for (const endpoint of controlEndpoints) assert.ok(readme.includes(`\`${endpoint}\``), endpoint);
	});
});
